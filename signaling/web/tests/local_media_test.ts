// Our own camera and microphone, when they cannot be had, and when they go.
import { beforeEach, describe, expect, it, vi } from 'vitest';
import type { LocalMedia as Class } from '../src/media/local';

class Track extends EventTarget {
  enabled = true;
  readyState = 'live';
  onended: (() => void) | null = null;
  constructor(readonly kind: string, readonly device: Device) { super(); }
  stop() { this.readyState = 'ended'; }
  clone() { return new Track(this.kind, this.device); }
  getSettings() { return { deviceId: this.device.deviceId, facingMode: this.device.facingMode }; }
  unplug() {
    this.readyState = 'ended';
    this.onended?.();
  }
}

interface Device { kind: string; deviceId: string; label: string; facingMode?: string }
const kMicrophone = { kind: 'audioinput', deviceId: 'mic', label: 'Microphone' };
const kHeadset = { kind: 'audioinput', deviceId: 'headset', label: 'Headset' };
const kCamera = { kind: 'videoinput', deviceId: 'cam', label: 'Camera' };

let devices: Device[];
let refusal: string | null; // the name of the error that the browser answers with
let LocalMedia: typeof Class;

// As Chromium does: an ideal device counts for nothing, an exact one has to be there.
function open(kind: string, { deviceId, facingMode }: { deviceId?: { exact?: string }; facingMode?: { exact?: string } }): Track {
  if (refusal) throw Object.assign(new Error(refusal), { name: refusal });
  const ofKind = devices.filter((device) => device.kind === `${kind}input`);
  const fits = (device: Device) => (!deviceId?.exact || device.deviceId === deviceId.exact) && (!facingMode?.exact || device.facingMode === facingMode.exact);
  const found = ofKind.find(fits);
  if (!found) throw Object.assign(new Error('none'), { name: ofKind.length > 0 ? 'OverconstrainedError' : 'NotFoundError' });
  return new Track(kind, found);
}

beforeEach(async () => {
  devices = [kMicrophone, kHeadset, kCamera];
  refusal = null;
  vi.resetModules();
  const page = Object.assign(new EventTarget(), { documentElement: { dataset: {} }, visibilityState: 'visible' });
  const silence = { connect: () => {}, disconnect: () => {}, getFloatTimeDomainData: () => {}, fftSize: 0 };
  vi.stubGlobal('document', page);
  vi.stubGlobal('localStorage', { getItem: () => null, setItem: () => {} });
  vi.stubGlobal('MediaStream', class { constructor(readonly tracks: Track[]) {} });
  vi.stubGlobal('AudioContext', class { state = 'running'; createMediaStreamSource = () => silence; createAnalyser = () => silence; });
  const mediaDevices = Object.assign(new EventTarget(), {
    enumerateDevices: async () => devices,
    getUserMedia: async ({ audio, video }: { audio?: object; video?: object }) => {
      const tracks = [audio && open('audio', audio), video && open('video', video)].filter((track) => track !== undefined) as Track[];
      const of = (kind: string) => tracks.filter((track) => track.kind === kind);
      return { getTracks: () => tracks, getAudioTracks: () => of('audio'), getVideoTracks: () => of('video') };
    },
  });
  vi.stubGlobal('navigator', { mediaDevices });
  ({ LocalMedia } = await import('../src/media/local'));
});

describe('camera and microphone', () => {
  it('are both started, and off means off', async () => {
    const media = new LocalMedia();
    await media.start();
    const camera = media.video.value!;
    expect([media.micOn.value, media.cameraOn.value, media.trouble.value]).toEqual([true, true, {}]);
    await media.setCamera(false);
    expect(camera.readyState).toBe('ended');
    expect(media.video.value).toBe(null);
    await media.setMic(false);
    expect(media.audio.value!.enabled).toBe(false);
    media.stop();
  });

  it.each([['NotAllowedError', 'denied'], ['NotFoundError', 'none'], ['NotReadableError', 'taken'], ['TypeError', 'failed']])('that answer %s are said to be %s, and are off', async (name, trouble) => {
    refusal = name;
    const media = new LocalMedia();
    await media.start();
    expect(media.trouble.value).toEqual({ audio: trouble, video: trouble });
    expect([media.micOn.value, media.cameraOn.value]).toEqual([false, false]);
    refusal = null;
    await media.setMic(true);
    expect(media.trouble.value).toEqual({ video: trouble });
    media.stop();
  });

  it('work one without the other', async () => {
    devices = [kMicrophone];
    const media = new LocalMedia();
    await media.start();
    expect([media.micOn.value, media.cameraOn.value]).toEqual([true, false]);
    expect(media.trouble.value).toEqual({ video: 'none' });
    devices = [kMicrophone, kCamera];
    navigator.mediaDevices.dispatchEvent(new Event('devicechange'));
    await vi.waitFor(() => expect(media.trouble.value).toEqual({}));
    expect(media.cameraOn.value).toBe(false); // a camera that is plugged in films nobody by itself
    media.stop();
  });

  it('are replaced by another one when they are unplugged, and missed when there is none', async () => {
    const media = new LocalMedia();
    await media.start();
    devices = [kHeadset, kCamera];
    (media.audio.value as unknown as Track).unplug();
    await vi.waitFor(() => expect(media.audio.value?.getSettings().deviceId).toBe('headset'));
    expect(media.trouble.value).toEqual({});

    devices = [kCamera];
    (media.audio.value as unknown as Track).unplug();
    await vi.waitFor(() => expect(media.trouble.value).toEqual({ audio: 'lost' }));
    expect([media.audio.value, media.micOn.value]).toEqual([null, false]);

    devices = [kMicrophone, kCamera];
    navigator.mediaDevices.dispatchEvent(new Event('devicechange'));
    await vi.waitFor(() => expect(media.trouble.value).toEqual({}));
    expect([media.audio.value?.getSettings().deviceId, media.micOn.value]).toEqual(['mic', false]);
    media.stop();
  });

  it('are what was chosen, also by its name when its id has changed', async () => {
    const media = new LocalMedia();
    await media.start();
    await media.choose('audio', { id: 'headset', label: 'Headset' });
    expect(media.audio.value?.getSettings().deviceId).toBe('headset');
    devices = [kMicrophone, { ...kHeadset, deviceId: 'headset-2' }, kCamera];
    navigator.mediaDevices.dispatchEvent(new Event('devicechange'));
    await vi.waitFor(() => expect(media.inputs('audioinput')[1]?.deviceId).toBe('headset-2'));
    await media.choose('audio', { id: 'headset', label: 'Headset' });
    expect(media.audio.value?.getSettings().deviceId).toBe('headset-2');
    media.stop();
  });

  it('tell which way they face, also when they were chosen by their name', async () => {
    devices = [kMicrophone, { ...kCamera, facingMode: 'user' }, { ...kCamera, deviceId: 'back', label: 'Back camera', facingMode: 'environment' }];
    const media = new LocalMedia();
    await media.start();
    expect(media.facing.value).toBe('user');
    await media.choose('video', { id: 'back', label: 'Back camera' });
    expect(media.facing.value).toBe('environment');
    await media.flipCamera();
    expect([media.facing.value, media.video.value?.getSettings().deviceId]).toEqual(['user', 'cam']);
    await media.flipCamera();
    expect([media.facing.value, media.video.value?.getSettings().deviceId]).toEqual(['environment', 'back']);
    media.stop();
  });

  it('are any where the chosen one is gone, and the other stays as it was chosen', async () => {
    devices = [kMicrophone, kCamera, { ...kCamera, deviceId: 'cam-2', label: 'Second camera' }];
    const media = new LocalMedia();
    await media.choose('audio', { id: 'headset', label: 'Headset' });
    await media.choose('video', { id: 'cam-2', label: 'Second camera' });
    media.stop();
    await media.start();
    expect([media.audio.value?.getSettings().deviceId, media.video.value?.getSettings().deviceId]).toEqual(['mic', 'cam-2']);
    expect(media.trouble.value).toEqual({});
    media.stop();
  });
});
