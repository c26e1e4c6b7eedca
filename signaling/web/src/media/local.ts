// Our own microphone, camera and screen: started, switched, lost and found again.
import { batch, signal } from '@preact/signals';
import * as settings from '../app/settings';
import type { Device } from '../app/settings';
import { meter } from './levels';

export type Trouble = 'denied' | 'none' | 'taken' | 'insecure' | 'lost' | 'failed';

export function troubleOf(error: unknown): Trouble {
  switch ((error as DOMException)?.name) {
    case 'NotAllowedError':
    case 'SecurityError':
      return 'denied';
    case 'NotFoundError':
    case 'OverconstrainedError':
      return 'none';
    case 'NotReadableError':
    case 'AbortError':
      return 'taken';
    default:
      return 'failed';
  }
}

type Input = 'audio' | 'video';
const kVideo = { width: { ideal: 1280 }, height: { ideal: 720 }, frameRate: { ideal: 30 } };
const kAudio = { echoCancellation: true, noiseSuppression: true, autoGainControl: true };

export class LocalMedia {
  readonly audio = signal<MediaStreamTrack | null>(null);
  readonly video = signal<MediaStreamTrack | null>(null);
  readonly screen = signal<MediaStreamTrack | null>(null);
  readonly screenAudio = signal<MediaStreamTrack | null>(null);
  readonly micOn = signal(!settings.startMuted.value);
  readonly cameraOn = signal(!settings.startDark.value);
  readonly trouble = signal<{ audio?: Trouble; video?: Trouble }>({});
  readonly devices = signal<MediaDeviceInfo[]>([]);
  readonly level = signal(0);
  readonly facing = signal<'user' | 'environment'>('user');

  private turned = false; // the camera was flipped by hand
  private stopMeter = () => {};
  private readonly onDevices = () => void this.devicesChanged();
  private readonly onVisible = () => void this.returned();

  async start(): Promise<void> {
    if (!navigator.mediaDevices?.getUserMedia) {
      this.trouble.value = { audio: 'insecure', video: 'insecure' };
      batch(() => {
        this.micOn.value = false;
        this.cameraOn.value = false;
      });
      return;
    }
    navigator.mediaDevices.addEventListener('devicechange', this.onDevices);
    document.addEventListener('visibilitychange', this.onVisible);
    await this.listDevices(); // named already where the browser remembers its permission
    // Both at once: the browser asks once.
    if (this.micOn.value && this.cameraOn.value && (await this.startBoth())) return;
    await this.acquire('audio', this.micOn.value);
    if (this.cameraOn.value) await this.acquire('video', true);
    await this.listDevices();
  }

  stop(): void {
    navigator.mediaDevices?.removeEventListener('devicechange', this.onDevices);
    document.removeEventListener('visibilitychange', this.onVisible);
    this.stopMeter();
    for (const track of [this.audio, this.video, this.screen, this.screenAudio]) {
      track.value?.stop();
      track.value = null;
    }
  }

  async setMic(on: boolean): Promise<void> {
    if (on && !this.audio.value && !(await this.acquire('audio', true))) return;
    if (this.audio.value) this.audio.value.enabled = on;
    this.micOn.value = on && this.audio.value !== null;
    settings.startMuted.value = !this.micOn.value;
  }

  // Off means off: the light of the camera goes out.
  async setCamera(on: boolean): Promise<void> {
    if (on) {
      await this.acquire('video', true);
    } else {
      this.video.value?.stop();
      this.video.value = null;
      this.cameraOn.value = false;
    }
    settings.startDark.value = !this.cameraOn.value;
  }

  async choose(kind: Input, device: Device): Promise<void> {
    (kind === 'audio' ? settings.microphone : settings.camera).value = device;
    if (kind === 'audio') await this.acquire('audio', this.micOn.value);
    else if (this.cameraOn.value) await this.acquire('video', true);
  }

  async flipCamera(): Promise<void> {
    this.facing.value = this.facing.value === 'user' ? 'environment' : 'user';
    settings.camera.value = null;
    this.turned = true;
    if (this.cameraOn.value) await this.acquire('video', true);
  }

  async shareScreen(): Promise<boolean> {
    const options = { video: { frameRate: 15 }, audio: true, systemAudio: 'include', surfaceSwitching: 'include', selfBrowserSurface: 'exclude' };
    const stream = await navigator.mediaDevices.getDisplayMedia(options as DisplayMediaStreamOptions).catch(() => null);
    const track = stream?.getVideoTracks()[0];
    if (!stream || !track) return false; // the person changed their mind
    track.contentHint = 'detail';
    track.onended = () => this.stopScreen();
    batch(() => {
      this.screen.value = track;
      this.screenAudio.value = stream.getAudioTracks()[0] ?? null;
    });
    return true;
  }

  stopScreen(): void {
    this.screen.value?.stop();
    this.screenAudio.value?.stop();
    batch(() => {
      this.screen.value = null;
      this.screenAudio.value = null;
    });
  }

  inputs(kind: MediaDeviceKind): MediaDeviceInfo[] {
    return this.devices.value.filter((device) => device.kind === kind && device.deviceId !== '');
  }

  private async startBoth(): Promise<boolean> {
    try {
      const stream = await navigator.mediaDevices.getUserMedia({ audio: this.constraints('audio'), video: this.constraints('video') });
      this.use('audio', stream.getAudioTracks()[0]!, true);
      this.use('video', stream.getVideoTracks()[0]!, true);
      await this.listDevices();
      return true;
    } catch (error) {
      return troubleOf(error) === 'denied' ? this.denied() : false; // one of them may still work alone
    }
  }

  private denied(): boolean {
    batch(() => {
      this.trouble.value = { audio: 'denied', video: 'denied' };
      this.micOn.value = false;
      this.cameraOn.value = false;
    });
    return true;
  }

  private async acquire(kind: Input, on: boolean): Promise<boolean> {
    try {
      // Phones open one camera at a time.
      if (kind === 'video') this.video.value?.stop();
      const stream = await this.open(kind);
      this.use(kind, stream.getTracks()[0]!, on);
      void this.listDevices();
      return true;
    } catch (error) {
      this.trouble.value = { ...this.trouble.value, [kind]: troubleOf(error) };
      (kind === 'audio' ? this.micOn : this.cameraOn).value = false;
      if (kind === 'video') this.video.value = null;
      return false;
    }
  }

  private use(kind: Input, track: MediaStreamTrack, on: boolean): void {
    const { [kind]: _gone, ...rest } = this.trouble.value;
    const old = this[kind].value;
    const { facingMode } = track.getSettings();
    track.enabled = kind === 'video' || on;
    track.onended = () => void this.ended(kind, track);
    batch(() => {
      this.trouble.value = rest;
      // Also of a camera that was chosen by its name: only what faces us is shown mirrored.
      if (facingMode === 'user' || facingMode === 'environment') this.facing.value = facingMode;
      this[kind].value = track;
      (kind === 'audio' ? this.micOn : this.cameraOn).value = on;
    });
    old?.stop();
    if (kind !== 'audio') return;
    this.stopMeter();
    this.stopMeter = meter(track, (level) => (this.level.value = level));
  }

  // The chosen device, or any where that is gone.
  private async open(kind: Input): Promise<MediaStream> {
    try {
      return await navigator.mediaDevices.getUserMedia({ [kind]: this.constraints(kind) });
    } catch (error) {
      if ((error as DOMException)?.name !== 'OverconstrainedError') throw error;
      return navigator.mediaDevices.getUserMedia({ [kind]: this.common(kind) });
    }
  }

  private constraints(kind: Input): MediaTrackConstraints {
    const wanted = kind === 'audio' ? settings.microphone.value : settings.camera.value;
    // Exact: Chromium takes its first device in spite of an ideal one.
    if (wanted) return { ...this.common(kind), deviceId: { exact: this.idOf(kind, wanted) } };
    if (kind === 'video' && this.turned) return { ...kVideo, facingMode: { exact: this.facing.value } };
    return this.common(kind);
  }

  private common(kind: Input): MediaTrackConstraints {
    if (kind === 'audio') return kAudio;
    return settings.camera.value ? kVideo : { ...kVideo, facingMode: this.facing.value };
  }

  private idOf(kind: Input, wanted: Device): string {
    const devices = this.inputs(`${kind}input`);
    return (devices.find((device) => device.deviceId === wanted.id) ?? devices.find((device) => device.label === wanted.label))?.deviceId ?? wanted.id;
  }

  // Unplugged, or taken by the system: try for another one before saying so.
  private async ended(kind: Input, track: MediaStreamTrack): Promise<void> {
    if (this[kind].value !== track) return;
    await this.listDevices();
    const on = kind === 'audio' ? this.micOn.value : true;
    if (!(await this.acquire(kind, on))) {
      this.trouble.value = { ...this.trouble.value, [kind]: 'lost' };
      this[kind].value = null;
    }
  }

  private async devicesChanged(): Promise<void> {
    await this.listDevices();
    const trouble = this.trouble.value;
    const isGone = (kind: Input) => trouble[kind] === 'none' || trouble[kind] === 'lost';
    if (isGone('audio')) await this.acquire('audio', false);
    // A camera goes on only by hand, but there is one again.
    if (isGone('video') && this.inputs('videoinput').length > 0) this.trouble.value = { ...this.trouble.value, video: undefined };
  }

  // Phones take camera and microphone away from a page in the background.
  private async returned(): Promise<void> {
    if (document.visibilityState !== 'visible') return;
    if (this.audio.value?.readyState === 'ended') await this.acquire('audio', this.micOn.value);
    if (this.cameraOn.value && this.video.value?.readyState === 'ended') await this.acquire('video', true);
  }

  private async listDevices(): Promise<void> {
    this.devices.value = (await navigator.mediaDevices.enumerateDevices().catch(() => [])) ?? [];
  }
}
