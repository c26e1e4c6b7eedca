// Notifications of an account: how many are unread, and the list.
import { signal } from '@preact/signals';
import { useEffect, useRef, useState } from 'preact/hooks';
import { dateTime, t } from '../app/i18n';
import { http } from '../app/http';
import { connect } from '../app/session';
import { Button, notify } from './controls';
import { useDismiss } from './dismiss';
import { Icon } from './icon';

interface Notification {
  id: number;
  title: string;
  message: string;
  is_read: boolean;
  created_at: string;
}

const list = signal<Notification[]>([]);
const unread = signal(0);

async function load(): Promise<void> {
  const answer = await http.get<{ notifications: Notification[]; unread_count: number }>('/api/notifications').catch(() => null);
  if (!answer) return;
  list.value = answer.notifications;
  unread.value = answer.unread_count;
}

export function Bell() {
  const [open, setOpen] = useState(false);
  const box = useRef<HTMLDivElement>(null);
  useDismiss(box, open, () => setOpen(false));
  useEffect(() => {
    void load();
    const connection = connect();
    const subscribe = () => void connection.request('subscribe', { topic: 'notifications' }).catch(() => {});
    subscribe();
    const stops = [
      connection.on('reset', subscribe),
      connection.on('push', (frame) => {
        if (frame.type !== 'notification') return;
        const fresh = frame.notification as Notification;
        list.value = [fresh, ...list.value];
        unread.value++;
        notify(fresh.title);
      }),
    ];
    return () => stops.forEach((stop) => stop());
  }, []);
  const toggle = () => {
    setOpen(!open);
    if (open || unread.value === 0) return;
    unread.value = 0;
    void http.post('/api/notifications/mark-all-as-read').catch(() => {});
  };
  return (
    <div class="account-menu" ref={box}>
      <button type="button" class="account-button" aria-expanded={open} aria-label={t('bell.open', { n: unread.value })} onClick={toggle}>
        <Icon name="bell" />{unread.value > 0 && <span class="badge" aria-hidden="true">{unread.value}</span>}
      </button>
      {open && (
        <ul class="menu wide">
          {list.value.length === 0 && <li class="muted">{t('bell.none')}</li>}
          {list.value.slice(0, 8).map((one) => <li key={one.id}><strong>{one.title}</strong><span>{one.message}</span><small class="muted">{dateTime(one.created_at)}</small></li>)}
          <li><Button kind="quiet" onClick={() => setOpen(false)}>{t('close')}</Button></li>
        </ul>
      )}
    </div>
  );
}
