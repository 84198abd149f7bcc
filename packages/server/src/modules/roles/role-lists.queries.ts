import { type Selectable, sql } from 'kysely';
import type { RoleAssignmentsTable, RolesTable } from '../../database/schema.js';
import type { Db, Tx } from '../../kernel/command.js';
import type { Slice } from '../../kernel/page.js';
import { likePattern } from '../../kernel/text.js';

type RoleRow = Selectable<RolesTable>;

export interface RoleFilter {
  readonly query?: string | undefined;
  readonly resourceServerId?: string | undefined;
}

export function selectRoles(
  db: Db,
  realmId: string,
  slice: Slice,
  { query: search, resourceServerId }: RoleFilter,
): Promise<RoleRow[]> {
  let query = db.selectFrom('roles').selectAll().where('realm_id', '=', realmId);
  if (search) query = query.where('display_name', 'ilike', likePattern(search));
  if (resourceServerId) query = query.where('resource_server_id', '=', resourceServerId);
  const [from] = slice.from ?? [];
  if (from !== undefined) query = query.where('id', slice.backward ? '<' : '>', from);
  return query
    .orderBy('id', slice.backward ? 'desc' : 'asc')
    .limit(slice.limit + 1)
    .execute();
}

export const selectManyRoles = (db: Db, realmId: string, ids: readonly string[]): Promise<RoleRow[]> =>
  db
    .selectFrom('roles')
    .selectAll()
    .where('realm_id', '=', realmId)
    .where('id', 'in', [...ids])
    .execute();

export const selectScopesOfRoles = (db: Db | Tx, realmId: string, roleIds: readonly string[]) =>
  db
    .selectFrom('role_scopes')
    .select(['role_id', 'scope'])
    .where('realm_id', '=', realmId)
    .where('role_id', 'in', [...roleIds])
    .orderBy('scope')
    .execute();

export type AssignmentRow = Pick<
  Selectable<RoleAssignmentsTable>,
  'realm_id' | 'id' | 'role_id' | 'identity_id' | 'group_id' | 'reaches_realm_ids' | 'created_at'
> & { readonly holder_name: string };

/** Who holds a role, the oldest first. */
export async function selectAssignments(
  db: Db,
  realmId: string,
  roleId: string,
  slice: Slice,
): Promise<AssignmentRow[]> {
  const [from] = slice.from ?? [];
  const beyond = from === undefined ? sql`` : sql`and a.id ${sql.raw(slice.backward ? '<' : '>')} ${from}`;
  const { rows } = await sql<AssignmentRow>`
    select a.*, coalesce(g.display_name, i.display_name) as holder_name
    from role_assignments a
    left join groups g on g.realm_id = a.realm_id and g.id = a.group_id
    left join identities i on i.realm_id = a.realm_id and i.id = a.identity_id
    where a.realm_id = ${realmId} and a.role_id = ${roleId} ${beyond}
    order by a.id ${sql.raw(slice.backward ? 'desc' : 'asc')} limit ${slice.limit + 1}`.execute(db);
  return rows;
}

/** Names of who holds a role, groups first; one more than `most` where there are more. */
export async function selectHolderNames(
  tx: Tx,
  realmId: string,
  roleId: string,
  most: number,
): Promise<{ kind: 'GROUP' | 'IDENTITY'; name: string }[]> {
  const { rows } = await sql<{ kind: 'GROUP' | 'IDENTITY'; name: string }>`
    select case when a.group_id is null then 'IDENTITY' else 'GROUP' end as kind,
      coalesce(g.display_name, i.display_name) as name
    from role_assignments a
    left join groups g on g.realm_id = a.realm_id and g.id = a.group_id
    left join identities i on i.realm_id = a.realm_id and i.id = a.identity_id
    where a.realm_id = ${realmId} and a.role_id = ${roleId}
    order by a.group_id nulls last, a.id limit ${most + 1}`.execute(tx);
  return rows;
}

export interface HeldRow extends AssignmentRow {
  readonly holder_id: string;
  readonly role_name: string;
  readonly resource_server_id: string;
  readonly group_name: string | null;
}

/** Every assignment that each identity holds, its own and its groups', in one statement. */
export async function selectHeldByIdentities(
  db: Db,
  realmId: string,
  identityIds: readonly string[],
): Promise<HeldRow[]> {
  const { rows } = await sql<HeldRow>`
    select a.*, h.identity_id as holder_id, r.display_name as role_name, r.resource_server_id,
      g.display_name as group_name, coalesce(g.display_name, i.display_name) as holder_name
    from unnest(${sql.val([...identityIds])}::uuid[]) as h(identity_id)
    join lateral (
      select a.* from role_assignments a where a.realm_id = ${realmId} and a.identity_id = h.identity_id
      union all
      select a.* from group_members m join role_assignments a on a.realm_id = m.realm_id and a.group_id = m.group_id
      where m.realm_id = ${realmId} and m.identity_id = h.identity_id
    ) a on true
    join roles r on r.realm_id = a.realm_id and r.id = a.role_id
    left join groups g on g.realm_id = a.realm_id and g.id = a.group_id
    left join identities i on i.realm_id = a.realm_id and i.id = a.identity_id
    order by lower(r.display_name), a.id`.execute(db);
  return rows;
}

export async function selectHeldByGroups(
  db: Db,
  realmId: string,
  groupIds: readonly string[],
): Promise<HeldRow[]> {
  const { rows } = await sql<HeldRow>`
    select a.*, a.group_id as holder_id, r.display_name as role_name, r.resource_server_id,
      g.display_name as group_name, g.display_name as holder_name
    from role_assignments a
    join roles r on r.realm_id = a.realm_id and r.id = a.role_id
    join groups g on g.realm_id = a.realm_id and g.id = a.group_id
    where a.realm_id = ${realmId} and a.group_id = any(${sql.val([...groupIds])}::uuid[])
    order by lower(r.display_name), a.id`.execute(db);
  return rows;
}
