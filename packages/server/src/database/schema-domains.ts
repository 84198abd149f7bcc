import type { Time, WithDefault } from './columns.js';

export interface RealmDomainsTable {
  realm_id: string;
  domain: string;
  /** null: asked for, and not yet seen to lead to us. */
  verified_at: WithDefault<Date | null>;
  created_at: Time;
}
