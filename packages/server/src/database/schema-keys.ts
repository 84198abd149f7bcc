import type { Json, Time, WithDefault } from './columns.js';

export type SigningKeyStatus = 'NEXT' | 'CURRENT' | 'PREVIOUS' | 'RETIRED';
export type SigningAlgorithm = 'ES256' | 'EdDSA' | 'RS256';

export interface SigningKeysTable {
  realm_id: string;
  id: string;
  status: SigningKeyStatus;
  algorithm: SigningAlgorithm;
  public_jwk: Json<Record<string, unknown>>;
  /** Null once it is retired. */
  wrapped_private_jwk: Buffer | null;
  created_at: Time;
  /** When it began to sign. */
  activated_at: WithDefault<Date | null>;
  /** When it stopped. */
  demoted_at: WithDefault<Date | null>;
  retired_at: WithDefault<Date | null>;
}

export interface SigningKeySettingsTable {
  realm_id: string;
  algorithm: SigningAlgorithm;
  /** Null: only by hand. */
  rotation_days: number | null;
  version: WithDefault<number>;
  updated_at: WithDefault<Date>;
}
