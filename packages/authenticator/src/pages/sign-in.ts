import { browserSupportsWebAuthn, type PublicKeyCredentialRequestOptionsJSON } from '@simplewebauthn/browser';
import { type Challenge, createApi } from '../api.js';
import { type Ceremonies, createCeremonies } from '../ceremonies.js';
import { rich, t } from '../messages/index.js';
import type { Page } from '../page.js';
import { problemOf } from '../problems.js';
import { tell } from '../signals.js';
import { explainUnsupported } from '../unsupported.js';
import { action, element, type Frame, frame } from '../view.js';
import { type Chooser, chooseAccount } from './accounts.js';

type SignIn = Extract<Page, { page: 'sign-in' }>;

/** Signs in with a passkey: offered in the username field at once, and by a button. */
export async function signInPage(page: SignIn): Promise<void> {
  const view = frame(page.realm, t(page.accounts.length > 0 ? 'accounts.title' : 'signIn.title'));
  if (!browserSupportsWebAuthn()) return explainUnsupported(view, location.href);
  const api = createApi(page.realm.id);
  const { interaction } = page;
  const go = (next: string): void => {
    view.say(t('signIn.leaving'));
    location.assign(next);
  };
  const older = createOlder(() => ceremonies.ask());
  const ceremonies: Ceremonies = createCeremonies(view, {
    realmId: page.realm.id,
    options: async () => older.seen(await api.authenticationOptions(interaction, older.party())),
    async verify(challengeId, response) {
      const { next, known } = await api.authenticate({ interaction, challengeId, response });
      if (known) await tell(known);
      go(next);
    },
  });
  if (page.accounts.length === 0) return form(view, page, ceremonies, older.button);
  chooseAccount(view, page, {
    async choose(account) {
      if (page.fresh) return ceremonies.ask(false);
      try {
        view.say(t('frame.checking'));
        go((await api.choose({ interaction, session: account.session })).next);
      } catch (error) {
        const failure = problemOf(error);
        if (failure.code !== 'REAUTHENTICATION_REQUIRED') return view.fail(failure);
        await ceremonies.ask(false);
      }
    },
    async signOut(account) {
      try {
        await api.signOutAccount({ interaction, session: account.session });
        return true;
      } catch (error) {
        view.fail(problemOf(error));
        return false;
      }
    },
    another: () => another(view, page, ceremonies, older.button),
  } satisfies Chooser);
}

function another(view: Frame, page: SignIn, ceremonies: Ceremonies, older: HTMLButtonElement): void {
  view.rename(t('signIn.title'));
  void form(view, page, ceremonies, older);
}

/** For passkeys of another domain of the realm: one ceremony can ask for those of one domain alone. */
function createOlder(ask: () => Promise<void>) {
  let others: readonly string[] = [];
  let party: string | undefined;
  const button = action(t('signIn.older'), () => {
    party = party === undefined ? others[0] : undefined;
    return ask();
  });
  button.className = 'secondary';
  button.hidden = true;
  return {
    button,
    party: () => party,
    seen(made: Challenge<PublicKeyCredentialRequestOptionsJSON>) {
      others = made.otherRelyingPartyIds ?? [];
      button.hidden = others.length === 0;
      return made;
    },
  };
}

async function form(
  view: Frame,
  page: SignIn,
  { ask, offer }: Ceremonies,
  older: HTMLButtonElement,
): Promise<void> {
  const button = action(t('signIn.button'), () => ask());
  const other = action(t('signIn.elsewhere'), () => ask(true, true));
  other.className = 'secondary';
  const field = element('input', {
    type: 'text',
    id: 'username',
    name: 'username',
    autocomplete: 'username webauthn' as AutoFill,
    value: page.loginHint ?? '',
    spellcheck: false,
    autocapitalize: 'none',
  });
  field.addEventListener('keydown', (event) => {
    if (event.key === 'Enter') button.click();
  });
  view.show(
    element('p', {}, ...rich('signIn.to', { application: element('strong', {}, page.applicationName) })),
    element('label', { htmlFor: 'username' }, t('signIn.username')),
    field,
    button,
    other,
    older,
    ...ways(page),
  );
  await offer();
}

/** For who has no passkey here: what the realm and the application offer. */
function ways({ realm, interaction, recovery, signUp }: SignIn): HTMLElement[] {
  const base = `/realms/${encodeURIComponent(realm.id)}`;
  const links = [
    ...(recovery ? [element('a', { href: `${base}/recover` }, t('signIn.lost'))] : []),
    ...(signUp
      ? [
          element(
            'a',
            { href: `${base}/sign-up?interaction=${encodeURIComponent(interaction)}` },
            t('signIn.signUp'),
          ),
        ]
      : []),
  ];
  return links.map((link) => element('p', { className: 'way' }, link));
}
