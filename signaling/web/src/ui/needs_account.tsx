// Pages for accounts: a guest is asked to sign in and comes back here.
import type { ComponentChildren } from 'preact';
import { t } from '../app/i18n';
import { Link, path } from '../app/router';
import { account } from '../app/session';

export function NeedsAccount({ admin, children }: { admin?: boolean; children: ComponentChildren }) {
  const me = account.value;
  if (me && (!admin || me.role === 'admin')) return <>{children}</>;
  return (
    <main class="page center-page">
      <div class="card narrow">
        <h1>{t(me ? 'account.adminOnly' : 'account.needed')}</h1>
        <p class="muted">{t(me ? 'account.adminOnlyText' : 'account.neededText')}</p>
        {!me && <Link to={`/auth?next=${encodeURIComponent(path.value)}`} class="button primary">{t('auth.signIn')}</Link>}
      </div>
    </main>
  );
}
