// Something fetched: shown when it is there, with the reason and another try when it is not.
import type { ComponentChildren } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { errorText, t } from '../app/i18n';
import { Button, notify, Problem } from './controls';

export function useLoad<T>(fetch: () => Promise<T>, depends: unknown[] = []) {
  const [value, setValue] = useState<T | null>(null);
  const [problem, setProblem] = useState<string | null>(null);
  const [round, setRound] = useState(0);
  useEffect(() => {
    let here = true;
    setProblem(null);
    fetch().then((found) => here && setValue(found), (error) => here && setProblem(errorText(error)));
    return () => void (here = false);
  }, [...depends, round]);
  return { value, problem, setValue, again: () => setRound((n) => n + 1) };
}

export interface Part<T> {
  items: T[];
  isLast: boolean;
  total?: number;
}

// A list that comes in pages: `more` puts the next one behind those that are shown. What else a page brings is the newest's.
export function usePages<T extends { id: number }, Rest extends object = object>(fetch: (page: number) => Promise<Part<T> & Rest>, depends: unknown[] = []) {
  const found = useLoad(async () => ({ list: {}, page: 1, ...(await fetch(1)) }), depends);
  const more = async () => {
    const { list, page } = found.value!; // which list: meanwhile it may be another one
    const next = await fetch(page + 1);
    found.setValue((now) => {
      if (now?.list !== list || now.page !== page) return now;
      const known = new Set(now.items.map((item) => item.id)); // one that is new moves the others on
      return { ...next, list, page: page + 1, items: [...now.items, ...next.items.filter((item) => !known.has(item.id))] };
    });
  };
  return { ...found, more };
}

export function More({ of }: { of: { value: { isLast: boolean } | null; more: () => Promise<void> } }) {
  const [busy, setBusy] = useState(false);
  if (!of.value || of.value.isLast) return null;
  const load = async () => {
    setBusy(true);
    await of.more().catch((error) => notify(errorText(error), 'alert'));
    setBusy(false);
  };
  return <div class="row center"><Button busy={busy} onClick={() => void load()}>{t('more')}</Button></div>;
}

export function Loaded<T>({ of, children }: { of: { value: T | null; problem: string | null; again: () => void }; children: (value: T) => ComponentChildren }) {
  if (of.problem) return <Problem text={of.problem}><Button onClick={of.again}>{t('again')}</Button></Problem>;
  if (of.value === null) return <p class="muted" role="status"><span class="spinner" /> {t('loading')}</p>;
  return <>{children(of.value)}</>;
}
