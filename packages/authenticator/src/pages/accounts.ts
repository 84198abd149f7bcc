import { rich, t } from '../messages/index.js';
import type { Page, PageAccount } from '../page.js';
import { action, element, type Frame } from '../view.js';

export interface Chooser {
  readonly choose: (account: PageAccount) => Promise<void>;
  /** @returns whether it went well */
  readonly signOut: (account: PageAccount) => Promise<boolean>;
  readonly another: () => void;
}

/** Those who are signed in in this browser: one of them goes on, or somebody else does. */
export function chooseAccount(
  view: Frame,
  page: Extract<Page, { page: 'sign-in' }>,
  { choose, signOut, another }: Chooser,
): void {
  let accounts = page.accounts;
  const list = element('ul', { className: 'accounts' });
  const other = action(t('accounts.another'), async () => another());
  other.className = 'secondary';

  const row = (account: PageAccount): HTMLLIElement => {
    const { displayName, username } = account;
    const pick = action('', () => choose(account));
    pick.className = 'account';
    pick.replaceChildren(
      element('strong', {}, displayName),
      ...(username === displayName ? [] : [element('span', { className: 'hint' }, username)]),
    );
    const leave = action(t('accounts.signOut'), async () => {
      if (!(await signOut(account))) return;
      accounts = accounts.filter(({ session }) => session !== account.session);
      if (accounts.length === 0) return another();
      draw();
      view.say(t('accounts.signedOut', { name: displayName }));
      list.querySelector('button')?.focus();
    });
    leave.className = 'link';
    leave.setAttribute('aria-label', t('accounts.signOutOf', { name: displayName }));
    return element('li', {}, pick, leave);
  };
  const draw = (): void => list.replaceChildren(...accounts.map(row));

  draw();
  view.show(
    element('p', {}, ...rich('signIn.to', { application: element('strong', {}, page.applicationName) })),
    ...(page.fresh ? [element('p', { className: 'hint' }, t('accounts.fresh'))] : []),
    list,
    other,
  );
  list.querySelector('button')?.focus();
}
