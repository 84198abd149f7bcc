import {
  type AuthenticationResponseJSON,
  browserSupportsWebAuthnAutofill,
  type PublicKeyCredentialRequestOptionsJSON,
  startAuthentication,
  WebAuthnAbortService,
} from '@simplewebauthn/browser';
import type { Challenge } from './api.js';
import { t } from './messages/index.js';
import { type Problem, problemOf } from './problems.js';
import { forget, isOfRealm } from './signals.js';
import type { Frame } from './view.js';

/** Milliseconds. A challenge lives five minutes; the offer in the field is renewed before its own runs out. */
const RENEW_AFTER = 240_000;

interface Steps {
  readonly realmId: string;
  readonly options: () => Promise<Challenge<PublicKeyCredentialRequestOptionsJSON>>;
  /** Sends the proof, and goes on where it was accepted. */
  readonly verify: (challengeId: string, response: AuthenticationResponseJSON) => Promise<void>;
}

/** One ceremony at a time: a new one takes over from the one before, which then ends without a word. */
export function createCeremonies(view: Frame, steps: Steps) {
  let latest = 0;

  /** @returns what to tell the person; undefined after success, and when another ceremony took over */
  async function run(autofill: boolean, elsewhere = false): Promise<Problem | undefined> {
    latest += 1;
    const mine = latest;
    try {
      const { challengeId, options } = await steps.options();
      // Starting now would abort the ceremony that took over while the answer was on its way.
      if (mine !== latest) return undefined;
      const response = await startAuthentication({
        // The browser shows a code for a phone or tablet at once (WebAuthn Level 3, section 5.8.7).
        optionsJSON: elsewhere ? { ...options, hints: ['hybrid'] } : options,
        useBrowserAutofill: autofill,
      });
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
      await steps.verify(challengeId, response);
    } catch (error) {
      const unknown = problemOf(error).code === 'PASSKEY_UNKNOWN';
      // Unknown here is no reason to lose a good passkey of another realm.
      if (unknown && rpId !== undefined && isOfRealm(response.response.userHandle, steps.realmId))
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

  /**
   * In the browser's own dialogue.
   * @param offers whether the page has a field that passkeys are offered in
   * @param elsewhere whether the passkey is on another device
   */
  async function ask(offers = true, elsewhere = false): Promise<void> {
    WebAuthnAbortService.cancelCeremony();
    view.say(t(elsewhere ? 'frame.followElsewhere' : 'frame.follow'));
    const failure = await run(false, elsewhere);
    if (!failure) return;
    view.fail(failure);
    // Not awaited: the button is for a second try meanwhile.
    if (offers && failure.code === 'CANCELLED') void offer();
  }

  /** Ends what is under way without a word. */
  function stop(): void {
    latest += 1;
    WebAuthnAbortService.cancelCeremony();
  }

  return { ask, offer, stop };
}

export type Ceremonies = ReturnType<typeof createCeremonies>;
