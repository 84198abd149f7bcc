import {
  type AuthenticationResponseJSON,
  browserSupportsWebAuthn,
  browserSupportsWebAuthnAutofill,
  startAuthentication,
  WebAuthnAbortService,
} from '@simplewebauthn/browser';
import { createApi } from '../api.js';
import { rich, t } from '../messages/index.js';
import type { Page } from '../page.js';
import { type Problem, problem, problemOf } from '../problems.js';
import { forget, isOfRealm } from '../signals.js';
import { action, element, type Frame, frame } from '../view.js';

type SignIn = Extract<Page, { page: 'sign-in' }>;

/** Milliseconds. A challenge lives five minutes; the offer in the field is renewed before its own runs out. */
const RENEW_AFTER = 240_000;

/** Signs in with a passkey: offered in the username field at once, and by a button. */
export async function signInPage(page: SignIn): Promise<void> {
  const view = frame(page.realm, t('signIn.title'));
  if (!browserSupportsWebAuthn()) return view.fail(problem('UNSUPPORTED'));
  const { ask, offer } = createCeremonies(view, page);
  const button = action(t('signIn.button'), ask);
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
  );
  await offer();
}

/** One ceremony at a time: a new one takes over from the one before, which then ends without a word. */
function createCeremonies(view: Frame, page: SignIn) {
  const api = createApi(page.realm.id);
  let latest = 0;

  /** @returns what to tell the person; undefined after success, and when another ceremony took over */
  async function run(autofill: boolean): Promise<Problem | undefined> {
    latest += 1;
    const mine = latest;
    try {
      const { challengeId, options } = await api.authenticationOptions(page.interaction);
      // Starting now would abort the ceremony that took over while the answer was on its way.
      if (mine !== latest) return undefined;
      const response = await startAuthentication({ optionsJSON: options, useBrowserAutofill: autofill });
      await finish(challengeId, options.rpId, response);
      return undefined;
    } catch (error) {
      return mine === latest ? problemOf(error) : undefined;
    }
  }

  async function finish(
    challengeId: string,
    rpId: string | undefined,
    response: AuthenticationResponseJSON,
  ): Promise<void> {
    view.say(t('frame.checking'));
    try {
      const { next } = await api.authenticate({ interaction: page.interaction, challengeId, response });
      view.say(t('signIn.leaving'));
      location.assign(next);
    } catch (error) {
      const unknown = problemOf(error).code === 'PASSKEY_UNKNOWN';
      // Unknown here is no reason to lose a good passkey of another realm.
      if (unknown && rpId !== undefined && isOfRealm(response.response.userHandle, page.realm.id))
        forget(rpId, response.id);
      throw error;
    }
  }

  /** In the field, for as long as the page is open. */
  async function offer(): Promise<void> {
    if (!(await browserSupportsWebAuthnAutofill())) return;
    const renewal = setTimeout(() => void offer(), RENEW_AFTER);
    const failure = await run(true);
    clearTimeout(renewal);
    // Whoever closes the offer did not ask for it.
    if (failure && failure.code !== 'CANCELLED') view.fail(failure);
  }

  /** In the browser's own dialogue. */
  async function ask(): Promise<void> {
    WebAuthnAbortService.cancelCeremony();
    view.say(t('frame.follow'));
    const failure = await run(false);
    if (!failure) return;
    view.fail(failure);
    // Not awaited: the button is for a second try meanwhile.
    if (failure.code === 'CANCELLED') void offer();
  }

  return { ask, offer };
}
