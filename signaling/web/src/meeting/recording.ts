// Recording a meeting: uploaded in parts while it runs; what cannot be uploaded becomes a file on this device at the end.
import { signal } from '@preact/signals';
import { t } from '../app/i18n';
import { account } from '../app/session';
import { http } from '../app/http';
import { PartUpload } from '../media/part_upload';
import { Recorder, recordingType } from '../media/recorder';
import { notify } from '../ui/controls';
import { told } from '../ui/told';
import type { Meeting } from './store';

interface Upload {
  base: string;
  parts: PartUpload;
}

export class Recording {
  readonly running = signal(false);
  private recorder: Recorder | null = null;
  private upload: Upload | null = null;
  private type = '';
  private recorded: Blob[] = []; // all of it: a file needs its beginning

  constructor(private readonly meeting: Meeting) {}

  async toggle(): Promise<void> {
    if (this.running.value) return this.stop();
    const type = recordingType();
    if (!type) return void notify(t('recording.unsupported'), 'alert');
    if (!(await told(this.meeting.room!.recording('start')))) return;
    this.type = type;
    this.recorded = [];
    this.upload = await this.begin();
    this.recorder = new Recorder({ tracks: () => this.sources() }, type, (part) => this.take(part));
    this.running.value = true;
  }

  async stop(): Promise<void> {
    const recorder = this.recorder;
    if (!recorder) return;
    this.recorder = null;
    this.running.value = false;
    await recorder.stop();
    void this.meeting.room?.recording('stop').catch(() => {});
    await this.finish();
  }

  private async begin(): Promise<Upload | null> {
    const { meetingId, room } = this.meeting.state.value!;
    if (!account.value || room.kind === 'call') return null;
    const mime = this.type.split(';')[0]!;
    try {
      const answer = await http.post<{ recording: { id: number }; part_size: number }>(`/api/meeting/${meetingId}/recordings`, { mime });
      const base = `/api/meeting/${meetingId}/recordings/${answer.recording.id}`;
      const parts = new PartUpload({
        partBytes: answer.part_size,
        send: (part, bytes) => http.upload(`${base}/parts/${part}`, new Blob([bytes], { type: mime })),
        wait: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
        now: () => performance.now(),
      });
      return { base, parts };
    } catch {
      return null;
    }
  }

  private take(part: Blob): void {
    this.recorded.push(part);
    this.upload?.parts.add(part);
  }

  // On the server, or where that is not possible as a file on this device.
  private async finish(): Promise<void> {
    if (await this.complete()) return void notify(t('recording.uploaded'));
    if (this.upload) notify(t('recording.failed'), 'alert');
    this.download(new Blob(this.recorded, { type: this.type }));
    notify(t('recording.downloaded'));
  }

  private async complete(): Promise<boolean> {
    if (!this.upload || !(await this.upload.parts.flush())) return false;
    return http.post(`${this.upload.base}/complete`, { parts: this.upload.parts.parts }).then(() => true, () => false);
  }

  private download(file: Blob): void {
    const link = document.createElement('a');
    link.href = URL.createObjectURL(file);
    link.download = `${this.meeting.state.value?.room.title || 'meeting'}-${new Date().toISOString().slice(0, 16)}.${this.type.includes('mp4') ? 'mp4' : 'webm'}`;
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
  }

  private sources() {
    const { media, tracks } = this.meeting;
    const remote = [...tracks.value.values()];
    const audio = [media.audio.value, media.screenAudio.value, ...remote.flatMap((one) => [one.audio, one.screenAudio])];
    return {
      audio: audio.filter((track): track is MediaStreamTrack => track != null && track.readyState === 'live'),
      pictures: [...document.querySelectorAll<HTMLVideoElement>('.tile .picture:not(.dark)')],
    };
  }
}
