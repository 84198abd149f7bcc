import { createHash, generateKeyPairSync, type KeyObject, randomBytes, sign } from 'node:crypto';
import type {
  AuthenticationResponseJSON,
  RegistrationResponseJSON,
} from '../modules/passkeys/passkeys.types.js';

/** What a hostile authenticator or browser may say differently. */
export interface Tampering {
  readonly origin?: string;
  readonly rpId?: string;
  readonly counter?: number;
  readonly userVerified?: boolean;
  readonly userHandle?: string;
  readonly breakSignature?: boolean;
  /** An attestation statement of this format, with nothing in it. */
  readonly attestationFormat?: string;
  /** The model that it says it is; all zeros unless said. */
  readonly aaguid?: string;
}

interface Held {
  readonly id: Buffer;
  readonly key: KeyObject;
  readonly userHandle: string;
  counter: number;
}

const sha256 = (bytes: Buffer | string): Buffer => createHash('sha256').update(bytes).digest();
const base64url = (bytes: Buffer): string => bytes.toString('base64url');

/** A software WebAuthn authenticator with one ES256 passkey (WebAuthn Level 3, section 6). */
export function createSoftwareAuthenticator(site: { readonly rpId: string; readonly origin: string }) {
  let held: Held | undefined;

  const clientData = (type: string, challenge: string, tampering: Tampering): Buffer =>
    Buffer.from(
      JSON.stringify({ type, challenge, origin: tampering.origin ?? site.origin, crossOrigin: false }),
    );

  function authenticatorData(tampering: Tampering, counter: number, attested?: Buffer): Buffer {
    const flags = 0x01 | (tampering.userVerified === false ? 0 : 0x04) | (attested ? 0x40 : 0);
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
      const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
      const id = randomBytes(16);
      held = { id, key: privateKey, userHandle: options.user.id, counter: 1 };
      const { x = '', y = '' } = publicKey.export({ format: 'jwk' });
      const model = Buffer.from((tampering.aaguid ?? '0'.repeat(32)).replaceAll('-', ''), 'hex');
      const attested = Buffer.concat([model, Buffer.from([0, id.length]), id, coseKey(x, y)]);
      const data = authenticatorData(tampering, held.counter, attested);
      return {
        id: base64url(id),
        rawId: base64url(id),
        type: 'public-key',
        clientExtensionResults: {},
        response: {
          clientDataJSON: base64url(clientData('webauthn.create', options.challenge, tampering)),
          attestationObject: base64url(attestationObject(data, tampering.attestationFormat ?? 'none')),
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
      const signature = sign('sha256', Buffer.concat([data, sha256(client)]), held.key);
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

/** {1: 2, 3: -7, -1: 1, -2: x, -3: y} in CBOR: an EC2 key on P-256 for ES256 (RFC 9053). */
const coseKey = (x: string, y: string): Buffer =>
  Buffer.concat([
    Buffer.from([0xa5, 0x01, 0x02, 0x03, 0x26, 0x20, 0x01, 0x21, 0x58, 0x20]),
    Buffer.from(x, 'base64url'),
    Buffer.from([0x22, 0x58, 0x20]),
    Buffer.from(y, 'base64url'),
  ]);

/** {fmt, attStmt: {}, authData} in CBOR. */
const attestationObject = (authData: Buffer, format: string): Buffer =>
  Buffer.concat([
    Buffer.from([0xa3, 0x63]),
    Buffer.from('fmt'),
    Buffer.from([0x60 + format.length]),
    Buffer.from(format),
    Buffer.from([0x67]),
    Buffer.from('attStmt'),
    Buffer.from([0xa0, 0x68]),
    Buffer.from('authData'),
    Buffer.from([0x59, authData.length >> 8, authData.length & 0xff]),
    authData,
  ]);
