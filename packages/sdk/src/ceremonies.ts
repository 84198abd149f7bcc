import {
  type AuthenticationResponseJSON,
  base64URLStringToBuffer,
  type PublicKeyCredentialRequestOptionsJSON,
  sendSignal,
  WebAuthnAbortService,
} from '@simplewebauthn/browser';
import { checkSignal, KeyrealmError } from './errors.js';
import type { Known } from './server.js';

/** One ceremony at a time on a page: a newer one takes over. */
let latest = 0;

/** @returns whether the ceremony that begins now is still the latest */
export function takeTurn(): () => boolean {
  latest += 1;
  const mine = latest;
  return () => mine === latest;
}

/**
 * Runs a ceremony of the browser that ends with the caller's signal.
 * @throws KeyrealmError ABORTED, or what the browser threw
 */
export async function withSignal<T>(signal: AbortSignal | undefined, run: () => Promise<T>): Promise<T> {
  checkSignal(signal);
  const cancel = (): void => WebAuthnAbortService.cancelCeremony();
  signal?.addEventListener('abort', cancel);
  try {
    return await run();
  } finally {
    signal?.removeEventListener('abort', cancel);
    checkSignal(signal);
  }
}

/** Has the browser offer one passkey alone. */
export const onlyWith = (
  options: PublicKeyCredentialRequestOptionsJSON,
  credentialId: string,
): PublicKeyCredentialRequestOptionsJSON => ({
  ...options,
  allowCredentials: [{ id: credentialId, type: 'public-key' }],
});

/** Tells the browser that nobody here knows a passkey, so that it offers it no more (WebAuthn Level 3, section 5.1.10). */
export function forgetInBrowser(relyingPartyId: string, credentialId: string): void {
  sendSignal({ signalName: 'unknownCredential', rpID: relyingPartyId, credentialID: credentialId }).catch(
    quietly,
  );
}

/** Has the browser offer those passkeys of the person that still count, under the names of today. */
export function tellBrowser(known: Known): void {
  const { userId: userID, name: userName, displayName: userDisplayName } = known;
  for (const { rpId: rpID, credentialIds } of known.accepted) {
    const allAcceptedCredentialIDs = [...credentialIds];
    const accepted = {
      signalName: 'allAcceptedCredentials',
      rpID,
      userID,
      allAcceptedCredentialIDs,
    } as const;
    const details = { signalName: 'currentUserDetails', rpID, userID, userName, userDisplayName } as const;
    sendSignal(accepted).catch(quietly);
    sendSignal(details).catch(quietly);
  }
}

/** Few browsers can; for the others it stays what it is. */
const quietly = (): void => undefined;

/**
 * Whether the answer was made with a passkey of the realm. Realms may share a relying party, and unknown in one is no
 * reason to lose a good passkey of another. The handle is the realm's 16 bytes, then the identity's.
 */
export function isOfRealm({ response }: AuthenticationResponseJSON, realmId: string): boolean {
  if (response.userHandle === undefined) return false;
  const bytes = new Uint8Array(base64URLStringToBuffer(response.userHandle));
  const realm = Array.from(bytes.subarray(0, 16), (byte) => byte.toString(16).padStart(2, '0')).join('');
  return bytes.length === 32 && realm === realmId.replaceAll('-', '');
}

/** Browsers offer passkeys only in a field that asks for them (HTML, "autofill detail tokens"). */
export function prepareInput(input: HTMLInputElement | undefined): void {
  if (input && !/(^|\s)webauthn$/.test(input.autocomplete))
    input.setAttribute('autocomplete', `${input.autocomplete || 'username'} webauthn`);
  if (!document.querySelector('input[autocomplete$="webauthn"]'))
    throw new KeyrealmError('NO_INPUT', 'The page has no field whose autocomplete ends in “webauthn”.');
}

export function demandSupport(supported: boolean): void {
  if (!supported) throw new KeyrealmError('UNSUPPORTED', 'This browser can’t do that with passkeys.');
}
