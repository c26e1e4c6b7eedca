// Records the call as it is seen and heard here: all pictures on one canvas, all sounds mixed, handed out in parts.
import { audioContext } from './levels';

export interface Source {
  tracks(): { audio: MediaStreamTrack[]; pictures: HTMLVideoElement[] };
}

const kWidth = 1280;
const kHeight = 720;
const kFps = 20;
const kPartMs = 5_000;

export function recordingType(): string | null {
  if (typeof MediaRecorder === 'undefined') return null;
  return ['video/webm;codecs=vp8,opus', 'video/webm', 'video/mp4'].find((type) => MediaRecorder.isTypeSupported(type)) ?? null;
}

export class Recorder {
  private readonly canvas = document.createElement('canvas');
  private readonly mix = audioContext().createMediaStreamDestination();
  private readonly heard = new Map<MediaStreamTrack, MediaStreamAudioSourceNode>();
  private readonly recorder: MediaRecorder;
  private readonly timer: ReturnType<typeof setInterval>;
  private ended: () => void = () => {};

  constructor(private readonly source: Source, type: string, onPart: (part: Blob) => void) {
    this.canvas.width = kWidth;
    this.canvas.height = kHeight;
    const picture = this.canvas.captureStream(kFps);
    this.recorder = new MediaRecorder(new MediaStream([...picture.getTracks(), ...this.mix.stream.getTracks()]), { mimeType: type, videoBitsPerSecond: 1_800_000 });
    this.recorder.ondataavailable = ({ data }) => {
      if (data.size > 0) onPart(data);
    };
    this.recorder.onstop = () => this.ended();
    this.timer = setInterval(() => this.draw(), 1000 / kFps);
    this.draw();
    this.recorder.start(kPartMs);
  }

  // Resolves when the last part was handed out.
  stop(): Promise<void> {
    return new Promise((resolve) => {
      this.ended = () => {
        clearInterval(this.timer);
        for (const node of this.heard.values()) node.disconnect();
        resolve();
      };
      this.recorder.stop();
    });
  }

  private draw(): void {
    const { audio, pictures } = this.source.tracks();
    this.listen(audio);
    const context = this.canvas.getContext('2d')!;
    context.fillStyle = '#12152a';
    context.fillRect(0, 0, kWidth, kHeight);
    const shown = pictures.filter((video) => video.videoWidth > 0);
    const columns = Math.ceil(Math.sqrt(shown.length));
    const rows = Math.ceil(shown.length / Math.max(1, columns));
    shown.forEach((video, index) => {
      const width = kWidth / columns;
      const height = kHeight / rows;
      const scale = Math.min(width / video.videoWidth, height / video.videoHeight);
      const [w, h] = [video.videoWidth * scale, video.videoHeight * scale];
      const x = (index % columns) * width + (width - w) / 2;
      const y = Math.floor(index / columns) * height + (height - h) / 2;
      context.drawImage(video, x, y, w, h);
    });
  }

  private listen(tracks: MediaStreamTrack[]): void {
    for (const track of tracks) {
      if (this.heard.has(track)) continue;
      const node = audioContext().createMediaStreamSource(new MediaStream([track]));
      node.connect(this.mix);
      this.heard.set(track, node);
    }
    for (const [track, node] of this.heard) {
      if (tracks.includes(track)) continue;
      node.disconnect();
      this.heard.delete(track);
    }
  }
}
