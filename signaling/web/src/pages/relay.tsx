// Administrators: the relay, live: whether it is well or drains, its traffic, its sessions.
import { useEffect, useState } from 'preact/hooks';
import { dateTime, t, time, type Key } from '../app/i18n';
import { http } from '../app/http';
import { Loaded, useLoad } from '../ui/load';
import { NeedsAccount } from '../ui/needs_account';
import { AreaGraph } from '../ui/area_graph';
import { bytes, uptime, userOf, verdict, type NodeState } from './relay_text';
import '../styles/pages.css';

interface Stats {
  totalAllocations: number;
  bytesTransferred: number;
  errors: number;
}

interface Node {
  state: NodeState;
  uris: string[];
  version?: string;
  uptimeMs?: number;
  sessions?: number;
  relayedBytes?: number;
}

interface Nodes {
  nodes: Node[];
  traffic: { intervalMs: number; samples: { bytesPerSecond: number; sessions: number }[] };
}

interface Traffic {
  bytes: number;
  bytesPerSecond: number;
}

interface Session {
  sessionId: string;
  username: string;
  origin: string;
  transport: string;
  relayed: string[];
  created: string;
  expires: string;
  toPeer: Traffic;
  toClient: Traffic;
}

interface Look {
  stats: Stats;
  relay: Nodes;
  sessions: Session[];
}

const kEveryMs = 3_000;

async function look(): Promise<Look> {
  const [stats, relay, found] = await Promise.all([
    http.get<Stats>('/api/turn/stats'),
    http.get<Nodes>('/api/turn/nodes'),
    http.get<{ sessions: Session[] }>('/api/turn/sessions'),
  ]);
  return { stats, relay, sessions: found.sessions };
}

const kTone = { ready: 'good', unwatched: '', some: '', draining: '', none: 'bad', unreachable: 'bad' };

function Figure({ label, value }: { label: string; value: string }) {
  return <div class="card figure"><strong>{value}</strong><span class="muted">{label}</span></div>;
}

function NodeEntry({ node }: { node: Node }) {
  const facts = node.uptimeMs === undefined ? [] : [
    `turnd ${node.version}`, t('relay.runningFor', { time: uptime(node.uptimeMs) }), t('relay.sessionCount', { n: node.sessions ?? 0 }), t('relay.relayedBytes', { bytes: bytes(node.relayedBytes ?? 0) }),
  ];
  return (
    <li>
      <span class="stack-text"><span class="wrap-anywhere">{node.uris.join(', ') || t('relay.noUris')}</span>{facts.length > 0 && <small class="muted">{facts.join(' · ')}</small>}</span>
      <span class={`chip node-${node.state}`}>{t(`relay.state.${node.state}` as Key)}</span>
    </li>
  );
}

function Direction({ traffic }: { traffic: Traffic }) {
  return <td class="nowrap">{bytes(traffic.bytes)}<br /><small class="muted">{t('relay.rate', { rate: bytes(traffic.bytesPerSecond) })}</small></td>;
}

function Sessions({ sessions }: { sessions: Session[] }) {
  if (sessions.length === 0) return <p class="card muted">{t('relay.noSessions')}</p>;
  return (
    <div class="table-box" tabIndex={0} role="region" aria-label={t('relay.sessions')}>
      <table>
        <thead>
          <tr><th>{t('admin.user')}</th><th>{t('relay.from')}</th><th>{t('relay.at')}</th><th>{t('relay.toPeer')}</th><th>{t('relay.toClient')}</th><th>{t('relay.since')}</th></tr>
        </thead>
        <tbody>
          {sessions.map((one) => (
            <tr key={one.sessionId}>
              <td title={one.username}>{userOf(one.username)}</td>
              <td class="nowrap">{one.origin} <span class="chip">{one.transport.toUpperCase()}</span></td>
              <td>{one.relayed.map((address) => <div key={address} class="nowrap">{address}</div>)}</td>
              <Direction traffic={one.toPeer} /><Direction traffic={one.toClient} />
              <td class="nowrap" title={t('relay.until', { time: dateTime(one.expires) })}>{time(one.created)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Relay() {
  const found = useLoad(look);
  const [isStale, setStale] = useState(false);
  useEffect(() => {
    const refresh = () => look().then((fresh) => { found.setValue(fresh); setStale(false); }, () => setStale(true));
    const timer = setInterval(() => void refresh(), kEveryMs);
    return () => clearInterval(timer);
  }, []);
  return (
    <main class="page wide">
      <h1>{t('admin.relay')}</h1>
      <div role="alert">{isStale && <p class="problem">{t('relay.stale')}</p>}</div>
      <Loaded of={found}>
        {({ stats, relay, sessions }) => {
          const told = verdict(relay.nodes);
          const { intervalMs, samples } = relay.traffic;
          return (
            <>
              <p role="status" class={`verdict ${kTone[told]}`}>{t(`relay.verdict.${told}` as Key)}</p>
              <div class="figures">
                <Figure label={t('relay.sessions')} value={sessions.length.toLocaleString()} />
                <Figure label={t('relay.allocations')} value={stats.totalAllocations.toLocaleString()} />
                <Figure label={t('relay.relayed')} value={bytes(stats.bytesTransferred)} />
                <Figure label={t('relay.refused')} value={stats.errors.toLocaleString()} />
              </div>
              <AreaGraph title={t('relay.traffic')} values={samples.map((sample) => sample.bytesPerSecond)} intervalMs={intervalMs} show={(value) => t('relay.rate', { rate: bytes(value) })} />
              <AreaGraph title={t('relay.sessions')} values={samples.map((sample) => sample.sessions)} intervalMs={intervalMs} show={(value) => value.toLocaleString()} />
              {relay.nodes.length > 0 && <section class="card"><h2>{t('relay.nodes')}</h2><ul class="list" aria-label={t('relay.nodes')}>{relay.nodes.map((node, index) => <NodeEntry key={index} node={node} />)}</ul></section>}
              <section><h2>{t('relay.sessions')}</h2><Sessions sessions={sessions} /></section>
            </>
          );
        }}
      </Loaded>
    </main>
  );
}

export default function RelayPage() {
  return <NeedsAccount admin><Relay /></NeedsAccount>;
}
