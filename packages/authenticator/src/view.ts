import { parseColour, textOn } from './colour.js';
import { directionOf } from './language.js';
import { t } from './messages/index.js';
import type { PageRealm } from './page.js';
import type { Problem } from './problems.js';

type Child = Node | string;

/** An element with its properties and children; never markup from text. */
export function element<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  properties: Partial<HTMLElementTagNameMap[K]> & { readonly role?: string } = {},
  ...children: Child[]
): HTMLElementTagNameMap[K] {
  const made = document.createElement(tag);
  const { role, ...rest } = properties;
  Object.assign(made, rest);
  // As an attribute: not every browser reflects the property.
  if (role) made.setAttribute('role', role);
  made.append(...children);
  return made;
}

/** What the page is written in, for screen readers, hyphens and the side that lines begin at. */
export function turn(root: Pick<HTMLElement, 'lang' | 'dir'>, language: string): void {
  root.lang = language;
  root.dir = directionOf(language);
}

/** Colours of the realm, as custom properties: a style attribute would need a hole in the policy. */
export function wear(realm: PageRealm): void {
  const colour = parseColour(realm.primaryColor);
  if (!colour) return;
  const { style } = document.documentElement;
  style.setProperty('--accent', realm.primaryColor);
  style.setProperty('--on-accent', textOn(colour));
}

export interface Frame {
  /** Another heading: what the page is for has changed. */
  rename(heading: string): void;
  /** Puts the focus where the page begins. */
  begin(): void;
  /** Shown under the heading. */
  show(...children: Child[]): void;
  /** Read out by screen readers, without moving the focus. */
  say(message: string): void;
  /** The last word of a page: shown in place of what was there, and read out. */
  finish(message: string, ...more: Child[]): void;
  /** A refusal with what helps to have it looked into. */
  fail(problem: Problem): void;
}

/** The card that every page is: the realm's name, one heading, a place for messages. */
export function frame(realm: PageRealm | null, heading: string): Frame {
  const name = realm?.displayName ?? 'Keyrealm';
  document.title = `${heading} · ${name}`;
  const title = element('h1', { tabIndex: -1 }, heading);
  const body = element('div', { className: 'body' });
  const status = element('p', { className: 'status', role: 'status' });
  const alert = element('div', { className: 'alert', role: 'alert' });
  const card = element(
    'section',
    { className: 'card' },
    element('p', { className: 'realm' }, name),
    title,
    body,
    status,
    alert,
  );
  const support = realm?.supportEmail ?? null;
  const page = document.getElementById('page');
  page?.replaceChildren(card, footer(support));

  return {
    rename: (to) => {
      title.textContent = to;
      document.title = `${to} · ${name}`;
    },
    begin: () => title.focus(),
    show: (...children) => body.replaceChildren(...children),
    say: (message) => {
      status.textContent = message;
      if (message !== '') alert.replaceChildren();
    },
    finish: (message, ...more) => {
      const last = element('p', { className: 'done', tabIndex: -1 }, message);
      body.replaceChildren(last, ...more);
      // What had the focus is gone; a screen reader goes on from here.
      last.focus();
    },
    fail: (problem) => {
      status.textContent = '';
      alert.replaceChildren(element('p', {}, problem.message), ...reference(problem));
    },
  };
}

function reference({ correlationId }: Problem): Child[] {
  if (correlationId === undefined) return [];
  return [
    element('p', { className: 'reference' }, `${t('frame.reference')} `, element('code', {}, correlationId)),
  ];
}

function footer(support: string | null): HTMLElement {
  const made = element('footer', {});
  if (support !== null && /^[^\s@?&]+@[^\s@?&]+$/.test(support))
    made.append(`${t('frame.help')} `, element('a', { href: `mailto:${support}` }, support));
  return made;
}

/** The one thing to do on a page; while it runs it can't be pressed again, and keeps the focus. */
export function action(label: string, run: () => Promise<void>): HTMLButtonElement {
  const button = element('button', { type: 'button', className: 'primary' }, label);
  let running = false;
  const mark = (yes: boolean): void => {
    running = yes;
    button.setAttribute('aria-disabled', String(yes));
  };
  button.addEventListener('click', () => {
    if (running) return;
    mark(true);
    // Every action shows its own failure; what is left must not lock the button.
    run()
      .catch(() => undefined)
      .finally(() => mark(false));
  });
  return button;
}
