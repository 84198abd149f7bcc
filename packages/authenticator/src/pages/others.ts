import { refusalText, rich, t } from '../messages/index.js';
import type { Page } from '../page.js';
import { element, frame } from '../view.js';

/** Asks before a person is signed out, so that no stranger's link does it. */
export function signOutPage(page: Extract<Page, { page: 'sign-out' }>): void {
  const view = frame(page.realm, t('signOut.title'));
  const field = (name: string, value: string) => element('input', { type: 'hidden', name, value });
  const button = element('button', { type: 'submit', className: 'primary' }, t('signOut.button'));
  const form = element(
    'form',
    { method: 'post', action: page.action },
    field('xsrf', page.xsrf),
    field('logout', 'yes'),
    button,
  );
  if (!page.asked) {
    view.show(element('p', {}, t('signOut.working')), form);
    form.submit();
    return;
  }
  view.show(element('p', {}, ...rich('signOut.question', { realm: page.realm.displayName })), form);
  button.focus();
}

export function signedOutPage(page: Extract<Page, { page: 'signed-out' }>): void {
  frame(page.realm, t('signedOut.title')).show(element('p', {}, t('signedOut.text')));
}

export function errorPage(page: Extract<Page, { page: 'error' }>): void {
  const view = frame(page.realm, t(page.code === 'NOT_FOUND' ? 'failure.nothingHere' : 'failure.title'));
  const message = refusalText(page.code, page.message);
  view.fail({ code: page.code, message, correlationId: page.correlationId });
}
