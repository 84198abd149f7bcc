import {
  browserSupportsWebAuthn,
  type PublicKeyCredentialCreationOptionsJSON,
  startRegistration,
} from '@simplewebauthn/browser';
import { type Api, createApi, type Opened } from '../api.js';
import { dropToken, takeToken } from '../link.js';
import type { PageRealm } from '../page.js';
import { type Problem, problemOf } from '../problems.js';
import { forget } from '../signals.js';
import { action, element, type Frame, frame } from '../view.js';

/** Binds a passkey through the link that the person was given. */
export async function bindPage(realm: PageRealm): Promise<void> {
  const view = frame(realm, 'Create your passkey');
  // Another link pasted into this tab differs behind `#` alone, which loads nothing by itself.
  addEventListener('hashchange', () => location.reload());
  const token = takeToken();
  if (token === undefined)
    return view.fail(
      plain('LINK_INVALID', 'This address is not complete. Open the whole link that you were given.'),
    );
  if (!browserSupportsWebAuthn())
    return view.fail(
      plain('UNSUPPORTED', 'This browser knows no passkeys. Open the link in a current browser.'),
    );
  const api = createApi(realm.id);
  try {
    const { identity } = await api.open(token);
    offer(view, identity, () => bind(view, api, token));
  } catch (error) {
    view.fail(problemOf(error));
  }
}

function offer(view: Frame, identity: Opened['identity'], run: () => Promise<void>): void {
  const button = action('Create passkey', run);
  view.show(
    element(
      'p',
      {},
      'This link is for ',
      element('strong', {}, identity.displayName),
      identity.username === identity.displayName ? '' : ` (${identity.username})`,
      '. It works once.',
    ),
    element(
      'p',
      { className: 'hint' },
      'A passkey replaces the password: you unlock it as you unlock this device.',
    ),
    button,
  );
  button.focus();
}

async function bind(view: Frame, api: Api, token: string): Promise<void> {
  try {
    view.say('Follow your device: it asks for your fingerprint, face or PIN.');
    const { challengeId, options } = await api.registrationOptions(token);
    const response = await startRegistration({ optionsJSON: options });
    view.say('Checking …');
    try {
      const { passkey, redirectTo } = await api.register({ token, challengeId, response });
      done(view, passkey.name, redirectTo);
    } catch (error) {
      forgetRefused(problemOf(error), options, response.id);
      throw error;
    }
  } catch (error) {
    view.fail(problemOf(error));
  }
}

/** The device made a passkey that the server will never accept. Other codes may mean that it was accepted before. */
function forgetRefused(
  { code }: Problem,
  { rp }: PublicKeyCredentialCreationOptionsJSON,
  credentialId: string,
): void {
  if (rp.id !== undefined && (code === 'POLICY_DENIED' || code === 'PASSKEY_REFUSED'))
    forget(rp.id, credentialId);
}

function done(view: Frame, name: string, redirectTo: string | null): void {
  dropToken();
  view.say('');
  if (redirectTo !== null && /^https?:/.test(redirectTo)) {
    view.finish(`${name} is ready. You are taken on …`);
    location.assign(redirectTo);
    return;
  }
  view.finish(
    `${name} is ready. Use it the next time you sign in.`,
    element('p', { className: 'hint' }, 'You can close this page.'),
  );
}

const plain = (code: string, message: string): Problem => ({ code, message, correlationId: undefined });
