import {
  browserSupportsWebAuthn,
  browserSupportsWebAuthnAutofill,
  startAuthentication,
  WebAuthnAbortService,
} from '@simplewebauthn/browser';
import { type Api, createApi } from '../api.js';
import type { Page } from '../page.js';
import { problemOf } from '../problems.js';
import { action, element, type Frame, frame } from '../view.js';

type SignIn = Extract<Page, { page: 'sign-in' }>;

/** Signs in with a passkey: offered in the username field at once, and by a button. */
export async function signInPage(page: SignIn): Promise<void> {
  const view = frame(page.realm, 'Sign in');
  if (!browserSupportsWebAuthn()) {
    view.fail({
      code: 'UNSUPPORTED',
      message: 'This browser knows no passkeys. Use a current browser to sign in.',
      correlationId: undefined,
    });
    return;
  }
  const api = createApi(page.realm.id);
  const button = action('Sign in with a passkey', () => signIn(view, api, page, false));
  const field = element('input', {
    type: 'text',
    id: 'username',
    name: 'username',
    autocomplete: 'username webauthn' as AutoFill,
    value: page.loginHint ?? '',
    spellcheck: false,
  });
  field.addEventListener('keydown', (event) => {
    if (event.key === 'Enter') button.click();
  });
  view.show(
    element('p', {}, 'to continue to ', element('strong', {}, page.applicationName)),
    element('label', { htmlFor: 'username' }, 'Username (your passkeys are offered here)'),
    field,
    button,
  );
  if (await browserSupportsWebAuthnAutofill()) await signIn(view, api, page, true);
}

/** Whether an answer is on its way to the server. */
let answered = false;

async function signIn(view: Frame, api: Api, page: SignIn, autofill: boolean): Promise<void> {
  try {
    if (!autofill) {
      WebAuthnAbortService.cancelCeremony();
      view.say('Follow your device: it asks for your fingerprint, face or PIN.');
    }
    const { challengeId, options } = await api.authenticationOptions(page.interaction);
    const response = await startAuthentication({ optionsJSON: options, useBrowserAutofill: autofill });
    // The offer in the field and the button may both be answered: one answer is enough.
    if (answered) return;
    answered = true;
    view.say('Checking …');
    try {
      const { next } = await api.authenticate({ interaction: page.interaction, challengeId, response });
      view.say('Signed in. You are taken on …');
      location.assign(next);
    } catch (error) {
      answered = false;
      forget(error, options.rpId, response.id);
      throw error;
    }
  } catch (error) {
    const problem = problemOf(error);
    // The offer in the field ends silently: when the button takes over, or when a person closes it.
    if (autofill && problem.code === 'CANCELLED') return;
    view.fail(problem);
  }
}

/** Tells the browser that a passkey is not known here, so that it stops to offer it (WebAuthn Level 3, section 5.1.10). */
function forget(error: unknown, rpId: string | undefined, credentialId: string): void {
  if (rpId === undefined || problemOf(error).code !== 'PASSKEY_UNKNOWN') return;
  const signal: unknown = Reflect.get(PublicKeyCredential, 'signalUnknownCredential');
  if (typeof signal === 'function')
    Promise.resolve(signal.call(PublicKeyCredential, { rpId, credentialId })).catch(() => undefined);
}
