// The page: looks and words first, then who we are, then whatever the address says.
import { render } from 'preact';
import { signal } from '@preact/signals';
import { t, preferredLanguage, setLanguage } from './app/i18n';
import { Page, path, type Route } from './app/router';
import { loadAccount } from './app/session';
import * as settings from './app/settings';
import { Calls, calls } from './calls/view';
import { Notices } from './ui/controls';
import { Shell } from './ui/shell';
import './styles/base.css';

const routes: Route[] = [
  { pattern: /^\/(?:video)?\/?$/, load: () => import('./pages/start') },
  { pattern: /^\/(?:meeting(?:\/join)?|video-call|meetings\/room|meetings\/join)\/([^/]+)\/?$/, load: () => import('./pages/meeting') },
  { pattern: /^\/auth(?:\/([a-z]+))?\/?$/, load: () => import('./pages/auth') },
  { pattern: /^\/chat(?:\/(\w+))?\/?$/, load: () => import('./pages/chat'), stays: true },
  { pattern: /^\/check\/?$/, load: () => import('./pages/check') },
  { pattern: /^\/settings\/?$/, load: () => import('./pages/settings') },
  { pattern: /^\/meetings\/?$/, load: () => import('./pages/meetings') },
  { pattern: /^\/meetings\/create\/?$/, load: () => import('./pages/schedule') },
  { pattern: /^\/meetings\/edit\/([^/]+)\/?$/, load: () => import('./pages/meeting_change') },
  { pattern: /^\/meetings\/(?:invitations|join-requests)\/?$/, load: () => import('./pages/invitations') },
  { pattern: /^\/meetings\/join\/?$/, load: () => import('./pages/start') },
  { pattern: /^\/blogs\/?$/, load: () => import('./pages/posts') },
  { pattern: /^\/blogs\/(\d+)\/?$/, load: () => import('./pages/post') },
  { pattern: /^\/write(?:\/(\d+))?\/?$/, load: () => import('./pages/write') },
  { pattern: /^\/users\/?$/, load: () => import('./pages/users') },
  { pattern: /^\/(?:logs|statistics)\/?$/, load: () => import('./pages/logs') },
  { pattern: /^\/turn(?:-admin)?\/?$/, load: () => import('./pages/relay') },
  { pattern: /./, load: () => import('./pages/missing') },
];

// A call or the way into one needs the whole page.
const kBare = /^\/(?:meeting(?:\/join)?|video-call|meetings\/room|meetings\/join)\/[^/]+\/?$/;

const ready = signal(false);

function App() {
  const bare = kBare.test(path.value);
  if (!ready.value) return null;
  const failed = <main class="page"><p role="alert" class="problem">{t('error.page')}</p></main>;
  const page = calls.meeting.value ? null : <Page routes={routes} failed={failed} />;
  return (
    <>
      {calls.meeting.value || bare ? page : <Shell>{page}</Shell>}
      <Calls />
      <Notices />
    </>
  );
}

async function start(): Promise<void> {
  await Promise.all([setLanguage(settings.chosenLanguage.value || preferredLanguage()), loadAccount()]);
  ready.value = true;
}

// The tab is called what the page is called.
function nameTab(): void {
  const heading = document.querySelector('h1')?.textContent;
  document.title = heading ? `${heading} · signald` : 'signald';
}

const app = document.getElementById('app')!;
new MutationObserver(nameTab).observe(app, { childList: true, characterData: true, subtree: true });
render(<App />, app);
start().catch(() => {
  // Not even words could be loaded.
  app.textContent = 'This page could not be loaded. Please reload it.';
});
