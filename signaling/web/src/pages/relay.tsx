// Administrators: the relay, live: whether it is well, its sessions, its traffic.
import { useEffect, useState } from 'preact/hooks';
import { t } from '../app/i18n';
import { http } from '../app/http';
import { Loaded, useLoad } from '../ui/load';
import { NeedsAccount } from '../ui/needs_account';
import '../styles/pages.css';

interface Stats {
  activeSessions: number;
  totalAllocations: number;
  bytesTransferred: number;
  uptime: string;
  errors?: number;
  draining?: boolean;
}

interface Health {
  status: string;
  services: Record<string, boolean>;
}

interface Session {
  sessionId: string;
  username: string;
  origin: string;
  duration: number;
}

interface Look {
  stats: Stats;
  health: Health;
  sessions: Session[];
}

const kEveryMs = 3_000;
const kPoints = 60;

async function look(): Promise<Look> {
  const [stats, health, sessions] = await Promise.all([
    http.get<Stats>('/api/turn/stats'),
    // Unhealthy is an answer too.
    http.get<Health>('/api/turn/health').catch(() => ({ status: 'unhealthy', services: {} })),
    http.get<{ sessions: Session[] }>('/api/turn/sessions'),
  ]);
  return { stats, health, sessions: sessions.sessions };
}

export function bytes(n: number): string {
  const units = ['B', 'kB', 'MB', 'GB', 'TB'];
  let unit = 0;
  while (n >= 1000 && unit < units.length - 1) {
    n /= 1000;
    unit++;
  }
  return `${n.toFixed(unit === 0 || n >= 100 ? 0 : 1)} ${units[unit]}`;
}

function Traffic({ rates }: { rates: number[] }) {
  const most = Math.max(1, ...rates);
  const step = 600 / (kPoints - 1);
  const points = rates.map((rate, index) => `${((kPoints - rates.length + index) * step).toFixed(1)},${(118 - (rate / most) * 110).toFixed(1)}`);
  const first = (kPoints - rates.length) * step;
  const now = bytes(rates[rates.length - 1] ?? 0);
  return (
    <section class="card">
      <div class="row between"><h2>{t('relay.traffic')}</h2><span class="muted">{now}/s</span></div>
      <svg class="area" viewBox="0 0 600 120" preserveAspectRatio="none" role="img" aria-label={t('relay.graph', { now, most: bytes(most) })}>
        {points.length > 1 && <><polygon points={`${first.toFixed(1)},120 ${points.join(' ')} 600,120`} /><polyline points={points.join(' ')} /></>}
      </svg>
    </section>
  );
}

function Figure({ label, value }: { label: string; value: string }) {
  return <div class="card figure"><strong>{value}</strong><span class="muted">{label}</span></div>;
}

function Relay() {
  const found = useLoad(look);
  const [rates, setRates] = useState<number[]>([]);
  useEffect(() => {
    let before: { at: number; bytes: number } | null = null;
    const timer = setInterval(() => {
      look().then((fresh) => {
        found.setValue(fresh);
        const at = Date.now();
        const total = fresh.stats.bytesTransferred;
        if (before) {
          const rate = Math.max(0, ((total - before.bytes) * 1000) / (at - before.at));
          setRates((known) => [...known, rate].slice(-kPoints));
        }
        before = { at, bytes: total };
      }, () => {});
    }, kEveryMs);
    return () => clearInterval(timer);
  }, []);
  return (
    <main class="page wide">
      <h1>{t('admin.relay')}</h1>
      <Loaded of={found}>
        {({ stats, health, sessions }) => (
          <>
            <p role="status" class={`verdict ${health.status === 'healthy' ? 'good' : 'bad'}`}>{t(stats.draining ? 'relay.draining' : health.status === 'healthy' ? 'relay.healthy' : 'relay.unhealthy')}</p>
            <div class="figures">
              <Figure label={t('relay.sessions')} value={String(stats.activeSessions)} />
              <Figure label={t('relay.allocations')} value={stats.totalAllocations.toLocaleString()} />
              <Figure label={t('relay.relayed')} value={bytes(stats.bytesTransferred)} />
              <Figure label={t('relay.uptime')} value={stats.uptime} />
            </div>
            <Traffic rates={rates} />
            <div class="table-box" tabIndex={0} role="region" aria-label={t('relay.sessions')}>
              <table>
                <thead><tr><th>{t('relay.session')}</th><th>{t('admin.user')}</th><th>{t('relay.from')}</th><th>{t('relay.duration')}</th></tr></thead>
                <tbody>
                  {sessions.map((one) => <tr key={one.sessionId}><td><code>{one.sessionId}</code></td><td>{one.username}</td><td>{one.origin}</td><td>{t('relay.seconds', { n: Math.round(one.duration) })}</td></tr>)}
                  {sessions.length === 0 && <tr><td colSpan={4} class="muted">{t('relay.none')}</td></tr>}
                </tbody>
              </table>
            </div>
          </>
        )}
      </Loaded>
    </main>
  );
}

export default function RelayPage() {
  return <NeedsAccount admin><Relay /></NeedsAccount>;
}
