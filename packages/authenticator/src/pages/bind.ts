import {
  browserSupportsWebAuthn,
  type PublicKeyCredentialCreationOptionsJSON,
  startRegistration,
} from '@simplewebauthn/browser';
import { type Api, createApi, type Opened } from '../api.js';
import { dropToken, linkOf, takeToken } from '../link.js';
import { rich, t, timeText } from '../messages/index.js';
import type { PageRealm } from '../page.js';
import { type Problem, problem, problemOf } from '../problems.js';
import { forget } from '../signals.js';
import { explainUnsupported } from '../unsupported.js';
import { action, element, type Frame, frame } from '../view.js';

/** Binds a passkey through the link that the person was given. */
export async function bindPage(realm: PageRealm): Promise<void> {
  const view = frame(realm, t('bind.title'));
  // Another link pasted into this tab differs behind `#` alone, which loads nothing by itself.
  addEventListener('hashchange', () => location.reload());
  const token = takeToken();
  if (token === undefined) return view.fail(problem('LINK_INCOMPLETE'));
  if (!browserSupportsWebAuthn()) return explainUnsupported(view, linkOf(token));
  const api = createApi(realm.id);
  try {
    const opened = await api.open(token);
    offer(view, opened, (where) => bind(view, api, token, where));
  } catch (error) {
    const failure = problemOf(error);
    if (OVER.has(failure.code)) view.rename(t('failure.over'));
    view.fail(failure);
  }
}

const OVER: ReadonlySet<string> = new Set(['LINK_EXPIRED', 'LINK_USED', 'LINK_REVOKED', 'LINK_OUTGROWN']);

type Where = 'here' | 'elsewhere';

function offer(view: Frame, { identity, expiresAt }: Opened, run: (where: Where) => Promise<void>): void {
  const button = action(t('bind.button'), () => run('here'));
  const other = action(t('bind.elsewhere'), () => run('elsewhere'));
  other.className = 'secondary';
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
    other,
  );
  button.focus();
}

async function bind(view: Frame, api: Api, token: string, where: Where): Promise<void> {
  try {
    view.say(t(where === 'here' ? 'frame.follow' : 'frame.followElsewhere'));
    const { challengeId, options } = await api.registrationOptions(token);
    const response = await startRegistration({
      optionsJSON: where === 'here' ? options : onAnotherDevice(options),
    });
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

/** The browser shows a code for a phone or tablet at once (WebAuthn Level 3, section 5.8.7); older ones go by the attachment. */
const onAnotherDevice = (
  options: PublicKeyCredentialCreationOptionsJSON,
): PublicKeyCredentialCreationOptionsJSON => ({
  ...options,
  hints: ['hybrid'],
  authenticatorSelection: { ...options.authenticatorSelection, authenticatorAttachment: 'cross-platform' },
});

/** For these the device made a passkey that the server will never accept. Others may mean that it was accepted before. */
const NEVER_ACCEPTED = ['MODEL_NOT_ALLOWED', 'PASSKEY_REFUSED', 'POLICY_DENIED'];

function forgetRefused(
  { code }: Problem,
  { rp }: PublicKeyCredentialCreationOptionsJSON,
  credentialId: string,
): void {
  if (rp.id !== undefined && NEVER_ACCEPTED.includes(code)) forget(rp.id, credentialId);
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
