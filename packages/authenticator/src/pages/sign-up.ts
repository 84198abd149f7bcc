import {
  browserSupportsWebAuthn,
  type PublicKeyCredentialCreationOptionsJSON,
  startRegistration,
} from '@simplewebauthn/browser';
import { type Challenge, send } from '../api.js';
import { dropToken, takeToken } from '../link.js';
import { entry } from '../messages/entry/index.js';
import { t as common, language } from '../messages/index.js';
import type { Page } from '../page.js';
import { explainUnsupported } from '../unsupported.js';
import { element, type Frame, frame } from '../view.js';
import { formOf, problemHere } from './entry-form.js';

type SignUp = Extract<Page, { page: 'sign-up' }>;

interface Desk {
  readonly view: Frame;
  readonly page: SignUp;
  readonly post: <T>(path: string, body: object) => Promise<T>;
}

/** Signing up: an address, its proof, a name, a passkey. */
export async function signUpPage(page: SignUp): Promise<void> {
  await entry.speak([language()]);
  const view = frame(page.realm, entry.t('signUp.title'));
  if (!browserSupportsWebAuthn()) return explainUnsupported(view, location.href);
  addEventListener('hashchange', () => location.reload());
  const base = `/realms/${encodeURIComponent(page.realm.id)}/passkeys/sign-up`;
  const desk: Desk = { view, page, post: (path, body) => send(`${base}/${path}`, body) };
  const token = takeToken();
  if (token === undefined) return askAddress(desk);
  try {
    await askName(desk, token);
  } catch (error) {
    dropToken();
    view.fail(problemHere(error));
  }
}

function askAddress(desk: Desk): void {
  const { t } = entry;
  const { view, page, post } = desk;
  const email = {
    name: 'email',
    label: t('signUp.email'),
    type: 'email',
    autocomplete: 'email',
    maxLength: 254,
  } as const;
  const form = formOf(view, [email], t('signUp.next'), async (value) => {
    const { proof, token } = await post<{ proof: 'LINK' | 'CODE'; token: string | null }>('ask', {
      email: value('email'),
      interaction: page.interaction,
    });
    view.say('');
    if (proof === 'CODE' && token !== null) askCode(desk, token);
    else view.finish(t('signUp.sentLink'));
  });
  view.show(form);
  form.querySelector('input')?.focus();
}

function askCode(desk: Desk, token: string): void {
  const { t } = entry;
  const code = {
    name: 'code',
    label: t('signUp.code'),
    autocomplete: 'one-time-code',
    inputMode: 'numeric',
    maxLength: 10,
  };
  const form = formOf(desk.view, [code], t('signUp.next'), async (value) => {
    await desk.post('prove', { token, code: value('code') });
    await askName(desk, token);
  });
  const sent = element('p', { tabIndex: -1 }, t('signUp.sentCode'));
  desk.view.show(sent, form);
  form.querySelector('input')?.focus();
}

/** @throws Refusal where the address is not proved, or not any more */
async function askName(desk: Desk, token: string): Promise<void> {
  const { t, rich } = entry;
  const { email } = await desk.post<{ email: string }>('open', { token });
  const name = { name: 'displayName', label: t('signUp.name'), autocomplete: 'name' };
  const username = {
    name: 'username',
    label: t('signUp.username'),
    hint: t('signUp.usernameHint'),
    autocomplete: 'username',
    value: email,
  };
  const form = formOf(desk.view, [name, username], t('signUp.button'), (value) =>
    create(desk, { token, displayName: value('displayName'), username: value('username') }),
  );
  const proven = element('p', {}, ...rich('signUp.proven', { email: element('strong', {}, email) }));
  desk.view.say('');
  desk.view.show(proven, form);
  form.querySelector('input')?.focus();
}

async function create(
  { view, post }: Desk,
  who: { token: string; displayName: string; username: string },
): Promise<void> {
  const { t } = entry;
  const { challengeId, options } = await post<Challenge<PublicKeyCredentialCreationOptionsJSON>>(
    'options',
    who,
  );
  view.say(common('frame.follow'));
  const response = await startRegistration({ optionsJSON: options });
  view.say(common('frame.checking'));
  const { next } = await post<{ next: string | null }>('verify', { ...who, challengeId, response });
  dropToken();
  view.say('');
  if (next === null) return view.finish(t('signUp.done'));
  view.finish(t('signUp.leaving'));
  location.assign(next);
}
