// Text with its web addresses as links.
import type { ComponentChildren } from 'preact';

const kAddress = /https?:\/\/[^\s<>"']+[^\s<>"'.,;:!?)\]]/g;

export function linked(text: string): ComponentChildren[] {
  const parts: ComponentChildren[] = [];
  let end = 0;
  for (const match of text.matchAll(kAddress)) {
    parts.push(text.slice(end, match.index), <a key={match.index} href={match[0]} target="_blank" rel="noopener noreferrer">{match[0]}</a>);
    end = match.index + match[0].length;
  }
  parts.push(text.slice(end));
  return parts;
}
