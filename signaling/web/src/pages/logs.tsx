// Administrators: the event log with its filters, and its statistics.
import { useEffect, useState } from 'preact/hooks';
import { dateTime, t } from '../app/i18n';
import { http } from '../app/http';
import { connect } from '../app/session';
import { Choice, Field, Switch } from '../ui/controls';
import { Loaded, useLoad } from '../ui/load';
import { NeedsAccount } from '../ui/needs_account';
import { Shares } from '../ui/shares';
import '../styles/pages.css';

interface Entry {
  id: number;
  timestamp: string;
  level: 'info' | 'warn' | 'error';
  service: string;
  event: string;
  user: string | null;
  data: unknown;
}

interface Stats {
  total: number;
  byLevel: Record<string, number>;
  byService: Record<string, number>;
}

const kServices = ['chat-service', 'participant-service', 'stun-turn-service', 'auth-service', 'meeting-service', 'log-service'];
const all = (values: string[]) => [{ value: '', label: t('admin.all') }, ...values.map((value) => ({ value, label: value }))];

function Rows({ logs }: { logs: Entry[] }) {
  return (
    <div class="table-box" tabIndex={0} role="region" aria-label={t('admin.logs')}>
      <table>
        <thead><tr><th>{t('admin.time')}</th><th>{t('admin.level')}</th><th>{t('admin.service')}</th><th>{t('admin.event')}</th><th>{t('admin.user')}</th><th>{t('admin.data')}</th></tr></thead>
        <tbody>
          {logs.map((entry) => (
            <tr key={entry.id}>
              <td class="nowrap">{dateTime(entry.timestamp)}</td>
              <td><span class={`chip level-${entry.level}`}>{entry.level}</span></td>
              <td>{entry.service}</td><td>{entry.event}</td><td>{entry.user ?? '–'}</td>
              <td><code>{entry.data && Object.keys(entry.data).length > 0 ? JSON.stringify(entry.data) : ''}</code></td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Logs() {
  const [level, setLevel] = useState('');
  const [service, setService] = useState('');
  const [user, setUser] = useState('');
  const [live, setLive] = useState(false);
  const query = new URLSearchParams(Object.entries({ limit: '100', level, service, user }).filter(([, value]) => value));
  const found = useLoad(() => http.get<{ logs: Entry[]; total: number }>(`/api/logs?${query}`), [level, service, user]);
  const stats = useLoad(() => http.get<Stats>('/api/logs/stats'));
  useEffect(() => {
    if (!live) return;
    const connection = connect();
    const subscribe = () => void connection.request('subscribe', { topic: 'logs' }).catch(() => setLive(false));
    subscribe();
    const stops = [connection.on('reset', subscribe), connection.on('push', (frame) => {
      if (frame.type === 'log') found.setValue((known) => known && { ...known, logs: [frame.entry as Entry, ...known.logs].slice(0, 300) });
    })];
    return () => {
      stops.forEach((stop) => stop());
      connection.request('unsubscribe', { topic: 'logs' }).catch(() => {});
    };
  }, [live]);
  return (
    <main class="page wide">
      <h1>{t('admin.logs')}</h1>
      <Loaded of={stats}>{({ byLevel, byService }) => <div class="two"><Shares title={t('admin.byLevel')} values={byLevel} /><Shares title={t('admin.byService')} values={byService} /></div>}</Loaded>
      <div class="card filters">
        <Choice label={t('admin.level')} value={level} onChange={setLevel} options={all(['info', 'warn', 'error'])} />
        <Choice label={t('admin.service')} value={service} onChange={setService} options={all(kServices)} />
        <Field label={t('admin.user')} value={user} onInput={setUser} />
        <Switch label={t('admin.live')} on={live} onChange={setLive} />
      </div>
      <Loaded of={found}>{({ logs, total }) => <><p class="muted" role="status">{t('admin.found', { n: total })}</p><Rows logs={logs} /></>}</Loaded>
    </main>
  );
}

export default function LogsPage() {
  return <NeedsAccount admin><Logs /></NeedsAccount>;
}
