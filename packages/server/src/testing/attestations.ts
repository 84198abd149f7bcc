import { createHash, sign } from 'node:crypto';
import { type Attester, COSE, sha256, signWith } from './authenticator.js';
import type { Cbor } from './cbor.js';
import {
  type Certified,
  certify,
  der,
  extension,
  modelExtension,
  octets,
  oid,
  sequence,
} from './certificates.js';

const chainOf = (chain: readonly Certified[]): Cbor => chain.map(({ certificate }) => certificate);
const statement = (...entries: [string, Cbor][]): Cbor => new Map(entries);

const signed = (key: Certified['key'], ...parts: readonly Buffer[]): Buffer =>
  sign('sha256', Buffer.concat(parts), key);

/** WebAuthn Level 3, section 8.2.1: who vouches for all keys of a model. */
export const modelCertificate = (
  by: Certified,
  aaguid: string,
  more: Partial<Parameters<typeof certify>[0]> = {},
): Certified =>
  certify({
    name: { C: 'DE', O: 'Test', OU: 'Authenticator Attestation', CN: 'A key of the test' },
    by,
    ...more,
    extensions: [modelExtension(aaguid), ...(more.extensions ?? [])],
  });

/** WebAuthn Level 3, section 8.2: signed by the new key itself. */
export const packedSelf =
  (claimed?: number): Attester =>
  ({ authenticatorData, clientDataHash, keys, algorithm }) => ({
    fmt: 'packed',
    attStmt: statement(
      ['alg', claimed ?? COSE[algorithm]],
      ['sig', signWith(algorithm, keys, Buffer.concat([authenticatorData, clientDataHash]))],
    ),
  });

/** WebAuthn Level 3, section 8.2, with a chain whose first certificate signs. */
export const packed =
  ([signer, ...rest]: readonly [Certified, ...Certified[]]): Attester =>
  ({ authenticatorData, clientDataHash }) => ({
    fmt: 'packed',
    attStmt: statement(
      ['alg', COSE.ES256],
      ['sig', signed(signer.key, authenticatorData, clientDataHash)],
      ['x5c', chainOf([signer, ...rest])],
    ),
  });

/** WebAuthn Level 3, section 8.6. */
export const fidoU2f =
  (signer: Certified): Attester =>
  ({ rpIdHash, clientDataHash, credentialId, keys }) => {
    const { x = '', y = '' } = keys.publicKey.export({ format: 'jwk' });
    const point = Buffer.concat([Buffer.from([4]), Buffer.from(x, 'base64url'), Buffer.from(y, 'base64url')]);
    return {
      fmt: 'fido-u2f',
      attStmt: statement(
        ['sig', signed(signer.key, Buffer.from([0]), rpIdHash, clientDataHash, credentialId, point)],
        ['x5c', chainOf([signer])],
      ),
    };
  };

/** WebAuthn Level 3, section 8.8: a certificate for the new key, made for this one registration. */
export const apple =
  (issuer: Certified, nonce?: Buffer): Attester =>
  ({ authenticatorData, clientDataHash, keys }) => {
    const proof = nonce ?? sha256(Buffer.concat([authenticatorData, clientDataHash]));
    const leaf = certify({
      name: { CN: 'Passkey' },
      by: issuer,
      keys,
      extensions: [extension('1.2.840.113635.100.8.2', sequence(der(0xa1, octets(proof))))],
    });
    return { fmt: 'apple', attStmt: statement(['x5c', chainOf([leaf, issuer])]) };
  };

const integer = (value: number): Buffer => der(0x02, Buffer.from([value]));
const enumerated = (value: number): Buffer => der(0x0a, Buffer.from([value]));

/** WebAuthn Level 3, section 8.4: the device's own store of keys describes the new one. */
export const androidKey =
  (
    [issuer, ...rest]: readonly [Certified, ...Certified[]],
    more: { readonly challenge?: Buffer; readonly extensions?: readonly Buffer[] } = {},
  ): Attester =>
  ({ authenticatorData, clientDataHash, keys, algorithm }) => {
    const description = sequence(
      integer(3),
      enumerated(1),
      integer(4),
      enumerated(1),
      octets(more.challenge ?? clientDataHash),
      octets(Buffer.alloc(0)),
      sequence(),
      sequence(),
    );
    const leaf = certify({
      name: { CN: 'Android Keystore Key' },
      by: issuer,
      keys,
      extensions: [extension('1.3.6.1.4.1.11129.2.1.17', description), ...(more.extensions ?? [])],
    });
    return {
      fmt: 'android-key',
      attStmt: statement(
        ['alg', COSE[algorithm]],
        ['sig', signWith(algorithm, keys, Buffer.concat([authenticatorData, clientDataHash]))],
        ['x5c', chainOf([leaf, issuer, ...rest])],
      ),
    };
  };

const sized = (bytes: Buffer): Buffer =>
  Buffer.concat([Buffer.from([bytes.length >> 8, bytes.length & 0xff]), bytes]);
const hex = (text: string): Buffer => Buffer.from(text, 'hex');

const attribute = (id: string, value: string): Buffer =>
  der(0x31, sequence(oid(id), der(0x0c, Buffer.from(value))));

/** WebAuthn Level 3, section 8.3.1: the certificate of a TPM's attestation key. */
export const tpmCertificate = (
  by: Certified,
  aaguid: string,
  extensions: readonly Buffer[] = [],
): Certified =>
  certify({
    name: {},
    by,
    extensions: [
      extension(
        '2.5.29.17',
        sequence(
          der(
            0xa4,
            sequence(
              attribute('2.23.133.2.1', 'id:494E5443'),
              attribute('2.23.133.2.2', 'Test'),
              attribute('2.23.133.2.3', 'id:1'),
            ),
          ),
        ),
        true,
      ),
      extension('2.5.29.37', sequence(oid('2.23.133.8.3'))),
      modelExtension(aaguid),
      ...extensions,
    ],
  });

/** WebAuthn Level 3, section 8.3: TPM 2.0 certifies a key on P-256. */
export const tpm =
  ([signer, ...rest]: readonly [Certified, ...Certified[]], magic = 'ff544347'): Attester =>
  ({ authenticatorData, clientDataHash, keys }) => {
    const { x = '', y = '' } = keys.publicKey.export({ format: 'jwk' });
    const pubArea = Buffer.concat([
      hex('0023000b00060472'),
      sized(Buffer.alloc(0)),
      hex('0010001000030010'),
      sized(Buffer.from(x, 'base64url')),
      sized(Buffer.from(y, 'base64url')),
    ]);
    const name = Buffer.concat([hex('000b'), createHash('sha256').update(pubArea).digest()]);
    const certInfo = Buffer.concat([
      hex(`${magic}8017`),
      sized(Buffer.alloc(0)),
      sized(sha256(Buffer.concat([authenticatorData, clientDataHash]))),
      Buffer.alloc(17),
      Buffer.alloc(8),
      sized(name),
      sized(Buffer.alloc(0)),
    ]);
    return {
      fmt: 'tpm',
      attStmt: statement(
        ['ver', '2.0'],
        ['alg', COSE.ES256],
        ['x5c', chainOf([signer, ...rest])],
        ['sig', signed(signer.key, certInfo)],
        ['certInfo', certInfo],
        ['pubArea', pubArea],
      ),
    };
  };
