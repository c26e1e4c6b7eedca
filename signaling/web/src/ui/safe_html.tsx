// HTML of others, by an allow-list: the server cleans it as well, and neither trusts the other.
import { useEffect, useRef } from 'preact/hooks';

// Of this page's code only this may hand a text to the parser (Trusted Types; the name is in the content security policy).
interface Policy {
  createHTML(html: string): string;
}
const kPolicy: Policy = { createHTML: (html) => html };
const { trustedTypes } = window as unknown as { trustedTypes?: { createPolicy(name: string, policy: Policy): Policy } };
const posts = trustedTypes?.createPolicy('posts', kPolicy) ?? kPolicy;

const kTags = new Set('P BR H1 H2 H3 H4 H5 H6 B I STRONG EM U S CODE PRE BLOCKQUOTE UL OL LI A IMG'.split(' '));
const kSilent = new Set('SCRIPT STYLE IFRAME OBJECT EMBED TEMPLATE NOSCRIPT SVG MATH'.split(' '));

function safeUrl(value: string | null, schemes: string[]): string | null {
  if (!value) return null;
  try {
    const url = new URL(value, location.origin);
    return schemes.includes(url.protocol) ? url.href : null;
  } catch {
    return null;
  }
}

// Copies what is allowed into `to`; of the rest the text stays.
function copyInto(from: Node, to: Node): void {
  for (const child of from.childNodes) {
    if (child.nodeType === Node.TEXT_NODE) to.appendChild(document.createTextNode(child.textContent ?? ''));
    if (!(child instanceof Element) || kSilent.has(child.tagName.toUpperCase())) continue;
    if (!kTags.has(child.tagName)) {
      copyInto(child, to);
      continue;
    }
    const element = document.createElement(child.tagName);
    const href = child.tagName === 'A' ? safeUrl(child.getAttribute('href'), ['http:', 'https:', 'mailto:']) : null;
    const src = child.tagName === 'IMG' ? safeUrl(child.getAttribute('src'), ['http:', 'https:']) : null;
    if (href) element.setAttribute('href', href);
    if (href) element.setAttribute('rel', 'noopener noreferrer nofollow');
    if (src) element.setAttribute('src', src);
    if (child.tagName === 'IMG') element.setAttribute('alt', child.getAttribute('alt') ?? '');
    copyInto(child, element);
    to.appendChild(element);
  }
}

// In a document of its own, where nothing loads and nothing runs.
function parsed(html: string): HTMLElement {
  return new DOMParser().parseFromString(posts.createHTML(html), 'text/html').body;
}

export function SafeHtml({ html }: { html: string }) {
  const ref = useRef<HTMLDivElement>(null);
  useEffect(() => {
    ref.current!.replaceChildren();
    copyInto(parsed(html), ref.current!);
  }, [html]);
  return <div class="prose" ref={ref} />;
}

// Its words alone, on one line.
export function textOf(html: string): string {
  const body = parsed(html);
  for (const end of body.querySelectorAll('p, br, h1, h2, h3, h4, h5, h6, li, pre, blockquote')) end.after(' ');
  return (body.textContent ?? '').replace(/\s+/g, ' ').trim();
}
