import {
  type AuthenticationResponseJSON,
  type AuthenticatorTransport,
  generateAuthenticationOptions,
  generateRegistrationOptions,
  type RegistrationResponseJSON,
  verifyAuthenticationResponse,
  verifyRegistrationResponse,
} from '@simplewebauthn/server';
import { cose, decodeCredentialPublicKey } from '@simplewebauthn/server/helpers';
import { now } from '../../kernel/clock.js';
import type { AuthenticatorConfigRow } from '../authenticator-configs/authenticator-configs.service.js';
import type { MetadataModel } from '../authenticator-metadata/authenticator-metadata.types.js';
import type { RelyingParty } from '../relying-parties/relying-parties.service.js';
import { judge, readStatement, withoutLists } from './attestation.js';
import { NOT_ATTESTED } from './models.js';
import type { PasskeyRow } from './passkeys.queries.js';

/** What is asked of an authenticator about itself (WebAuthn Level 3, section 5.4.7). */
export type Conveyance = AuthenticatorConfigRow['attestation'];

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
  conveyance: Conveyance,
) {
  return generateRegistrationOptions({
    rpID: rp.id,
    rpName: realmName,
    userID: userHandle(user.realmId, user.id),
    userName: user.username,
    userDisplayName: user.displayName,
    challenge,
    timeout: TIMEOUT,
    attestationType: conveyance === 'DIRECT' ? 'direct' : 'none',
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

/**
 * @param asked whether an attestation was asked for, and what the metadata says of a model
 * @throws Error when the response does not prove what it should; the message is for the log alone
 */
export async function checkRegistration(
  rp: RelyingParty,
  challenge: Buffer,
  response: RegistrationResponseJSON,
  asked: {
    readonly conveyance: Conveyance;
    readonly findModel: (aaguid: string) => Promise<MetadataModel | undefined>;
  },
) {
  const direct = asked.conveyance === 'DIRECT';
  const statement = readStatement(response, direct);
  const { verified, registrationInfo: info } = await verifyRegistrationResponse({
    response: withoutLists(response, statement),
    expectedChallenge: challenge.toString('base64url'),
    expectedOrigin: [...rp.origins],
    expectedRPID: rp.id,
    requireUserVerification: true,
    supportedAlgorithmIDs: ALGORITHMS,
  });
  if (!verified || !info) throw new Error('signature of the registration not verified');
  if (info.credential.id !== response.id) throw new Error('response with the id of another credential');
  const algorithm = algorithmOf(info.credential.publicKey);
  const isSelf = statement.format === 'packed' && statement.chain.length === 0;
  if (isSelf && statement.algorithm !== algorithm)
    throw new Error('attestation by another algorithm than the key’s');
  const model = direct && info.aaguid !== NOT_ATTESTED ? await asked.findModel(info.aaguid) : undefined;
  return { ...info, model, attestation: judge(statement, model, algorithm, now()) };
}

/** @throws Error when the response does not prove what it should, or its counter went back */
export async function checkAuthentication(
  rp: RelyingParty,
  challenge: Buffer,
  passkey: Pick<PasskeyRow, 'credential_id' | 'public_key' | 'sign_count' | 'transports' | 'device_bound'>,
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
  // Whether it may be backed up is settled when it is made (section 7.2, step 18).
  if (passkey.device_bound !== (authenticationInfo.credentialDeviceType === 'singleDevice'))
    throw new Error('backup eligibility changed');
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
      device_bound: true,
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
