// What people react with.
import { t } from '../app/i18n';

const kReactions = ['👍', '👏', '❤️', '😂', '😮', '🎉'];

export function Emojis({ choose }: { choose: (kind: string) => void }) {
  return <>{kReactions.map((kind) => <button key={kind} type="button" class="emoji" aria-label={t('call.reactWith', { kind })} onClick={() => choose(kind)}>{kind}</button>)}</>;
}
