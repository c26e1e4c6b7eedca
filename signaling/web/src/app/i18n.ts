// The words of the page. English is built in and the fallback; every other language is a file of its own in locales/.
import { signal } from '@preact/signals';
import english from '../locales/en.json';

export type Key = keyof typeof english;
type Words = Partial<Record<Key, string>>;

const files = import.meta.glob<{ default: Words }>(['../locales/*.json', '!../locales/en.json']);
const nameOf = (path: string) => path.replace(/^.*\/(.+)\.json$/, '$1');

export const languages = ['en', ...Object.keys(files).map(nameOf)];
export const language = signal('en');
const words = signal<Words>(english);

export async function setLanguage(name: string): Promise<void> {
  const load = files[`../locales/${name}.json`];
  words.value = load ? (await load()).default : english;
  language.value = load ? name : 'en';
  document.documentElement.lang = language.value;
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
  const text = words.value[key] ?? english[key];
  return text.replace(/\{(\w+)\}/g, (whole, name: string) => String(values[name] ?? whole));
}

// key.one and key.other, by the rules of the language.
export function count(key: string, n: number): string {
  const form = new Intl.PluralRules(language.value).select(n) === 'one' ? 'one' : 'other';
  return t(`${key}.${form}` as Key, { n });
}

// The sentence for an error code of the server or of the library.
export function errorText(error: unknown): string {
  const { code, message } = error as { code?: string; message?: string };
  const key = `error.${code}` as Key;
  return key in english ? t(key) : (message ?? t('error.internal'));
}

export function time(iso: string | number | Date): string {
  return new Intl.DateTimeFormat(language.value, { hour: '2-digit', minute: '2-digit' }).format(new Date(iso));
}

export function dateTime(iso: string | number | Date): string {
  return new Intl.DateTimeFormat(language.value, { dateStyle: 'medium', timeStyle: 'short' }).format(new Date(iso));
}
