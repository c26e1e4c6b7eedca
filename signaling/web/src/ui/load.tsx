// Something fetched: shown when it is there, with the reason and another try when it is not.
import type { ComponentChildren } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { errorText, t } from '../app/i18n';
import { Button, Problem } from './controls';

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

export function Loaded<T>({ of, children }: { of: { value: T | null; problem: string | null; again: () => void }; children: (value: T) => ComponentChildren }) {
  if (of.problem) return <Problem text={of.problem}><Button onClick={of.again}>{t('again')}</Button></Problem>;
  if (of.value === null) return <p class="muted" role="status"><span class="spinner" /> {t('loading')}</p>;
  return <>{children(of.value)}</>;
}
