import type { Page } from '../page.js';
import { element, frame } from '../view.js';

/** Asks before a person is signed out, so that no stranger's link does it. */
export function signOutPage(page: Extract<Page, { page: 'sign-out' }>): void {
  const view = frame(page.realm, 'Sign out');
  const field = (name: string, value: string) => element('input', { type: 'hidden', name, value });
  const button = element('button', { type: 'submit', className: 'primary' }, 'Sign out');
  const form = element(
    'form',
    { method: 'post', action: page.action },
    field('xsrf', page.xsrf),
    field('logout', 'yes'),
    button,
  );
  if (!page.asked) {
    view.show(element('p', {}, 'Signing out …'), form);
    form.submit();
    return;
  }
  const question = `You are signed in to ${page.realm.displayName}. Sign out of it and of its applications?`;
  view.show(element('p', {}, question), form);
  button.focus();
}

export function signedOutPage(page: Extract<Page, { page: 'signed-out' }>): void {
  frame(page.realm, 'Signed out').show(element('p', {}, 'You are signed out. You can close this page.'));
}

export function errorPage(page: Extract<Page, { page: 'error' }>): void {
  const view = frame(page.realm, 'This did not work');
  view.fail({ code: page.code, message: page.message, correlationId: page.correlationId });
  view.show(element('p', { className: 'hint' }, element('code', {}, page.code)));
}
