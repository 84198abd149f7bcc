import type { ColumnType } from 'kysely';
import type { Versioned } from './columns.js';

/** Has a default of its own that is not null. */
type Limit = ColumnType<number | null, number | null | undefined, number | null>;
type Switch = ColumnType<boolean, boolean | undefined, boolean>;
type Moment = ColumnType<Date | null, Date | null | undefined, Date | null>;

export interface ProvisioningClientsTable extends Versioned {
  realm_id: string;
  id: string;
  application_id: string;
  /** Empty for the application itself. */
  token_name: string;
  display_name: string;
  last_seen_at: Date;
  adopts_unowned: Switch;
  dry_run: Switch;
  max_count: Limit;
  max_percent: Limit;
  window_minutes: Limit;
  paused_at: Moment;
  paused_reason: ColumnType<string | null, string | null | undefined, string | null>;
  rejected_at: Moment;
  released_until: Moment;
}

export interface ProvisioningDeprovisionsTable {
  realm_id: string;
  client_id: string;
  id: string;
}

export interface ProvisioningRequestsTable {
  realm_id: string;
  id: string;
  client_id: string | null;
  occurred_at: Date;
  request_id: string;
  method: string;
  path: string;
  status: number;
  scim_type: string | null;
  detail: string | null;
  duration_ms: number;
  effect: string | null;
  dry_run: boolean;
  resource_kind: string | null;
  resource_id: string | null;
}
