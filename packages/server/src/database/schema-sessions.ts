import type { Generated } from 'kysely';
import type { Time, WithDefault } from './columns.js';

export interface SessionsTable {
  realm_id: string;
  id: string;
  identity_id: string;
  passkey_id: string;
  created_at: Time;
  /** By its age alone, as the realm had it when it was opened. */
  expires_at: Date;
  /** Written at most once a minute. */
  last_seen_at: Time;
  ip: string | null;
  user_agent: string | null;
}

/** A view: the sessions that count now; `expires_at` is when they end if nobody is seen again. */
export type LiveSessions = SessionsTable;

export interface SessionSettingsTable {
  realm_id: string;
  absolute_seconds: number;
  /** null: a session ends by its age alone. */
  idle_seconds: number | null;
  version: Generated<number>;
  updated_at: WithDefault<Date>;
}
