import {
  type AuthenticationResponseJSON,
  type AuthenticatorTransport,
  generateAuthenticationOptions,
  generateRegistrationOptions,
  type RegistrationResponseJSON,
  verifyAuthenticationResponse,
  verifyRegistrationResponse,
} from '@simplewebauthn/server';
import { cose, decodeAttestationObject, decodeCredentialPublicKey } from '@simplewebauthn/server/helpers';
import type { RelyingParty } from '../relying-parties/relying-parties.service.js';
import type { PasskeyRow } from './passkeys.queries.js';

/**
 * COSE algorithms (RFC 9053, RFC 8812) in the order we would have them; an authenticator takes the first that it can.
 * ES256 first: the one that every platform and key keeps in its hardware and that attestation formats are made for.
 * EdDSA next, since software authenticators that lack P-256 have it. RS256 last: its keys are long and slow to make, but
 * some TPMs behind Windows Hello can do nothing else. Nothing else on purpose: the library would by itself offer
 * post-quantum algorithms that only some versions of Node can verify.
 */
const ALGORITHMS = [-7, -8, -257];
const TIMEOUT = 300_000;

/** Realms on one host share a relying-party id, so the handle names the realm before the identity: 32 bytes. */
export const userHandle = (realmId: string, identityId: string): Uint8Array<ArrayBuffer> =>
  new Uint8Array(Buffer.from((realmId + identityId).replaceAll('-', ''), 'hex'));

export function registrationOptions(
  rp: RelyingParty,
  realmName: string,
  user: { realmId: string; id: string; username: string; displayName: string },
  existing: readonly PasskeyRow[],
  challenge: Uint8Array<ArrayBuffer>,
) {
  return generateRegistrationOptions({
    rpID: rp.id,
    rpName: realmName,
    userID: userHandle(user.realmId, user.id),
    userName: user.username,
    userDisplayName: user.displayName,
    challenge,
    timeout: TIMEOUT,
    attestationType: 'none',
    authenticatorSelection: { residentKey: 'required', userVerification: 'required' },
    excludeCredentials: existing.map((row) => ({
      id: row.credential_id.toString('base64url'),
      transports: row.transports as AuthenticatorTransport[],
    })),
    supportedAlgorithmIDs: ALGORITHMS,
  });
}

/** No list of credentials: the browser offers what it has, and nobody learns whether a username exists. */
export const authenticationOptions = (rp: RelyingParty, challenge: Uint8Array<ArrayBuffer>) =>
  generateAuthenticationOptions({
    rpID: rp.id,
    challenge,
    timeout: TIMEOUT,
    userVerification: 'required',
    allowCredentials: [],
  });

/** @throws Error when the response does not prove what it should; the message is for the log alone */
export async function checkRegistration(
  rp: RelyingParty,
  challenge: Buffer,
  response: RegistrationResponseJSON,
) {
  refuseAttestation(response);
  const { verified, registrationInfo } = await verifyRegistrationResponse({
    response,
    expectedChallenge: challenge.toString('base64url'),
    expectedOrigin: [...rp.origins],
    expectedRPID: rp.id,
    requireUserVerification: true,
    supportedAlgorithmIDs: ALGORITHMS,
  });
  if (!verified || !registrationInfo) throw new Error('registration not verified');
  return registrationInfo;
}

/**
 * We ask for no attestation, and checking a chain that nobody asked for would have the library fetch the addresses that
 * a stranger wrote into its certificates. What proves itself with its own key (self attestation) stays.
 */
function refuseAttestation(response: RegistrationResponseJSON): void {
  const bytes = new Uint8Array(Buffer.from(response.response.attestationObject, 'base64url'));
  const attestation = decodeAttestationObject(bytes);
  const format: unknown = attestation.get('fmt');
  const chain: unknown = format === 'packed' ? attestation.get('attStmt').get('x5c') : undefined;
  if (format !== 'none' && (format !== 'packed' || chain !== undefined))
    throw new Error('attestation that was not asked for');
}

/** @throws Error when the response does not prove what it should, or its counter went back */
export async function checkAuthentication(
  rp: RelyingParty,
  challenge: Buffer,
  passkey: Pick<PasskeyRow, 'credential_id' | 'public_key' | 'sign_count' | 'transports'>,
  response: AuthenticationResponseJSON,
) {
  const { verified, authenticationInfo } = await verifyAuthenticationResponse({
    response,
    expectedChallenge: challenge.toString('base64url'),
    expectedOrigin: [...rp.origins],
    expectedRPID: rp.id,
    requireUserVerification: true,
    credential: {
      id: passkey.credential_id.toString('base64url'),
      publicKey: new Uint8Array(passkey.public_key),
      // Looked at below: who can't sign learns nothing of it.
      counter: -1,
      transports: passkey.transports as AuthenticatorTransport[],
    },
  });
  if (!verified) throw new Error('signature not verified');
  const { newCounter } = authenticationInfo;
  // A copy of the key was used meanwhile (WebAuthn Level 3, section 7.2, step 22).
  if ((newCounter > 0 || passkey.sign_count > 0) && newCounter <= passkey.sign_count)
    throw new Error('counter went back');
  return authenticationInfo;
}

/** An ES256 key whose other half nobody has kept. */
const DECOY = Buffer.from(
  'pQECAyYgASFYILWXevFJ36iTVBMNQNmcOiBpeKSWozJuVOac-VVAho6OIlggPA1CKRh0Ow8_yNUcj6ybSMKxpz2ctm4fTruHSYhPu7g',
  'base64url',
);

/**
 * Does for a passkey that nobody knows what is done for one that exists, so that both take the same time and fail at
 * the same place.
 * @returns why it failed
 */
export const checkDecoy = (
  rp: RelyingParty,
  challenge: Buffer,
  response: AuthenticationResponseJSON,
): Promise<Error> =>
  checkAuthentication(
    rp,
    challenge,
    {
      credential_id: Buffer.from(response.id, 'base64url'),
      public_key: DECOY,
      sign_count: 0,
      transports: [],
    },
    response,
  ).then(
    () => new Error('signature of a decoy'),
    (error: Error) => error,
  );

/** The COSE algorithm number of a public key (RFC 9053), for example -7 for ES256. */
export function algorithmOf(publicKey: Uint8Array<ArrayBuffer>): number {
  const algorithm = decodeCredentialPublicKey(publicKey).get(cose.COSEKEYS.alg);
  if (typeof algorithm !== 'number') throw new Error('public key without an algorithm');
  return algorithm;
}
