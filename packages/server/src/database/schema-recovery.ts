import type { Time, WithDefault } from './columns.js';

export type ExistingPasskeys = 'KEEP' | 'REVOKE';

export interface RecoverySettingsTable {
  realm_id: string;
  email_link: WithDefault<boolean>;
  /** Minutes between the request and the link. */
  waiting_minutes: WithDefault<number>;
  /** Null for as long as nobody chose. */
  existing_passkeys: WithDefault<ExistingPasskeys | null>;
  version: WithDefault<number>;
  updated_at: Time;
}

export interface RecoveryAsksTable {
  realm_id: string;
  id: string;
  address_key: string;
  address: string | null;
  correlation_id: string;
  ip: string | null;
  user_agent: string | null;
  attempts: WithDefault<number>;
  next_attempt_at: Time;
  created_at: Time;
}

export interface RecoveryRequestsTable {
  realm_id: string;
  id: string;
  identity_id: string;
  method: 'EMAIL_LINK' | 'ADMINISTRATOR';
  status: 'WAITING' | 'READY' | 'COMPLETED' | 'STOPPED' | 'REFUSED' | 'EXPIRED';
  address: string | null;
  notified: string[];
  existing_passkeys: ExistingPasskeys;
  reason: string | null;
  stop_hash: Buffer | null;
  undo_hash: WithDefault<Buffer | null>;
  undo_until: WithDefault<Date | null>;
  binding_job_id: string | null;
  passkey_id: WithDefault<string | null>;
  correlation_id: string;
  ready_at: Date;
  expires_at: Date | null;
  attempts: WithDefault<number>;
  next_attempt_at: Date;
  created_at: Time;
  ended_at: WithDefault<Date | null>;
}
