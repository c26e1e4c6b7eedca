// Direct calls: ring, accept, decline, busy, hang up.
import { signal } from '@preact/signals';
import { errorText, t, type Key } from '../app/i18n';
import { onConnection } from '../app/session';
import * as settings from '../app/settings';
import type { Connection, Frame, Joined } from '../client';
import { chime } from '../media/levels';
import { notify } from '../ui/controls';
import type { Meeting } from '../meeting/store';

export type Ringing = { way: 'in' | 'out'; callId: string; name: string };

const kRingMs = 2_500;

class CallStore {
  readonly ringing = signal<Ringing | null>(null);
  readonly meeting = signal<Meeting | null>(null);
  private connection: Connection | null = null;
  private made: typeof Meeting | null = null; // its code, loaded when somebody rings
  private bell: ReturnType<typeof setInterval> | null = null;

  listen(connection: Connection): void {
    this.connection = connection;
    connection.on('push', (frame) => {
      if (frame.type === 'call') this.received(frame);
      else if (frame.type === 'joined' && (frame as Joined).room.kind === 'call') this.begin(frame as Joined);
    });
    connection.on('reset', () => this.ring(null));
  }

  async invite(to: string, name: string): Promise<void> {
    try {
      await this.load();
      const reply = await this.connection!.request('call', { action: 'invite', to, media: { audio: true, video: true } });
      this.ring({ way: 'out', callId: String(reply.callId), name });
    } catch (error) {
      notify((error as { code?: string }).code === 'unavailable' ? t('calls.offline', { name }) : errorText(error), 'alert');
    }
  }

  async answer(action: 'accept' | 'decline' | 'cancel'): Promise<void> {
    const ringing = this.ringing.value;
    if (!ringing) return;
    this.ring(null);
    if (action === 'accept') await this.load();
    this.connection!.request('call', { action, callId: ringing.callId }).catch((error) => notify(errorText(error), 'alert'));
  }

  close(): void {
    this.meeting.value?.dispose();
    this.meeting.value = null;
  }

  private received(frame: Frame): void {
    const from = (frame.from as { name?: string; username?: string } | undefined) ?? {};
    const callId = String(frame.callId);
    const name = from.name ?? from.username ?? t('someone');
    if (frame.action === 'invite') void this.load();
    if (frame.action === 'invite') return this.ring({ way: 'in', callId, name });
    const known = this.ringing.value?.callId === callId ? this.ringing.value : null;
    if (known && frame.action !== 'accept') {
      const key = frame.action === 'decline' ? (frame.reason === 'busy' ? 'calls.busy' : 'calls.declined')
        : frame.reason === 'timeout' ? 'calls.timeout' : frame.reason === 'answered_elsewhere' ? 'calls.elsewhere' : 'calls.cancelled';
      notify(t(key as Key, { name: known.name }));
    }
    if (known) this.ring(null);
    if (frame.action === 'end' && this.meeting.value) {
      notify(t(frame.reason === 'lost' ? 'calls.lost' : 'calls.ended'));
      this.close();
    }
  }

  // The code of a call is there before it begins: what follows `joined` must find the room.
  private async load(): Promise<void> {
    this.made ??= (await import('../meeting/store')).Meeting;
  }

  private begin(joined: Joined): void {
    this.ring(null);
    if (!this.made) return;
    const meeting = new this.made(joined.meetingId);
    this.meeting.value = meeting;
    meeting.adopt(joined);
    void meeting.prepare();
  }

  private ring(next: Ringing | null): void {
    this.ringing.value = next;
    if (this.bell) clearInterval(this.bell);
    this.bell = null;
    if (!next || !settings.sounds.value) return;
    const sound = () => void chime(settings.speaker.value?.id, next.way === 'in' ? [784, 659, 784, 659] : [440]);
    sound();
    this.bell = setInterval(sound, kRingMs);
  }
}

export const calls = new CallStore();
onConnection((connection) => calls.listen(connection));
