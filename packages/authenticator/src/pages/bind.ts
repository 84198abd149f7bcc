import { browserSupportsWebAuthn, startRegistration } from '@simplewebauthn/browser';
import { type Api, createApi } from '../api.js';
import type { PageRealm } from '../page.js';
import { problemOf } from '../problems.js';
import { action, element, type Frame, frame } from '../view.js';

/** Binds a passkey through the link that the person was given. */
export async function bindPage(realm: PageRealm): Promise<void> {
  const view = frame(realm, 'Create your passkey');
  const token = takeToken();
  if (token === undefined) {
    view.fail({
      code: 'LINK_INVALID',
      message: 'This address is not complete. Open the whole link that you were given.',
      correlationId: undefined,
    });
    return;
  }
  if (!browserSupportsWebAuthn()) {
    view.fail({
      code: 'UNSUPPORTED',
      message: 'This browser knows no passkeys. Open the link in a current browser.',
      correlationId: undefined,
    });
    return;
  }
  const api = createApi(realm.id);
  try {
    const { identity } = await api.open(token);
    offer(view, api, token, identity);
  } catch (error) {
    view.fail(problemOf(error));
  }
}

function offer(
  view: Frame,
  api: Api,
  token: string,
  identity: { displayName: string; username: string },
): void {
  const button = action('Create passkey', async () => {
    try {
      view.say('Follow your device: it asks for your fingerprint, face or PIN.');
      const { challengeId, options } = await api.registrationOptions(token);
      const response = await startRegistration({ optionsJSON: options });
      view.say('Checking …');
      const { passkey, redirectTo } = await api.register({ token, challengeId, response });
      done(view, passkey.name, redirectTo);
    } catch (error) {
      view.fail(problemOf(error));
    }
  });
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

function done(view: Frame, name: string, redirectTo: string | null): void {
  sessionStorage.removeItem(keyOf());
  view.say('');
  if (redirectTo !== null && /^https?:/.test(redirectTo)) {
    view.show(element('p', { className: 'done' }, `${name} is ready. You are taken on …`));
    location.assign(redirectTo);
    return;
  }
  view.show(
    element('p', { className: 'done' }, `${name} is ready. Use it the next time you sign in.`),
    element('p', { className: 'hint' }, 'You can close this page.'),
  );
}

const keyOf = (): string => `keyrealm.bind ${location.pathname}`;

/** Takes the link's secret out of the address bar, and keeps it over a reload in this tab alone. */
function takeToken(): string | undefined {
  const given = /^#token=([\w-]{20,100})$/.exec(location.hash)?.[1];
  if (given !== undefined) {
    sessionStorage.setItem(keyOf(), given);
    history.replaceState(null, '', location.pathname);
  }
  return given ?? sessionStorage.getItem(keyOf()) ?? undefined;
}
