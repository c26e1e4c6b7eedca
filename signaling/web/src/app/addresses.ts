// E-mail addresses as people write them into one field.
import { t } from './i18n';

export function addresses(text: string): string[] {
  return text.split(/[\s,;]+/).filter((word) => word !== '');
}

// Said of the first that is none: whoever it was meant for would wait for a mail.
export function addressProblem(text: string): string | null {
  const wrong = addresses(text).find((word) => !/.@./.test(word));
  return wrong === undefined ? null : t('schedule.notAddress', { word: wrong });
}
