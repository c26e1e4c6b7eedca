// Invitations of an account; or the one of a link that came by mail, for people without one.
import { useState } from 'preact/hooks';
import { errorText, t } from '../app/i18n';
import { http } from '../app/http';
import { Link, query } from '../app/router';
import { account } from '../app/session';
import type { Invitation } from '../app/meetings';
import { Button, Problem } from '../ui/controls';
import { InvitationList } from '../ui/invitation_list';
import { Loaded, useLoad } from '../ui/load';
import { NeedsAccount } from '../ui/needs_account';
import '../styles/pages.css';

function FromMail({ invite, token }: { invite: string; token: string }) {
  const [answered, setAnswered] = useState<{ action: string; url: string } | null>(null);
  const [problem, setProblem] = useState<string | null>(null);
  const answer = (action: 'accept' | 'decline') => {
    http.post<{ join_url: string }>(`/api/meeting/invite/${encodeURIComponent(invite)}/respond/`, { action, token }).then(
      ({ join_url }) => setAnswered({ action, url: join_url }),
      (error) => setProblem(errorText(error)),
    );
  };
  return (
    <main class="page center-page">
      <div class="card narrow">
        <h1>{t('invitations.one')}</h1>
        <p role="status">{answered ? t(answered.action === 'accept' ? 'invitations.accepted' : 'invitations.declined') : t('invitations.question')}</p>
        <Problem text={problem} />
        {answered?.action === 'accept' && <Link to={new URL(answered.url, location.origin).pathname} class="button primary">{t('meetings.open')}</Link>}
        {!answered && <div class="row"><Button kind="primary" onClick={() => answer('accept')}>{t('calls.accept')}</Button><Button onClick={() => answer('decline')}>{t('calls.decline')}</Button></div>}
      </div>
    </main>
  );
}

function Mine() {
  const found = useLoad(() => http.get<{ invitations: Invitation[] }>('/api/meetings/'));
  return (
    <main class="page">
      <h1>{t('invitations.title')}</h1>
      <Loaded of={found}>
        {({ invitations }) => invitations.length === 0 ? <p class="card muted">{t('invitations.none')}</p> : <InvitationList invitations={invitations} changed={found.again} />}
      </Loaded>
    </main>
  );
}

export default function InvitationsPage() {
  const invite = query.value.get('invite');
  const token = query.value.get('token');
  if (invite && token && !account.value) return <FromMail invite={invite} token={token} />;
  return <NeedsAccount><Mine /></NeedsAccount>;
}
