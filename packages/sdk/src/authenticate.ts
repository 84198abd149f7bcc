import {
  type AuthenticationResponseJSON,
  browserSupportsWebAuthn,
  browserSupportsWebAuthnAutofill,
  startAuthentication,
  WebAuthnAbortService,
} from '@simplewebauthn/browser';
import { authenticateAddress, webAddress } from './addresses.js';
import {
  demandSupport,
  forgetInBrowser,
  isOfRealm,
  onlyWith,
  prepareInput,
  takeTurn,
  tellBrowser,
  withSignal,
} from './ceremonies.js';
import { invalidUrl, KeyrealmError } from './errors.js';
import { drop, getPasskeys, type Parts } from './known.js';
import type { Authenticated, AuthenticateOptions, ConditionalOptions } from './types.js';

/** Milliseconds. A challenge lives five minutes; an offer is renewed before its own runs out. */
const RENEW_AFTER = 240_000;

/** In the browser's own dialogue. */
export async function authenticate(
  parts: Parts,
  url: string | URL,
  { onSelect, signal }: AuthenticateOptions,
): Promise<Authenticated> {
  const interaction = interactionOf(parts, url);
  demandSupport(browserSupportsWebAuthn());
  const isLatest = takeTurn();
  // An offer in a field ends at once, not only when the dialogue opens.
  WebAuthnAbortService.cancelCeremony();
  const passkeys = onSelect ? await getPasskeys(parts, signal) : [];
  const wanted = passkeys.length > 0 ? await onSelect?.(passkeys) : undefined;
  const { challengeId, options } = await parts.server.authenticationOptions(interaction, signal);
  if (!isLatest()) throw overtaken();
  const optionsJSON = wanted ? onlyWith(options, wanted.id) : options;
  const response = await withSignal(signal, () => startAuthentication({ optionsJSON }));
  return finish(parts, interaction, { challengeId, rpId: options.rpId, response }, signal);
}

/** In a field, for as long as the page is open. */
export async function conditionalAuthenticate(
  parts: Parts,
  url: string | URL,
  { input, signal }: ConditionalOptions,
): Promise<Authenticated> {
  const interaction = interactionOf(parts, url);
  demandSupport(browserSupportsWebAuthn() && (await browserSupportsWebAuthnAutofill()));
  prepareInput(input);
  const isLatest = takeTurn();
  for (;;) {
    const { challengeId, options } = await parts.server.authenticationOptions(interaction, signal);
    if (!isLatest()) throw overtaken();
    let renewing = false;
    const renewal = setTimeout(() => {
      renewing = isLatest();
      if (renewing) WebAuthnAbortService.cancelCeremony();
    }, RENEW_AFTER);
    const offer = () => startAuthentication({ optionsJSON: options, useBrowserAutofill: true });
    const response = await withSignal(signal, offer)
      .catch((error: unknown) => {
        if (!renewing || error instanceof KeyrealmError) throw error;
        return undefined;
      })
      .finally(() => clearTimeout(renewal));
    if (response) return finish(parts, interaction, { challengeId, rpId: options.rpId, response }, signal);
  }
}

interface Answer {
  readonly challengeId: string;
  readonly rpId: string | undefined;
  readonly response: AuthenticationResponseJSON;
}

async function finish(
  parts: Parts,
  interaction: string,
  { challengeId, rpId, response }: Answer,
  signal: AbortSignal | undefined,
): Promise<Authenticated> {
  const { realm, server } = parts;
  try {
    const { next, known } = await server.authenticate(interaction, { challengeId, response }, signal);
    const redirectUrl = webAddress(next);
    if (redirectUrl === undefined || new URL(redirectUrl).origin !== realm.origin)
      throw new KeyrealmError('INTERNAL', 'The realm said to go on somewhere else.');
    if (known) tellBrowser(known);
    return { redirectUrl };
  } catch (error) {
    if (error instanceof KeyrealmError && error.code === 'PASSKEY_UNKNOWN') {
      drop(parts, new Set([response.id]));
      if (isOfRealm(response, realm.id)) forgetInBrowser(rpId ?? location.hostname, response.id);
    }
    throw error;
  }
}

function interactionOf({ realm }: Parts, url: string | URL): string {
  const interaction = authenticateAddress(url, realm);
  if (interaction === undefined) throw invalidUrl('sign-in');
  return interaction;
}

const overtaken = (): KeyrealmError =>
  new KeyrealmError('ABORTED', 'Another ceremony on this page took over.');
