import type { MetadataStatement, StatusReport } from '../../database/schema-metadata.js';

export type { MetadataStatement, StatusReport } from '../../database/schema-metadata.js';

/** Whose signature makes metadata worth believing. */
export interface MetadataTrust {
  /** Certificates as PEM. */
  readonly roots: readonly string[];
  /** The name that the signing certificate must be for: the roots sign certificates for everyone. */
  readonly signer: string;
}

/** What the metadata says of one model of authenticators. */
export interface MetadataModel {
  /** A UUID in small letters. */
  readonly aaguid: string;
  /** For people, in English. */
  readonly description: string;
  /** A picture as a `data:` address. */
  readonly icon: string | null;
  readonly statusReports: readonly StatusReport[];
  readonly statement: MetadataStatement;
}

/** FIDO Metadata Service 3.0, section 3.1.4: after one of these a key of the model proves nothing any more. */
const UNTRUSTWORTHY = [
  'ATTESTATION_KEY_COMPROMISE',
  'REVOKED',
  'USER_KEY_PHYSICAL_COMPROMISE',
  'USER_KEY_REMOTE_COMPROMISE',
  'USER_VERIFICATION_BYPASS',
] as const;
export type Untrustworthy = (typeof UNTRUSTWORTHY)[number];

const inForce = (model: MetadataModel, at: Date): string[] =>
  model.statusReports
    .filter(({ effectiveDate }) => effectiveDate === undefined || new Date(effectiveDate) <= at)
    .map(({ status }) => status);

/**
 * Why a model is not to be trusted. A later report does not lift an earlier one: an authenticator can't prove that its
 * owner brought it up to date.
 */
export function weaknessOf(model: MetadataModel, at: Date): Untrustworthy | undefined {
  const statuses = inForce(model, at);
  return UNTRUSTWORTHY.find((status) => statuses.includes(status));
}

export const hasUpdate = (model: MetadataModel, at: Date): boolean =>
  inForce(model, at).includes('UPDATE_AVAILABLE');
