// Administrators: the event log with its filters, and its statistics.
import { useEffect, useState } from 'preact/hooks';
import { moment, t } from '../app/i18n';
import { http } from '../app/http';
import { connect } from '../app/session';
import { Choice, Field, Switch } from '../ui/controls';
import { Loaded, More, useLoad, usePages } from '../ui/load';
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

const kMostShown = 1_000; // with what comes live
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
              <td class="nowrap">{moment(entry.timestamp)}</td>
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

interface Filters {
  level: string;
  service: string;
  event: string;
  user: string;
}

async function load(filters: Filters, page: number) {
  const query = new URLSearchParams(Object.entries({ ...filters, page: String(page) }).filter(([, value]) => value));
  const { logs, total, pagination } = await http.get<{ logs: Entry[]; total: number; pagination: { hasNext: boolean } }>(`/api/logs?${query}`);
  return { items: logs, total, isLast: !pagination.hasNext };
}

function isWanted(entry: Entry, filters: Filters): boolean {
  return (['level', 'service', 'event', 'user'] as const).every((key) => !filters[key] || entry[key] === filters[key]);
}

function Logs() {
  const [level, setLevel] = useState('');
  const [service, setService] = useState('');
  const [event, setEvent] = useState('');
  const [user, setUser] = useState('');
  const [live, setLive] = useState(false);
  const filters = { level, service, event, user };
  const found = usePages((page) => load(filters, page), [level, service, event, user]);
  const stats = useLoad(() => http.get<Stats>('/api/logs/stats'));
  useEffect(() => {
    if (!live) return;
    const connection = connect();
    const subscribe = () => void connection.request('subscribe', { topic: 'logs' }).catch(() => setLive(false));
    subscribe();
    const stops = [connection.on('reset', subscribe), connection.on('push', (frame) => {
      const entry = frame.entry as Entry;
      if (frame.type !== 'log' || !isWanted(entry, filters)) return;
      found.setValue((known) => known && { ...known, total: (known.total ?? 0) + 1, items: [entry, ...known.items].slice(0, kMostShown) });
    })];
    return () => {
      stops.forEach((stop) => stop());
      connection.request('unsubscribe', { topic: 'logs' }).catch(() => {});
    };
  }, [live, level, service, event, user]);
  return (
    <main class="page wide">
      <h1>{t('admin.logs')}</h1>
      <Loaded of={stats}>{({ byLevel, byService }) => <div class="two"><Shares title={t('admin.byLevel')} values={byLevel} /><Shares title={t('admin.byService')} values={byService} /></div>}</Loaded>
      <div class="card filters">
        <Choice label={t('admin.level')} value={level} onChange={setLevel} options={all(['info', 'warn', 'error'])} />
        <Choice label={t('admin.service')} value={service} onChange={setService} options={all(kServices)} />
        <Field label={t('admin.event')} value={event} onInput={setEvent} />
        <Field label={t('admin.user')} value={user} onInput={setUser} />
        <Switch label={t('admin.live')} on={live} onChange={setLive} />
      </div>
      <Loaded of={found}>{({ items, total }) => <><p class="muted" role="status">{t('admin.found', { n: total ?? items.length })}</p><Rows logs={items} /><More of={found} /></>}</Loaded>
    </main>
  );
}

export default function LogsPage() {
  return <NeedsAccount admin><Logs /></NeedsAccount>;
}
