import {
  browserSupportsWebAuthn,
  type PublicKeyCredentialCreationOptionsJSON,
  startRegistration,
} from '@simplewebauthn/browser';
import { type Api, createApi, type Opened } from '../api.js';
import { dropToken, takeToken } from '../link.js';
import { rich, t, timeText } from '../messages/index.js';
import type { PageRealm } from '../page.js';
import { type Problem, problem, problemOf } from '../problems.js';
import { forget } from '../signals.js';
import { action, element, type Frame, frame } from '../view.js';

/** Binds a passkey through the link that the person was given. */
export async function bindPage(realm: PageRealm): Promise<void> {
  const view = frame(realm, t('bind.title'));
  // Another link pasted into this tab differs behind `#` alone, which loads nothing by itself.
  addEventListener('hashchange', () => location.reload());
  const token = takeToken();
  if (token === undefined) return view.fail(problem('LINK_INCOMPLETE'));
  if (!browserSupportsWebAuthn()) return view.fail(problem('UNSUPPORTED'));
  const api = createApi(realm.id);
  try {
    const opened = await api.open(token);
    offer(view, opened, () => bind(view, api, token));
  } catch (error) {
    view.fail(problemOf(error));
  }
}

function offer(view: Frame, { identity, expiresAt }: Opened, run: () => Promise<void>): void {
  const button = action(t('bind.button'), run);
  const { username } = identity;
  const name = element('strong', {}, identity.displayName);
  view.show(
    element(
      'p',
      {},
      ...(username === identity.displayName
        ? rich('bind.for', { name })
        : rich('bind.forUsername', { name, username })),
      ' ',
      t('bind.until', { time: timeText(expiresAt) }),
    ),
    element('p', { className: 'hint' }, t('bind.why')),
    button,
  );
  button.focus();
}

async function bind(view: Frame, api: Api, token: string): Promise<void> {
  try {
    view.say(t('frame.follow'));
    const { challengeId, options } = await api.registrationOptions(token);
    const response = await startRegistration({ optionsJSON: options });
    view.say(t('frame.checking'));
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
    view.finish(t('bind.leaving', { passkey: name }));
    location.assign(redirectTo);
    return;
  }
  view.finish(t('bind.ready', { passkey: name }), element('p', { className: 'hint' }, t('frame.close')));
}
