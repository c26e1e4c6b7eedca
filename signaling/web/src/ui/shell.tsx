// What surrounds every page but the call: brand, places to go, who is signed in.
import type { ComponentChildren } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import { t } from '../app/i18n';
import { Link, navigate, path } from '../app/router';
import { account, connect, signOut } from '../app/session';
import { Bell } from './bell';
import { Avatar, Button } from './controls';
import { useDismiss } from './dismiss';
import { Icon, type IconName } from './icon';

function Place({ to, icon, label }: { to: string; icon: IconName; label: string }) {
  const here = to === '/' ? path.value === '/' : path.value.startsWith(to);
  return (
    <li>
      <a href={to} aria-current={here ? 'page' : undefined} onClick={(event) => { if (!event.metaKey && !event.ctrlKey) { event.preventDefault(); navigate(to); } }}>
        <Icon name={icon} size={20} /><span>{label}</span>
      </a>
    </li>
  );
}

function AccountMenu() {
  const [open, setOpen] = useState(false);
  const me = account.value!;
  const box = useRef<HTMLDivElement>(null);
  useEffect(() => setOpen(false), [path.value]);
  useDismiss(box, open, () => setOpen(false));
  return (
    <div class="account-menu" ref={box}>
      <button type="button" class="account-button" aria-expanded={open} aria-label={t('shell.account', { name: me.name })} onClick={() => setOpen(!open)}><Avatar name={me.name} size="small" /></button>
      {open && (
        <ul class="menu">
          <li class="muted ellipsis">{me.email}</li>
          <li><Link to="/settings">{t('settings.title')}</Link></li>
          {me.role === 'admin' && (
            <>
              <li><Link to="/users">{t('admin.users')}</Link></li>
              <li><Link to="/logs">{t('admin.logs')}</Link></li>
              <li><Link to="/turn-admin">{t('admin.relay')}</Link></li>
            </>
          )}
          <li><Button kind="quiet" onClick={() => void signOut().then(() => navigate('/'))}>{t('shell.signOut')}</Button></li>
        </ul>
      )}
    </div>
  );
}

export function Shell({ children }: { children: ComponentChildren }) {
  const me = account.value;
  useEffect(() => {
    if (me) connect(); // calls and notices reach an account on every page
  }, [me]);
  return (
    <div class="shell">
      <a class="skip" href="#content">{t('shell.skip')}</a>
      <header class="top">
        <Link to="/" class="brand"><img src="/icon.svg" alt="" width="30" height="30" /><span>signald</span></Link>
        <nav aria-label={t('shell.places')}>
          <ul>
            <Place to="/" icon="camera" label={t('shell.start')} />
            <Place to="/meetings" icon="calendar" label={t('shell.meetings')} />
            <Place to="/chat" icon="chat" label={t('shell.chat')} />
            <Place to="/blogs" icon="file" label={t('shell.posts')} />
          </ul>
        </nav>
        <div class="top-end">
          {me ? <><Bell /><AccountMenu /></> : null}
        </div>
      </header>
      <div id="content">{children}</div>
    </div>
  );
}
