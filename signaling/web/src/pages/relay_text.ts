// What the relay's figures and states are called.
import { t } from '../app/i18n';

export type NodeState = 'ready' | 'draining' | 'unreachable' | 'unwatched';

export function bytes(n: number): string {
  const units = ['B', 'kB', 'MB', 'GB', 'TB'];
  let unit = 0;
  while (n >= 1000 && unit < units.length - 1) {
    n /= 1000;
    unit++;
  }
  return `${n.toFixed(unit === 0 || n >= 100 ? 0 : 1)} ${units[unit]}`;
}

export function uptime(ms: number): string {
  const minutes = Math.floor(ms / 60_000);
  const [days, hours] = [Math.floor(minutes / 1440), Math.floor(minutes / 60) % 24];
  if (days > 0) return t('relay.days', { d: days, h: hours });
  return minutes >= 60 ? t('relay.hours', { h: hours, m: minutes % 60 }) : t('relay.minutes', { m: minutes });
}

// An ephemeral username is the second of its end and the user; people know the user.
export function userOf(username: string): string {
  return /^\d+:./.test(username) ? username.slice(username.indexOf(':') + 1) : username;
}

// What is to be said about all of them together.
export function verdict(nodes: { state: NodeState }[]): 'none' | NodeState | 'some' {
  const states = new Set(nodes.map((node) => node.state));
  if (states.size === 0) return 'none';
  if (states.size === 1) return [...states][0]!;
  return states.has('ready') || states.has('unwatched') ? 'some' : 'draining';
}
