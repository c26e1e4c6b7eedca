// The words of the page. Every language is a file of its own in locales/; a browser loads the one that it shows.
import { signal } from '@preact/signals';
import type english from '../locales/en.json';

export type Key = keyof typeof english;
type Words = Partial<Record<Key, string>>;

const files = import.meta.glob<{ default: Words }>('../locales/*.json');
const nameOf = (path: string) => path.replace(/^.*\/(.+)\.json$/, '$1');

export const languages = Object.keys(files).map(nameOf);
export const language = signal('en');
const words = signal<Words>({});

export async function setLanguage(name: string): Promise<void> {
  const known = languages.includes(name) ? name : 'en';
  words.value = (await files[`../locales/${known}.json`]!()).default;
  language.value = known;
  document.documentElement.lang = known;
}

// The first of the browser's languages that we speak.
export function preferredLanguage(): string {
  for (const wanted of navigator.languages ?? []) {
    const found = languages.find((name) => name === wanted.toLowerCase().split('-')[0]);
    if (found) return found;
  }
  return 'en';
}

export function languageName(name: string): string {
  return new Intl.DisplayNames([name], { type: 'language' }).of(name) ?? name;
}

export function t(key: Key, values: Record<string, string | number> = {}): string {
  return (words.value[key] ?? key).replace(/\{(\w+)\}/g, (whole, name: string) => String(values[name] ?? whole));
}

// Whether there are words for something that was put together.
export function isKey(key: string): key is Key {
  return key in words.value;
}

// key.one and key.other, by the rules of the language.
export function count(key: string, n: number): string {
  const form = new Intl.PluralRules(language.value).select(n) === 'one' ? 'one' : 'other';
  return t(`${key}.${form}` as Key, { n });
}

// The sentence for an error code of the server or of the library.
export function errorText(error: unknown): string {
  const { code, message } = error as { code?: string; message?: string };
  const key = `error.${code}`;
  return isKey(key) ? t(key) : (message ?? t('error.internal'));
}

export function time(iso: string | number | Date): string {
  return new Intl.DateTimeFormat(language.value, { hour: '2-digit', minute: '2-digit' }).format(new Date(iso));
}

// Of today the time alone.
export function when(iso: string): string {
  return new Date(iso).toDateString() === new Date().toDateString() ? time(iso) : dateTime(iso);
}

// To the second.
export function moment(iso: string): string {
  return new Intl.DateTimeFormat(language.value, { dateStyle: 'medium', timeStyle: 'medium' }).format(new Date(iso));
}

export function dateTime(iso: string | number | Date): string {
  return new Intl.DateTimeFormat(language.value, { dateStyle: 'medium', timeStyle: 'short' }).format(new Date(iso));
}
