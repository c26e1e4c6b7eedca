// Recording a meeting: uploaded in parts while it runs; what cannot be uploaded is offered as a file at the end.
import { signal } from '@preact/signals';
import { t } from '../app/i18n';
import { account } from '../app/session';
import { http } from '../app/http';
import { Recorder, recordingType } from '../media/recorder';
import { notify } from '../ui/controls';
import type { Meeting } from './store';

interface Upload {
  base: string;
  part: number;
  size: number; // bytes of a full part
}

export class Recording {
  readonly running = signal(false);
  private recorder: Recorder | null = null;
  private upload: Upload | null = null;
  private type = '';
  private kept: Blob[] = []; // not uploaded: all of it when there is no upload
  private queue: Promise<void> = Promise.resolve();

  constructor(private readonly meeting: Meeting) {}

  async toggle(): Promise<void> {
    if (this.running.value) return this.stop();
    const type = recordingType();
    if (!type) return void notify(t('recording.unsupported'), 'alert');
    if (!(await this.meeting.tell(this.meeting.room!.recording('start')))) return;
    this.type = type;
    this.kept = [];
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
    this.queue = this.queue.then(() => this.finish());
    await this.queue;
  }

  private async begin(): Promise<Upload | null> {
    const { meetingId, room } = this.meeting.state.value!;
    if (!account.value || room.kind === 'call') return null;
    const base = `/api/meeting/${meetingId}/recordings`;
    try {
      const answer = await http.post<{ recording: { id: number }; part_size: number }>(base, { mime: this.type.split(';')[0] });
      return { base: `${base}/${answer.recording.id}`, part: 0, size: answer.part_size };
    } catch {
      return null;
    }
  }

  private take(part: Blob): void {
    this.kept.push(part);
    const { upload } = this;
    // The smaller the parts, the less is lost with a closed tab.
    if (upload && this.kept.reduce((sum, blob) => sum + blob.size, 0) > Math.min(upload.size / 2, 1 << 20)) {
      this.queue = this.queue.then(() => this.send());
    }
  }

  private async send(): Promise<void> {
    const { upload } = this;
    if (!upload || this.kept.length === 0) return;
    const taken = this.kept;
    this.kept = [];
    const part = new Blob(taken, { type: this.type.split(';')[0] });
    for (let attempt = 0; attempt < 5; attempt++) {
      try {
        await http.upload(`${upload.base}/parts/${upload.part + 1}`, part);
        upload.part++;
        return;
      } catch {
        await new Promise((resolve) => setTimeout(resolve, 1_000 * 2 ** attempt));
      }
    }
    this.kept = [...taken, ...this.kept];
  }

  private async finish(): Promise<void> {
    await this.send();
    if (this.upload && this.kept.length === 0) {
      try {
        await http.post(`${this.upload.base}/complete`, { parts: this.upload.part });
        return void notify(t('recording.uploaded'));
      } catch {
        return void notify(t('recording.failed'), 'alert');
      }
    }
    this.download(new Blob(this.kept, { type: this.type }));
    notify(t('recording.downloaded'));
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
