// Begins a conversation: people are found by name; with a title it is a group.
import { useEffect, useState } from 'preact/hooks';
import { count, errorText, t } from '../app/i18n';
import { navigate } from '../app/router';
import { account } from '../app/session';
import { Avatar, Button, Dialog, Field, Problem, Switch } from '../ui/controls';
import { findPeople, kShortestQuery, makeGroup, openDirect, type Conversation, type Found } from './api';
import { entryFrom } from './entries';
import type { Chats } from './store';

const kPauseMs = 250; // while somebody types

function useFound(query: string) {
  const [found, setFound] = useState<Found[] | null>(null);
  const [problem, setProblem] = useState<string | null>(null);
  useEffect(() => {
    let here = true;
    setProblem(null);
    if (query.length < kShortestQuery) return setFound(null);
    const ask = () => findPeople(query).then(
      (people) => here && setFound(people.filter(({ id }) => id !== account.value?.id)),
      (error) => here && setProblem(errorText(error)),
    );
    const timer = setTimeout(() => void ask(), kPauseMs);
    return () => {
      here = false;
      clearTimeout(timer);
    };
  }, [query]);
  return { found, problem };
}

function Chosen({ people, drop }: { people: Found[]; drop: (one: Found) => void }) {
  if (people.length === 0) return null;
  return (
    <ul class="row wrap" aria-label={t('chats.members')}>
      {people.map((one) => <li key={one.id} class="chip">{one.name}<Button kind="quiet" icon="close" class="chip-close" label={t('chats.drop', { name: one.name })} onClick={() => drop(one)} /></li>)}
    </ul>
  );
}

export function FindDialog({ chats, onClose }: { chats: Chats; onClose: () => void }) {
  const [query, setQuery] = useState('');
  const [isGroup, setIsGroup] = useState(false);
  const [title, setTitle] = useState('');
  const [chosen, setChosen] = useState<Found[]>([]);
  const [problem, setProblem] = useState<string | null>(null);
  const [busy, setBusy] = useState(false); // one is being made
  const { found, problem: searchProblem } = useFound(query.trim());
  const begin = async (make: () => Promise<Conversation>) => {
    if (busy) return;
    setBusy(true);
    setProblem(null);
    try {
      const one = await make();
      chats.add(entryFrom(one, chats.find(String(one.id))));
      onClose();
      navigate(`/chat/${one.id}`);
    } catch (error) {
      setProblem(errorText(error));
      setBusy(false);
    }
  };
  const drop = ({ id }: Found) => setChosen(chosen.filter((one) => one.id !== id));
  const choose = (one: Found) => {
    if (!isGroup) return void begin(() => openDirect(one.id));
    setChosen([...chosen.filter(({ id }) => id !== one.id), one]);
    setQuery('');
  };
  return (
    <Dialog title={t('chats.begin')} onClose={onClose} class="find">
      <Switch label={t('chats.asGroup')} on={isGroup} onChange={setIsGroup} />
      {isGroup && <Field label={t('chats.groupTitle')} value={title} onInput={setTitle} maxLength={200} required />}
      {isGroup && <Chosen people={chosen} drop={drop} />}
      <Field label={t('chats.find')} type="search" value={query} onInput={setQuery} hint={t('chats.findHint')} autoFocus />
      <p class="muted" role="status">{found && (found.length === 0 ? t('chats.nobody') : count('chats.found', found.length))}</p>
      {found && found.length > 0 && (
        <ul class="found" aria-label={t('chats.people')}>
          {found.map((one) => (
            <li key={one.id}>
              <button type="button" class="chat-entry" onClick={() => choose(one)}>
                <Avatar name={one.name} size="small" /><span class="chat-entry-text"><strong class="ellipsis">{one.name}</strong>{one.username && <small class="muted">@{one.username}</small>}</span>
              </button>
            </li>
          ))}
        </ul>
      )}
      <Problem text={problem ?? searchProblem} />
      {isGroup && <Button kind="primary" disabled={!title.trim() || chosen.length === 0} busy={busy} onClick={() => void begin(() => makeGroup(title.trim(), chosen.map(({ id }) => id)))}>{t('chats.makeGroup')}</Button>}
    </Dialog>
  );
}
