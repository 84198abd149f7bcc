import type { Json } from './columns.js';

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
