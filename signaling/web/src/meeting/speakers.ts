// Who speaks: the loudest of the others who keeps it up for a moment; and whether we do, for large rooms.
import type { Mesh } from '../client';
import { t } from '../app/i18n';
import type { LocalMedia } from '../media/local';
import { dismiss, notify } from '../ui/controls';

const kEveryMs = 300;
const kAudible = 0.015;
const kOwnVoice = 0.45;
const kHoldMs = 2_000; // a pause between sentences changes nothing
const kOwnHoldMs = 8_000;

export class Speakers {
  private readonly smooth = new Map<string, number>();
  private speaker: string | null = null;
  private heardAt = 0;
  private spokeAt = 0;
  private mutedWords = 0;
  private hint = 0;
  private readonly timer: ReturnType<typeof setInterval>;

  constructor(
    private readonly mesh: Mesh,
    private readonly media: LocalMedia,
    private readonly changed: (speaker: string | null) => void,
  ) {
    this.timer = setInterval(() => this.look(Date.now()), kEveryMs);
  }

  stop(): void {
    clearInterval(this.timer);
  }

  private look(now: number): void {
    let loudest: string | null = null;
    let most = kAudible;
    for (const [peerId, level] of this.mesh.levels()) {
      const value = 0.6 * (this.smooth.get(peerId) ?? 0) + 0.4 * level;
      this.smooth.set(peerId, value);
      if (value > most) {
        most = value;
        loudest = peerId;
      }
    }
    if (loudest) this.heardAt = now;
    if (loudest !== this.speaker && (loudest || now - this.heardAt > kHoldMs)) {
      this.speaker = loudest;
      this.changed(loudest);
    }
    this.own(now);
  }

  private own(now: number): void {
    const loud = this.media.level.peek() > kOwnVoice;
    if (loud && this.media.micOn.peek()) this.spokeAt = now;
    this.mesh.setSpeaking(now - this.spokeAt < kOwnHoldMs);
    this.mutedWords = loud && !this.media.micOn.peek() && this.media.audio.peek() ? this.mutedWords + 1 : 0;
    if (this.mutedWords === 6) {
      dismiss(this.hint);
      this.hint = notify(t('call.mutedHint'), 'status', { label: t('call.unmute'), run: () => void this.media.setMic(true) });
    }
  }
}
