// Which page is shown: the path as a signal, links that do not load the page anew, pages loaded when first seen.
import { signal } from '@preact/signals';
import type { ComponentChildren, ComponentType } from 'preact';
import { useEffect, useState } from 'preact/hooks';

export const path = signal(location.pathname);
export const query = signal(new URLSearchParams(location.search));

function update(): void {
  path.value = location.pathname;
  query.value = new URLSearchParams(location.search);
}

addEventListener('popstate', update);

export function navigate(to: string, replace = false): void {
  if (replace) history.replaceState(null, '', to);
  else history.pushState(null, '', to);
  update();
  scrollTo(0, 0);
}

export function Link(props: { to: string; class?: string; current?: boolean; label?: string; children: ComponentChildren; onClick?: () => void }) {
  const follow = (event: MouseEvent) => {
    props.onClick?.();
    if (event.metaKey || event.ctrlKey || event.shiftKey || event.button !== 0) return;
    event.preventDefault();
    navigate(props.to);
  };
  return <a href={props.to} class={props.class} aria-label={props.label} title={props.label} aria-current={props.current ? 'page' : undefined} onClick={follow}>{props.children}</a>;
}

export interface Route {
  pattern: RegExp;
  load: () => Promise<{ default: ComponentType<{ params: string[] }> }>;
  stays?: boolean; // it is one page whatever its parameters
}

// A stray % is no reason to show nothing.
function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

let focused = location.pathname; // at the first page the browser itself begins at the top

// The keyboard and screen readers go on in the new page, unless a field of it has asked for them.
function focusPage(): void {
  const main = document.querySelector('main');
  if (!main || document.activeElement !== document.body) return;
  main.tabIndex = -1;
  main.focus({ preventScroll: true });
}

const loaded = new Map<Route, ComponentType<{ params: string[] }>>();

export function Page({ routes, failed }: { routes: Route[]; failed: ComponentChildren }) {
  const here = path.value;
  const route = routes.find((entry) => entry.pattern.test(here));
  const [, shown] = useState(0);
  const [broken, setBroken] = useState(false);
  useEffect(() => {
    setBroken(false);
    if (!route || loaded.has(route)) return;
    route.load().then(
      (module) => {
        loaded.set(route, module.default);
        shown((n) => n + 1);
      },
      () => setBroken(true),
    );
  }, [route]);
  const Shown = route && loaded.get(route);
  useEffect(() => {
    if (Shown && here !== focused) focusPage();
    if (Shown) focused = here;
  }, [here, Shown]);
  if (broken) return <>{failed}</>;
  if (!route || !Shown) return null;
  const params = (route.pattern.exec(here) ?? []).slice(1).map((part) => decoded(part ?? ''));
  return <Shown key={route.pattern.source + (route.stays ? '' : params.join('/'))} params={params} />;
}
