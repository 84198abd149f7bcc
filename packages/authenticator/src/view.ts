import { type Child, element } from './element.js';
import { directionOf } from './language.js';
import { t } from './messages/index.js';
import type { PageRealm } from './page.js';
import type { Problem } from './problems.js';
import { sign } from './theme.js';

export { element } from './element.js';

/** What the page is written in, for screen readers, hyphens and the side that lines begin at. */
export function turn(root: Pick<HTMLElement, 'lang' | 'dir'>, language: string): void {
  root.lang = language;
  root.dir = directionOf(language);
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
  const card = element('section', { className: 'card' }, sign(realm), title, body, status, alert);
  document.getElementById('page')?.replaceChildren(card, footer(realm));

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

/** What support needs to find out what happened. */
function reference({ code, correlationId }: Problem): Child[] {
  if (correlationId === undefined) return [];
  return [
    element(
      'p',
      { className: 'reference' },
      `${t('frame.reference')} `,
      element('code', {}, correlationId),
      ' ',
      element('code', {}, code),
      ' ',
      copyButton(t('frame.copyReference'), correlationId, 'link'),
    ),
  ];
}

/** Copies a text; where the browser lets nothing be copied, it shows the text, ready to be. */
export function copyButton(label: string, text: string, className: 'link' | 'secondary'): HTMLButtonElement {
  const button = action(label, async () => {
    try {
      await navigator.clipboard.writeText(text);
      button.textContent = t('frame.copied');
    } catch {
      const field = element('input', { type: 'text', readOnly: true, value: text, ariaLabel: label });
      button.replaceWith(field);
      field.select();
    }
  });
  button.className = className;
  // What it says changes, and is said.
  button.setAttribute('aria-live', 'polite');
  return button;
}

/** Where the realm helps: by mail, on a page of its own, or both. */
function footer(realm: PageRealm | null): HTMLElement {
  const { supportEmail = null, supportUrl = null } = realm ?? {};
  const links: HTMLElement[] = [];
  if (supportEmail !== null && /^[^\s@?&]+@[^\s@?&]+$/.test(supportEmail))
    links.push(element('a', { href: `mailto:${supportEmail}` }, supportEmail));
  if (supportUrl !== null && URL.parse(supportUrl)?.protocol === 'https:')
    links.push(element('a', { href: supportUrl, rel: 'noreferrer' }, t('frame.helpPage')));
  if (links.length === 0) return element('footer', {});
  return element('footer', {}, t('frame.help'), ...links.flatMap((link) => [' ', link]));
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
