import { type Selectable, sql } from 'kysely';
import type { RolesTable } from '../../database/schema.js';
import type { Db, Tx } from '../../kernel/command.js';

export type RoleRow = Selectable<RolesTable>;

export const insertRole = (
  tx: Tx,
  row: {
    realm_id: string;
    id: string;
    resource_server_id: string;
    display_name: string;
    description: string | null;
    managed: string | null;
  },
): Promise<RoleRow> => tx.insertInto('roles').values(row).returningAll().executeTakeFirstOrThrow();

export const insertRoleScopes = (tx: Tx, role: RoleRow, scopes: readonly string[]) =>
  tx
    .insertInto('role_scopes')
    .values(
      scopes.map((scope) => ({
        realm_id: role.realm_id,
        role_id: role.id,
        resource_server_id: role.resource_server_id,
        scope,
      })),
    )
    .execute();

export const insertAssignment = (
  tx: Tx,
  row: { realm_id: string; id: string; role_id: string; identity_id: string | null; group_id: string | null },
) =>
  tx
    .insertInto('role_assignments')
    .values({ ...row, reaches_realm_ids: null })
    .execute();

export async function selectNamesGivenTo(tx: Tx, realmId: string, groupId: string): Promise<string[]> {
  const rows = await tx
    .selectFrom('role_assignments as a')
    .innerJoin('roles as r', (join) =>
      join.onRef('r.realm_id', '=', 'a.realm_id').onRef('r.id', '=', 'a.role_id'),
    )
    .select('r.display_name')
    .where('a.realm_id', '=', realmId)
    .where('a.group_id', '=', groupId)
    .orderBy('r.display_name')
    .execute();
  return rows.map((row) => row.display_name);
}

export interface EffectiveScope {
  readonly scope: string;
  readonly reaches_realm_ids: string[] | null;
}

/** What the identity holds now, directly and through its groups, in one statement. */
export async function selectEffectiveScopes(
  db: Db | Tx,
  realmId: string,
  identityId: string,
  resourceServerId: string,
): Promise<EffectiveScope[]> {
  const result = await sql<EffectiveScope>`
    select s.scope, a.reaches_realm_ids
    from role_assignments a
    join role_scopes s on s.realm_id = a.realm_id and s.role_id = a.role_id
    where a.realm_id = ${realmId} and s.resource_server_id = ${resourceServerId}
      and (a.identity_id = ${identityId} or a.group_id in (
        select m.group_id from group_members m where m.realm_id = ${realmId} and m.identity_id = ${identityId}))`.execute(
    db,
  );
  return result.rows;
}

/** Management scopes that an identity holds, each with the realms it reaches; empty in an ordinary realm. */
export async function selectManagementScopes(
  db: Db | Tx,
  realmId: string,
  identityId: string,
): Promise<EffectiveScope[]> {
  const result = await sql<EffectiveScope>`
    select s.scope, a.reaches_realm_ids
    from role_assignments a
    join role_scopes s on s.realm_id = a.realm_id and s.role_id = a.role_id
    join resource_servers r on r.realm_id = s.realm_id and r.id = s.resource_server_id and r.managed = 'MANAGEMENT_API'
    where a.realm_id = ${realmId}
      and (a.identity_id = ${identityId} or a.group_id in (
        select m.group_id from group_members m where m.realm_id = ${realmId} and m.identity_id = ${identityId}))`.execute(
    db,
  );
  return result.rows;
}
