import { type Selectable, sql } from 'kysely';
import type { RolesTable } from '../../database/schema.js';
import type { Tx } from '../../kernel/command.js';

type RoleRow = Selectable<RolesTable>;

export const lockRole = (tx: Tx, realmId: string, id: string): Promise<RoleRow | undefined> =>
  tx
    .selectFrom('roles')
    .selectAll()
    .where('realm_id', '=', realmId)
    .where('id', '=', id)
    .forUpdate()
    .executeTakeFirst();

export const updateRole = (
  tx: Tx,
  row: RoleRow,
  set: { display_name: string; description: string | null },
  at: Date,
): Promise<RoleRow> =>
  tx
    .updateTable('roles')
    .set({ ...set, version: row.version + 1, updated_at: at })
    .where('realm_id', '=', row.realm_id)
    .where('id', '=', row.id)
    .returningAll()
    .executeTakeFirstOrThrow();

export const deleteRole = (tx: Tx, row: RoleRow) =>
  tx.deleteFrom('roles').where('realm_id', '=', row.realm_id).where('id', '=', row.id).execute();

export const deleteRoleScopes = (tx: Tx, row: RoleRow, scopes: readonly string[]) =>
  tx
    .deleteFrom('role_scopes')
    .where('realm_id', '=', row.realm_id)
    .where('role_id', '=', row.id)
    .where('scope', 'in', [...scopes])
    .execute();

interface Holder {
  readonly id: string;
  readonly name: string;
}

const tableOf = { IDENTITY: sql.raw('identities'), GROUP: sql.raw('groups') };
const columnOf = { IDENTITY: sql.raw('identity_id'), GROUP: sql.raw('group_id') };

/** Those of the ids that there are, held until commit so that none of them goes meanwhile. */
export async function lockHolders(
  tx: Tx,
  realmId: string,
  kind: 'IDENTITY' | 'GROUP',
  ids: readonly string[],
): Promise<Map<string, string>> {
  if (ids.length === 0) return new Map();
  const { rows } = await sql<Holder>`
    select id, display_name as name from ${tableOf[kind]}
    where realm_id = ${realmId} and id = any(${sql.val([...ids])}::uuid[]) order by id for key share`.execute(
    tx,
  );
  return new Map(rows.map(({ id, name }) => [id, name]));
}

/** @param rows the id of each new assignment with its holder @returns the holders for whom it is another than before */
export async function upsertAssignments(
  tx: Tx,
  role: RoleRow,
  kind: 'IDENTITY' | 'GROUP',
  rows: readonly { id: string; holderId: string }[],
  reachesRealmIds: readonly string[] | null,
): Promise<string[]> {
  if (rows.length === 0) return [];
  const column = columnOf[kind];
  const reach = reachesRealmIds === null ? sql`null::uuid[]` : sql`${sql.val([...reachesRealmIds])}::uuid[]`;
  const { rows: changed } = await sql<{ holder: string }>`
    insert into role_assignments (realm_id, id, role_id, ${column}, reaches_realm_ids)
    select ${role.realm_id}, u.id, ${role.id}, u.holder, ${reach}
    from unnest(${sql.val(rows.map(({ id }) => id))}::uuid[], ${sql.val(rows.map(({ holderId }) => holderId))}::uuid[])
      as u(id, holder)
    on conflict (realm_id, ${column}, role_id) where ${column} is not null
    do update set reaches_realm_ids = excluded.reaches_realm_ids
      where role_assignments.reaches_realm_ids is distinct from excluded.reaches_realm_ids
    returning ${column} as holder`.execute(tx);
  return changed.map(({ holder }) => holder);
}

/** What the holders have of the role before it is changed: where each assignment reaches. */
export async function selectReaches(
  tx: Tx,
  role: RoleRow,
  holders: { readonly identityIds: readonly string[]; readonly groupIds: readonly string[] } | undefined,
): Promise<(string[] | null)[]> {
  const among = holders
    ? sql`and (identity_id = any(${sql.val([...holders.identityIds])}::uuid[])
        or group_id = any(${sql.val([...holders.groupIds])}::uuid[]))`
    : sql``;
  const { rows } = await sql<{ reaches_realm_ids: string[] | null }>`
    select distinct reaches_realm_ids from role_assignments
    where realm_id = ${role.realm_id} and role_id = ${role.id} ${among}`.execute(tx);
  return rows.map((row) => row.reaches_realm_ids);
}

/** @returns the holders who had it */
export async function deleteAssignments(
  tx: Tx,
  role: RoleRow,
  kind: 'IDENTITY' | 'GROUP',
  ids: readonly string[],
): Promise<string[]> {
  if (ids.length === 0) return [];
  const column = columnOf[kind];
  const { rows } = await sql<{ holder: string }>`
    delete from role_assignments where realm_id = ${role.realm_id} and role_id = ${role.id}
      and ${column} = any(${sql.val([...ids])}::uuid[]) returning ${column} as holder`.execute(tx);
  return rows.map(({ holder }) => holder);
}

/** Those of the ids that are realms of the tenant. */
export async function selectRealmsOf(tx: Tx, tenantId: string, ids: readonly string[]): Promise<string[]> {
  const rows = await tx
    .selectFrom('realms')
    .select('id')
    .where('tenant_id', '=', tenantId)
    .where('deleted_at', 'is', null)
    .where('id', 'in', [...ids])
    .execute();
  return rows.map(({ id }) => id);
}
