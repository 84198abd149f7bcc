import { base64URLStringToBuffer } from '@simplewebauthn/browser';

/**
 * Whether a passkey was made for the realm. Realms on one host share a relying-party id, so a browser offers the
 * passkeys of all of them.
 * @param userHandle base64url: the 16 bytes of the realm's id, then the 16 of the identity's
 */
export function isOfRealm(userHandle: string | undefined, realmId: string): boolean {
  if (userHandle === undefined) return false;
  const bytes = new Uint8Array(base64URLStringToBuffer(userHandle));
  const realm = Array.from(bytes.subarray(0, 16), (byte) => byte.toString(16).padStart(2, '0')).join('');
  return bytes.length === 32 && realm === realmId.replaceAll('-', '').toLowerCase();
}

/** What the server says of a person's passkeys. */
export interface Known {
  /** The user handle, base64url. */
  readonly userId: string;
  readonly name: string;
  readonly displayName: string;
  readonly accepted: readonly { readonly rpId: string; readonly credentialIds: readonly string[] }[];
}

/** Milliseconds that a page waits for the browser to take something in before it goes on. */
const PATIENCE = 500;

/** Tells the browser that nobody here knows a passkey, so that it offers it no more (WebAuthn Level 3, section 5.1.10). */
export function forget(rpId: string, credentialId: string): void {
  void signal('signalUnknownCredential', { rpId, credentialId });
}

/** Tells the browser which passkeys still count, and what the person is called by now: it drops the others. */
export async function tell({ userId, name, displayName, accepted }: Known): Promise<void> {
  const told = accepted.flatMap(({ rpId, credentialIds }) => [
    signal('signalAllAcceptedCredentials', { rpId, userId, allAcceptedCredentialIds: credentialIds }),
    signal('signalCurrentUserDetails', { rpId, userId, name, displayName }),
  ]);
  await Promise.race([Promise.all(told), new Promise((done) => setTimeout(done, PATIENCE))]);
}

/** A browser that knows nothing of it, or not of this relying party, is none the worse for it. */
async function signal(name: string, about: object): Promise<void> {
  if (typeof PublicKeyCredential === 'undefined') return;
  const method: unknown = Reflect.get(PublicKeyCredential, name);
  if (typeof method !== 'function') return;
  try {
    await method.call(PublicKeyCredential, about);
  } catch {
    // Nothing depends on it.
  }
}
