import type { X509Certificate } from 'node:crypto';
import { decodeAttestationObject, isoCBOR } from '@simplewebauthn/server/helpers';
import { certificateOf, leadsTo } from '../../kernel/certificates.js';
import type { MetadataModel } from '../authenticator-metadata/authenticator-metadata.types.js';
import type { RegistrationResponseJSON } from './passkeys.types.js';
import { APPLE_ROOTS } from './trust.js';

/** What an authenticator proved about itself; `CredentialAttestation` of the schema says what each is worth. */
export type Attestation = 'NONE' | 'SELF' | 'VERIFIED' | 'UNVERIFIED';

/** WebAuthn Level 3, section 8, without SafetyNet, which its maker ended. */
const FORMATS = ['none', 'packed', 'tpm', 'android-key', 'apple', 'fido-u2f'];
const MOST_CERTIFICATES = 8;

export interface Statement {
  readonly format: string;
  /** The algorithm that it says it is signed with, as COSE names it. */
  readonly algorithm: unknown;
  /** The first is the one that signed; none where the new key did. */
  readonly chain: readonly X509Certificate[];
}

type Decoded = Map<string, unknown> & { get(key: 'attStmt'): Map<string, unknown> };

const decode = ({ response }: RegistrationResponseJSON): Decoded => {
  const decoded: unknown = decodeAttestationObject(bytesOf(response.attestationObject));
  if (!(decoded instanceof Map) || !(decoded.get('attStmt') instanceof Map))
    throw new Error('attestation object of another shape');
  return decoded as Decoded;
};

const bytesOf = (text: string): Uint8Array<ArrayBuffer> => new Uint8Array(Buffer.from(text, 'base64url'));

/**
 * @param asked whether we asked for an attestation; what proves itself with the new key alone is taken in any case
 * @throws Error for one that was not asked for, or whose certificates are none
 */
export function readStatement(response: RegistrationResponseJSON, asked: boolean): Statement {
  const decoded = decode(response);
  const format = decoded.get('fmt');
  const statement = decoded.get('attStmt');
  const x5c = statement.get('x5c');
  if (typeof format !== 'string' || !FORMATS.includes(format))
    throw new Error('attestation of a format that is not taken');
  if (!asked && format !== 'none' && (format !== 'packed' || x5c !== undefined))
    throw new Error('attestation that was not asked for');
  return { format, algorithm: statement.get('alg'), chain: x5c === undefined ? [] : chainOf(x5c) };
}

function chainOf(x5c: unknown): X509Certificate[] {
  if (!Array.isArray(x5c) || x5c.length === 0 || x5c.length > MOST_CERTIFICATES)
    throw new Error('attestation with too few or too many certificates');
  return x5c.map((bytes: unknown) => {
    if (!(bytes instanceof Uint8Array)) throw new Error('attestation with what is no certificate');
    return certificateOf(bytes);
  });
}

/** The object identifier of CRL distribution points (RFC 5280, section 4.2.1.13), in DER. */
const REVOCATION_LIST = Buffer.from('0603551d1f', 'hex');
const namesList = (certificate: X509Certificate): boolean => certificate.raw.includes(REVOCATION_LIST);
const isOwnIssuer = (certificate: X509Certificate): boolean => certificate.subject === certificate.issuer;

/**
 * The response as the library may see it. In Android's format it takes the last certificate that came along for an
 * anchor and then asks the revocation lists of those below; so it gets the first two, and only where it finds no list.
 * The whole chain is ours to follow.
 *
 * @throws Error where it would find one
 */
export function withoutLists(
  response: RegistrationResponseJSON,
  { format, chain }: Statement,
): RegistrationResponseJSON {
  if (format !== 'android-key') return response;
  const [leaf, issuer] = chain;
  if (!leaf || !issuer || namesList(leaf) || (isOwnIssuer(issuer) && namesList(issuer)))
    throw new Error('attestation that can not be checked without asking others');
  const decoded = decode(response);
  decoded.get('attStmt').set('x5c', [new Uint8Array(leaf.raw), new Uint8Array(issuer.raw)]);
  const attestationObject = Buffer.from(isoCBOR.encode(decoded as never)).toString('base64url');
  return { ...response, response: { ...response.response, attestationObject } };
}

/** FIDO Registry 2.2, sections 3.6.3 and 3.6.1: types with certificates, and the algorithms that we offer. */
const CERTIFIED_TYPES = ['basic_full', 'attca', 'anonca'];
const ALGORITHM_NAMES = new Map([
  [-7, ['secp256r1_ecdsa_sha256_raw', 'secp256r1_ecdsa_sha256_der']],
  [-8, ['ed25519_eddsa_sha512_raw']],
  [-257, ['rsassa_pkcsv15_sha256_raw']],
]);

/**
 * What a statement, whose signature is good, says of the model that the response names.
 *
 * @param model what the metadata says of that model, if anything
 * @param algorithm of the new key
 * @throws Error where the metadata contradicts it: someone poses as that model
 */
export function judge(
  { format, chain }: Statement,
  model: MetadataModel | undefined,
  algorithm: number,
  at: Date,
): Attestation {
  if (format === 'none') return 'NONE';
  if (chain.length === 0) return 'SELF';
  const anchors = [...anchorsOf(model), ...(format === 'apple' ? APPLE_ROOTS : [])];
  if (anchors.length === 0) return 'UNVERIFIED';
  if (!leadsTo(chain, anchors, at)) throw new Error('attestation that the maker of the model did not give');
  if (model && !vouchesFor(model, algorithm)) throw new Error('attestation that the model does not give');
  return 'VERIFIED';
}

function vouchesFor({ statement }: MetadataModel, algorithm: number): boolean {
  const names = ALGORITHM_NAMES.get(algorithm) ?? [];
  return (
    statement.attestationTypes.some((type) => CERTIFIED_TYPES.includes(type)) &&
    statement.authenticationAlgorithms.some((name) => names.includes(name))
  );
}

function anchorsOf(model: MetadataModel | undefined): X509Certificate[] {
  return (model?.statement.attestationRootCertificates ?? []).flatMap((text) => {
    try {
      return [certificateOf(Buffer.from(text, 'base64'))];
    } catch {
      return [];
    }
  });
}
