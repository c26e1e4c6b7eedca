// Says in the head of a page that lives on the connection when there is none.
import { t } from '../app/i18n';
import { connectionState } from '../app/session';

export function Connecting({ hidden }: { hidden?: boolean }) {
  const cut = connectionState.value.name !== 'connected';
  return <div role="status">{cut && !hidden && <span class="chip"><span class="spinner" />{t('lobby.connecting')}</span>}</div>;
}
