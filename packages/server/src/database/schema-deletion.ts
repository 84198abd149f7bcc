import type { Generated } from 'kysely';
import type { Json, WithDefault } from './columns.js';

type Kept = Record<string, unknown>;

/** An identity's row and the rows that hung on it, each as `to_jsonb` gives it. */
export interface IdentitySnapshot {
  identity: Kept;
  passkeys: Kept[];
  /** With the name of the group as `_name`. */
  memberships: (Kept & { group_id: string; _name: string })[];
  /** With the name of the role as `_name`. */
  roleAssignments: (Kept & { role_id: string; _name: string })[];
  bindingJobs: Kept[];
}

export interface DeletedIdentitiesTable {
  realm_id: string;
  id: string;
  username: string;
  display_name: string;
  external_id: string | null;
  searched: string;
  management_scopes: string[];
  deleted_at: Date;
  deleted_by_name: string;
  purge_at: Date;
  snapshot: Json<IdentitySnapshot>;
}

export interface ErasuresTable {
  realm_id: string;
  id: string;
  identity_id: string;
  reason: string;
  state: WithDefault<'RUNNING' | 'SETTLING' | 'DONE'>;
  related_ids: string[];
  correlation_ids: string[];
  acted_in_realm_ids: string[];
  part: Generated<number>;
  after_event: WithDefault<string | null>;
  events_erased: Generated<number>;
  started_at: Date;
  finished_at: WithDefault<Date | null>;
}

/** Of each group of personal fields of an event either the salt is there or, after an erasure, the digest. */
export interface ErasableGroups {
  actor_salt: WithDefault<string | null>;
  subject_salt: WithDefault<string | null>;
  data_salt: WithDefault<string | null>;
  actor_digest: WithDefault<Buffer | null>;
  subject_digest: WithDefault<Buffer | null>;
  data_digest: WithDefault<Buffer | null>;
}
