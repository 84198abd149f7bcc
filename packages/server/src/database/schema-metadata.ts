import type { Generated } from 'kysely';
import type { Json, Time } from './columns.js';

export interface AuthenticatorMetadataTable {
  singleton: Generated<boolean>;
  /** A bigint in the database; the pool reads those as numbers. */
  number: number;
  next_update: Date;
  imported_at: Time;
  imported_by_name: string;
  entries: number;
}

export interface AuthenticatorModelsTable {
  aaguid: string;
  description: string;
  icon: string | null;
  status_reports: Json<readonly StatusReport[]>;
  statement: Json<MetadataStatement>;
}

/** FIDO Metadata Service 3.0, section 3.1.3, as far as it is read. */
export interface StatusReport {
  readonly status: string;
  /** `2026-11-25` */
  readonly effectiveDate?: string | undefined;
}

/** FIDO Metadata Statement 3.0, section 4, as far as it is read; the rest is kept. */
export interface MetadataStatement {
  readonly description: string;
  readonly authenticationAlgorithms: readonly string[];
  readonly attestationTypes: readonly string[];
  /** Base64 of DER. */
  readonly attestationRootCertificates: readonly string[];
}
