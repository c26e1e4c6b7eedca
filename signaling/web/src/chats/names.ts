// What a conversation is called, and what stands for its last line.
import { t } from '../app/i18n';
import { account } from '../app/session';
import type { ChatMessage } from '../client';
import type { Entry } from './entries';

export function others({ members }: Entry) {
  return members.filter(({ id }) => id !== account.value?.id);
}

export function titleOf(entry: Entry): string {
  if (entry.kind === 'group') return entry.title ?? t('chats.group');
  return others(entry)[0]?.name ?? t('chats.gone');
}

export function summaryOf(line: ChatMessage | null, isOf: 'direct' | 'group'): string {
  if (!line) return '';
  if (line.deletedAt) return t('chat.deleted');
  const isOwn = line.userId === String(account.value?.id);
  if (isOwn) return `${t('you')}: ${line.message}`;
  return isOf === 'group' ? `${line.username}: ${line.message}` : line.message;
}
