import { X509Certificate } from 'node:crypto';
import { compactVerify, decodeProtectedHeader } from 'jose';
import { z } from 'zod';
import { certificateOf, leadsTo } from '../../kernel/certificates.js';
import { parseInput } from '../../kernel/command.js';
import { invalid } from '../../kernel/errors.js';
import type { MetadataModel, MetadataTrust } from './authenticator-metadata.types.js';

const ALGORITHMS = ['RS256', 'RS384', 'RS512', 'ES256', 'ES384', 'ES512'];

const day = z.iso.date();
const names = z.array(z.string()).default([]);
const statement = z.looseObject({
  description: z
    .string()
    .min(1)
    .transform((text) => text.slice(0, 200)),
  icon: z
    .string()
    .regex(/^data:image\/(png|svg\+xml|jpeg|gif|webp)[;,]/)
    .max(1_000_000)
    .optional()
    .catch(undefined),
  authenticationAlgorithms: names,
  attestationTypes: names,
  attestationRootCertificates: names,
});
/** FIDO Metadata Service 3.0, section 3.1.1, of what has an AAGUID; older kinds of authenticators hold no passkeys. */
const entry = z.looseObject({
  aaguid: z.uuid().toLowerCase(),
  metadataStatement: statement.optional(),
  statusReports: z.array(z.looseObject({ status: z.string(), effectiveDate: day.optional() })),
});
const hasModel = (value: unknown): boolean =>
  typeof value === 'object' && value !== null && 'aaguid' in value && value.aaguid != null;
/** FIDO Metadata Service 3.0, section 3.1.6, as far as it is read. */
const payload = z.object({
  no: z.number().int().nonnegative(),
  nextUpdate: day,
  entries: z
    .array(z.unknown())
    .max(50_000)
    .transform((entries) => entries.filter(hasModel))
    .pipe(z.array(entry)),
});

export interface Metadata {
  readonly number: number;
  readonly nextUpdate: Date;
  readonly models: readonly MetadataModel[];
}

/**
 * What a file of the FIDO Metadata Service says, once its signature is found good: a JWS (RFC 7515) with the chain of
 * its certificates in it. Nothing is fetched.
 *
 * @throws DomainError INVALID_INPUT for what is not signed as it should be, or says something else
 */
export async function readBlob(blob: string, trust: MetadataTrust, at: Date): Promise<Metadata> {
  const signer = signerOf(blob.trim());
  if (
    !leadsTo(
      signer,
      trust.roots.map((pem) => new X509Certificate(pem)),
      at,
    )
  )
    throw invalid(
      'The certificate that signed this file does not lead to the root of the FIDO Alliance.',
      'blob',
    );
  const [leaf] = signer;
  if (leaf?.checkHost(trust.signer, { wildcards: false }) === undefined)
    throw invalid(`This file is not signed by ${trust.signer}.`, 'blob');
  const verified = await compactVerify(blob.trim(), leaf.publicKey, { algorithms: ALGORITHMS }).catch(
    () => undefined,
  );
  if (!verified)
    throw invalid('The signature of this file is wrong: it was changed, or is not whole.', 'blob');
  return metadataOf(verified.payload);
}

function signerOf(blob: string): X509Certificate[] {
  try {
    const { x5c } = decodeProtectedHeader(blob);
    if (x5c && x5c.length > 0) return x5c.map((text) => certificateOf(Buffer.from(text, 'base64')));
  } catch {
    // The same sentence as for a file without certificates.
  }
  throw invalid('This is not a file of the FIDO Metadata Service.', 'blob');
}

function metadataOf(bytes: Uint8Array): Metadata {
  const read = parseInput(payload, parsed(Buffer.from(bytes).toString('utf8')));
  const models = new Map<string, MetadataModel>();
  for (const { aaguid, metadataStatement, statusReports } of read.entries) {
    const { icon, ...rest } = metadataStatement ?? statement.parse({ description: aaguid });
    const { description } = rest;
    models.set(aaguid, { aaguid, description, icon: icon ?? null, statusReports, statement: rest });
  }
  return { number: read.no, nextUpdate: new Date(read.nextUpdate), models: [...models.values()] };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw invalid('What this file carries is not JSON.', 'blob');
  }
}
