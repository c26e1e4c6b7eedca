// After the meeting: what happened, and what can be done now.
import { isKey, t } from '../app/i18n';
import { navigate } from '../app/router';
import { Button } from '../ui/controls';

const kAgain = new Set(['left', 'kicked', 'replaced', 'session_lost', 'unavailable', 'internal', 'timeout', 'closed']);

export function Over({ reason, message, again }: { reason: string; message?: string; again: () => void }) {
  const known = (prefix: string) => {
    const key = `${prefix}.${reason}`;
    return isKey(key) ? t(key) : null;
  };
  return (
    <main class="over">
      <div class="card">
        <div role="status">
          <h1>{known('over') ?? known('error') ?? t('over.closed')}</h1>
          <p class="muted">{message ?? known('overHint') ?? ''}</p>
        </div>
        <div class="row">
          {(kAgain.has(reason) || !known('over')) && <Button kind="primary" onClick={again}>{t('over.again')}</Button>}
          <Button onClick={() => navigate('/')}>{t('over.home')}</Button>
        </div>
      </div>
    </main>
  );
}
