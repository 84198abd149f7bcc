import type { GeneratedAlways } from 'kysely';
import type { Json, Time, WithDefault } from './columns.js';

export interface ImportsTable {
  realm_id: string;
  id: string;
  name: string;
  format: 'CSV' | 'NDJSON';
  mode: 'CREATE' | 'UPSERT';
  match_by: 'USERNAME' | 'EXTERNAL_ID';
  delimiter: WithDefault<string>;
  mapping: Json<{ column: string; field: string }[] | null>;
  status: WithDefault<
    | 'UPLOADING'
    | 'READY'
    | 'CHECKING'
    | 'CHECKED'
    | 'RUNNING'
    | 'PAUSED'
    | 'COMPLETED'
    | 'COMPLETED_WITH_ERRORS'
    | 'CANCELLED'
  >;
  created_by_name: string;
  correlation_id: string;
  upload_id: string | null;
  lines: WithDefault<number>;
  last_line: WithDefault<number>;
  lines_digest: Buffer | null;
  pass: WithDefault<number>;
  dry_run: WithDefault<boolean>;
  /** Who started the pass and what they held then. */
  starter: Json<object | null>;
  done_to_line: WithDefault<number>;
  processed: WithDefault<number>;
  created: WithDefault<number>;
  updated: WithDefault<number>;
  unchanged: WithDefault<number>;
  failed: WithDefault<number>;
  paused_reason: string | null;
  lease_id: string | null;
  leased_until: Date | null;
  attempts: WithDefault<number>;
  created_at: Time;
  updated_at: Time;
  started_at: Date | null;
  finished_at: Date | null;
  purged_at: Date | null;
}

export interface ImportRowsTable {
  realm_id: string;
  import_id: string;
  line: number;
  data: Json<Record<string, unknown>>;
  problem: string | null;
  username_key: string | null;
  username_skeleton: GeneratedAlways<string | null>;
  external_id: string | null;
  pass: WithDefault<number>;
  status: 'CREATED' | 'UPDATED' | 'UNCHANGED' | 'FAILED' | null;
  error_code: string | null;
  error_message: string | null;
  error_column: string | null;
  identity_id: string | null;
}
