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

/** Tells the browser that nobody here knows a passkey, so that it offers it no more (WebAuthn Level 3, section 5.1.10). */
export function forget(rpId: string, credentialId: string): void {
  if (typeof PublicKeyCredential === 'undefined') return;
  const signal: unknown = Reflect.get(PublicKeyCredential, 'signalUnknownCredential');
  if (typeof signal === 'function')
    Promise.resolve(signal.call(PublicKeyCredential, { rpId, credentialId })).catch(() => undefined);
}
