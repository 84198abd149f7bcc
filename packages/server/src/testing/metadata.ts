import { sign } from 'node:crypto';
import { type Certified, certify, dnsName, pem } from './certificates.js';

/** A FIDO Alliance of our own: its root, and whoever signs its files. */
export function createMetadataAuthority(host = 'mds.example') {
  const root = certify({ name: { CN: 'Metadata root' }, ca: true });
  const intermediate = certify({ name: { CN: 'Metadata intermediate' }, by: root, ca: true });
  const signer = certify({ name: { CN: host }, by: intermediate, extensions: [dnsName(host)] });
  return {
    root,
    intermediate,
    trust: { roots: [pem(root.certificate)], signer: host },
    blob: (content: BlobContent, by: readonly Certified[] = [signer, intermediate]) => signBlob(content, by),
  };
}

interface BlobContent {
  readonly no: number;
  readonly nextUpdate: string;
  readonly entries: readonly unknown[];
}

/** A JWS (RFC 7515) with the chain of its certificates: the shape of FIDO Metadata Service 3.0, section 3.1.7. */
export function signBlob(content: BlobContent, [signer, ...rest]: readonly Certified[]): string {
  if (!signer) throw new Error('nobody signs');
  const x5c = [signer, ...rest].map(({ certificate }) => certificate.toString('base64'));
  const encode = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');
  const head = `${encode({ alg: 'ES256', typ: 'JWT', x5c })}.${encode({ legalHeader: 'A test', ...content })}`;
  const signature = sign('sha256', Buffer.from(head), { key: signer.key, dsaEncoding: 'ieee-p1363' });
  return `${head}.${signature.toString('base64url')}`;
}

interface EntryDetails {
  readonly description?: string;
  readonly roots?: readonly Buffer[];
  readonly statuses?: readonly { status: string; effectiveDate?: string }[];
  readonly types?: readonly string[];
  readonly algorithms?: readonly string[];
}

/** What a file says of one model (FIDO Metadata Service 3.0, section 3.1.1). */
export const entryOf = (aaguid: string, details: EntryDetails = {}) => ({
  aaguid,
  timeOfLastStatusChange: '2026-01-01',
  statusReports: details.statuses ?? [{ status: 'FIDO_CERTIFIED', effectiveDate: '2026-01-01' }],
  metadataStatement: {
    description: details.description ?? 'A key of the test',
    aaguid,
    protocolFamily: 'fido2',
    schema: 3,
    authenticationAlgorithms: details.algorithms ?? ['secp256r1_ecdsa_sha256_raw'],
    publicKeyAlgAndEncodings: ['cose'],
    attestationTypes: details.types ?? ['basic_full'],
    attestationRootCertificates: (details.roots ?? []).map((root) => root.toString('base64')),
  },
});
