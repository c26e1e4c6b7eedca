// Invitations to answer.
import { dateTime, errorText, t } from '../app/i18n';
import { http } from '../app/http';
import type { Invitation } from '../app/meetings';
import { Button, notify } from './controls';

export function InvitationList({ invitations, changed }: { invitations: Invitation[]; changed: () => void }) {
  const answer = async (invitation: Invitation, action: 'accept' | 'decline') => {
    try {
      await http.post(`/api/meeting/invite/${invitation.id}/respond/`, { action });
      notify(t(action === 'accept' ? 'invitations.accepted' : 'invitations.declined'));
      changed();
    } catch (error) {
      notify(errorText(error), 'alert');
    }
  };
  return (
    <ul class="stack">
      {invitations.map((one) => (
        <li key={one.id} class="card meeting-entry">
          <div>
            <h2 class="ellipsis">{one.meeting.title}</h2>
            <p class="muted">
              {one.meeting.scheduled_time ? dateTime(one.meeting.scheduled_time) : t('meetings.instant')}
              {one.invited_by && ` · ${t('invitations.by', { name: typeof one.invited_by === 'string' ? one.invited_by : one.invited_by.name })}`}
            </p>
          </div>
          <div class="row">
            <Button kind="primary" onClick={() => void answer(one, 'accept')}>{t('calls.accept')}</Button>
            <Button onClick={() => void answer(one, 'decline')}>{t('calls.decline')}</Button>
          </div>
        </li>
      ))}
    </ul>
  );
}
