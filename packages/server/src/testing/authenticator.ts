import { createHash, generateKeyPairSync, type KeyObject, randomBytes, sign } from 'node:crypto';
import type {
  AuthenticationResponseJSON,
  RegistrationResponseJSON,
} from '../modules/passkeys/passkeys.types.js';
import { type Cbor, cbor } from './cbor.js';

export type Algorithm = 'ES256' | 'EdDSA' | 'RS256' | 'ES384';

export interface KeyPair {
  readonly publicKey: KeyObject;
  readonly privateKey: KeyObject;
}

/** What an attestation is made of (WebAuthn Level 3, section 6.5). */
export interface NewCredential {
  readonly rpIdHash: Buffer;
  readonly authenticatorData: Buffer;
  readonly clientDataHash: Buffer;
  readonly credentialId: Buffer;
  readonly keys: KeyPair;
  readonly algorithm: Algorithm;
}

/** Makes the statement of one format. */
export type Attester = (made: NewCredential) => { readonly fmt: string; readonly attStmt: Cbor };

/** What a hostile authenticator or browser may say differently. */
export interface Tampering {
  readonly origin?: string;
  readonly rpId?: string;
  readonly type?: string;
  readonly challenge?: string;
  /** The page that ours was embedded in. */
  readonly topOrigin?: string;
  readonly counter?: number;
  readonly userPresent?: boolean;
  readonly userVerified?: boolean;
  readonly backupEligible?: boolean;
  readonly backedUp?: boolean;
  readonly userHandle?: string;
  readonly breakSignature?: boolean;
  /** An attestation statement of this format, with nothing in it. */
  readonly attestationFormat?: string;
  readonly attest?: Attester;
  /** The model that it says it is; all zeros unless said. */
  readonly aaguid?: string;
  /** Of the new key; ES256 unless said. */
  readonly algorithm?: Algorithm;
  /** The id that the response names, where it is not the credential's. */
  readonly id?: string;
}

interface Held {
  readonly id: Buffer;
  readonly keys: KeyPair;
  readonly algorithm: Algorithm;
  readonly userHandle: string;
  counter: number;
}

export const sha256 = (bytes: Buffer | string): Buffer => createHash('sha256').update(bytes).digest();
const base64url = (bytes: Buffer): string => bytes.toString('base64url');

/** A software WebAuthn authenticator with one passkey (WebAuthn Level 3, section 6). */
export function createSoftwareAuthenticator(site: { readonly rpId: string; readonly origin: string }) {
  let held: Held | undefined;

  const clientData = (type: string, challenge: string, tampering: Tampering): Buffer =>
    Buffer.from(
      JSON.stringify({
        type: tampering.type ?? type,
        challenge: tampering.challenge ?? challenge,
        origin: tampering.origin ?? site.origin,
        crossOrigin: tampering.topOrigin !== undefined,
        ...(tampering.topOrigin === undefined ? {} : { topOrigin: tampering.topOrigin }),
      }),
    );

  function authenticatorData(tampering: Tampering, counter: number, attested?: Buffer): Buffer {
    const flags =
      (tampering.userPresent === false ? 0 : 0x01) |
      (tampering.userVerified === false ? 0 : 0x04) |
      (tampering.backupEligible ? 0x08 : 0) |
      (tampering.backedUp ? 0x10 : 0) |
      (attested ? 0x40 : 0);
    const count = Buffer.alloc(4);
    count.writeUInt32BE(counter);
    return Buffer.concat([
      sha256(tampering.rpId ?? site.rpId),
      Buffer.from([flags]),
      count,
      attested ?? Buffer.alloc(0),
    ]);
  }

  return {
    register(
      options: { readonly challenge: string; readonly user: { readonly id: string } },
      tampering: Tampering = {},
    ): RegistrationResponseJSON {
      const algorithm = tampering.algorithm ?? 'ES256';
      const keys = newKeys(algorithm);
      const id = randomBytes(16);
      held = { id, keys, algorithm, userHandle: options.user.id, counter: tampering.counter ?? 1 };
      const model = Buffer.from((tampering.aaguid ?? '0'.repeat(32)).replaceAll('-', ''), 'hex');
      const attested = Buffer.concat([model, Buffer.from([0, id.length]), id, coseKey(keys, algorithm)]);
      const data = authenticatorData(tampering, held.counter, attested);
      const client = clientData('webauthn.create', options.challenge, tampering);
      const empty = () => ({ fmt: tampering.attestationFormat ?? 'none', attStmt: new Map() });
      const { fmt, attStmt } = (tampering.attest ?? empty)({
        rpIdHash: data.subarray(0, 32),
        authenticatorData: data,
        clientDataHash: sha256(client),
        credentialId: id,
        keys,
        algorithm,
      });
      const object = new Map<string, Cbor>([
        ['fmt', fmt],
        ['attStmt', attStmt],
        ['authData', data],
      ]);
      return {
        id: tampering.id ?? base64url(id),
        rawId: tampering.id ?? base64url(id),
        type: 'public-key',
        clientExtensionResults: {},
        response: {
          clientDataJSON: base64url(client),
          attestationObject: base64url(cbor(object)),
          transports: ['internal'],
        },
      };
    },

    authenticate(
      options: { readonly challenge: string },
      tampering: Tampering = {},
    ): AuthenticationResponseJSON {
      if (!held) throw new Error('register first');
      held.counter = tampering.counter ?? held.counter + 1;
      const data = authenticatorData(tampering, held.counter);
      const client = clientData('webauthn.get', options.challenge, tampering);
      const signature = signWith(held.algorithm, held.keys, Buffer.concat([data, sha256(client)]));
      if (tampering.breakSignature)
        signature.writeUInt8(signature.readUInt8(signature.length - 1) ^ 1, signature.length - 1);
      return {
        id: base64url(held.id),
        rawId: base64url(held.id),
        type: 'public-key',
        clientExtensionResults: {},
        response: {
          clientDataJSON: base64url(client),
          authenticatorData: base64url(data),
          signature: base64url(signature),
          userHandle: tampering.userHandle ?? held.userHandle,
        },
      };
    },
  };
}

const DIGESTS = { ES256: 'sha256', RS256: 'sha256', ES384: 'sha384', EdDSA: null } as const;

export const signWith = (algorithm: Algorithm, { privateKey }: KeyPair, bytes: Buffer): Buffer =>
  sign(DIGESTS[algorithm], bytes, privateKey);

function newKeys(algorithm: Algorithm): KeyPair {
  if (algorithm === 'EdDSA') return generateKeyPairSync('ed25519');
  if (algorithm === 'RS256') return generateKeyPairSync('rsa', { modulusLength: 2048 });
  return generateKeyPairSync('ec', { namedCurve: algorithm === 'ES256' ? 'P-256' : 'P-384' });
}

/** COSE (RFC 9053, RFC 8812). */
export const COSE = { ES256: -7, EdDSA: -8, RS256: -257, ES384: -35 } as const;

function coseKey({ publicKey }: KeyPair, algorithm: Algorithm): Buffer {
  const { x = '', y = '', n = '', e = '' } = publicKey.export({ format: 'jwk' });
  const bytes = (text: string): Buffer => Buffer.from(text, 'base64url');
  const alg: [number, Cbor] = [3, COSE[algorithm]];
  if (algorithm === 'RS256')
    return cbor(new Map<number, Cbor>([[1, 3], alg, [-1, bytes(n)], [-2, bytes(e)]]));
  if (algorithm === 'EdDSA') return cbor(new Map<number, Cbor>([[1, 1], alg, [-1, 6], [-2, bytes(x)]]));
  const curve = algorithm === 'ES256' ? 1 : 2;
  return cbor(new Map<number, Cbor>([[1, 2], alg, [-1, curve], [-2, bytes(x)], [-3, bytes(y)]]));
}
