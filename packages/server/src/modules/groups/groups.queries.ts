import { type Selectable, sql } from 'kysely';
import type { GroupsTable } from '../../database/schema.js';
import type { Db, Tx } from '../../kernel/command.js';

export type GroupRow = Selectable<GroupsTable>;

export const insertGroup = (
  tx: Tx,
  row: {
    realm_id: string;
    id: string;
    display_name: string;
    display_name_key: string;
    description: string | null;
    managed: string | null;
    external_id: string | null;
    provisioned_by: string | null;
  },
): Promise<GroupRow> => tx.insertInto('groups').values(row).returningAll().executeTakeFirstOrThrow();

const one = (db: Db | Tx, realmId: string, id: string) =>
  db.selectFrom('groups').selectAll().where('realm_id', '=', realmId).where('id', '=', id);

export const selectGroup = (db: Db | Tx, realmId: string, id: string): Promise<GroupRow | undefined> =>
  one(db, realmId, id).executeTakeFirst();

export const selectGroupsByKeys = (
  db: Db | Tx,
  realmId: string,
  keys: readonly string[],
): Promise<GroupRow[]> =>
  db
    .selectFrom('groups')
    .selectAll()
    .where('realm_id', '=', realmId)
    .where('display_name_key', 'in', [...keys])
    .execute();

export const lockGroup = (tx: Tx, realmId: string, id: string): Promise<GroupRow | undefined> =>
  one(tx, realmId, id).forUpdate().executeTakeFirst();

/** In one order, so that two who lock several never wait for each other. */
export const lockGroups = (tx: Tx, realmId: string, ids: readonly string[]) =>
  tx
    .selectFrom('groups')
    .select('id')
    .where('realm_id', '=', realmId)
    .where(sql<boolean>`id = any(${sql.val([...ids])}::uuid[])`)
    .orderBy('id')
    .forUpdate()
    .execute();

export const updateGroup = (
  tx: Tx,
  row: GroupRow,
  set: {
    display_name: string;
    display_name_key: string;
    description: string | null;
    external_id: string | null;
    provisioned_by: string | null;
    updated_at: Date;
  },
): Promise<GroupRow> =>
  tx
    .updateTable('groups')
    .set({ ...set, version: row.version + 1 })
    .where('realm_id', '=', row.realm_id)
    .where('id', '=', row.id)
    .returningAll()
    .executeTakeFirstOrThrow();

export const deleteGroup = (tx: Tx, row: GroupRow) =>
  tx.deleteFrom('groups').where('realm_id', '=', row.realm_id).where('id', '=', row.id).execute();

/** Locks the rows FOR SHARE in one order, so that a member can't be deleted meanwhile. */
export async function selectPresent(
  tx: Tx,
  realmId: string,
  ids: readonly string[],
): Promise<Map<string, string>> {
  const result = await sql<{ id: string; display_name: string }>`
    select id, display_name from identities
    where realm_id = ${realmId} and id = any(${sql.val([...ids])}::uuid[]) order by id for share`.execute(tx);
  const { rows } = result;
  return new Map(rows.map((row) => [row.id, row.display_name]));
}

/** @returns those who were no members before */
export async function insertMembers(
  tx: Tx,
  realmId: string,
  groupId: string,
  ids: readonly string[],
): Promise<string[]> {
  if (ids.length === 0) return [];
  const result = await sql<{ identity_id: string }>`
    insert into group_members (realm_id, group_id, identity_id)
    select ${realmId}, ${groupId}, identity_id from unnest(${sql.val([...ids])}::uuid[]) as added(identity_id)
    on conflict do nothing returning identity_id`.execute(tx);
  return result.rows.map((row) => row.identity_id);
}

/** @returns those who were members, with their names */
export async function deleteMembers(
  tx: Tx,
  realmId: string,
  groupId: string,
  who: { readonly ids: readonly string[] } | { readonly allBut: readonly string[] },
): Promise<Map<string, string>> {
  const named =
    'ids' in who
      ? sql`m.identity_id = any(${sql.val([...who.ids])}::uuid[])`
      : sql`m.identity_id <> all(${sql.val([...who.allBut])}::uuid[])`;
  const result = await sql<{ id: string; display_name: string }>`
    delete from group_members m using identities i
    where m.realm_id = ${realmId} and m.group_id = ${groupId} and ${named}
      and i.realm_id = m.realm_id and i.id = m.identity_id
    returning i.id, i.display_name`.execute(tx);
  return new Map(result.rows.map((row) => [row.id, row.display_name]));
}

/** Its members are a part of what the group is, so that a change of them is a new version of it. */
export const touchGroup = (tx: Tx, row: GroupRow, at: Date): Promise<GroupRow> =>
  tx
    .updateTable('groups')
    .set({ version: row.version + 1, updated_at: at })
    .where('realm_id', '=', row.realm_id)
    .where('id', '=', row.id)
    .returningAll()
    .executeTakeFirstOrThrow();

/** Scopes that membership of the group gives, with the resource server that they belong to. */
export async function selectScopesOfGroup(tx: Tx, realmId: string, groupId: string) {
  return tx
    .selectFrom('role_assignments as a')
    .innerJoin('role_scopes as s', (join) =>
      join.onRef('s.realm_id', '=', 'a.realm_id').onRef('s.role_id', '=', 'a.role_id'),
    )
    .innerJoin('resource_servers as r', (join) =>
      join.onRef('r.realm_id', '=', 's.realm_id').onRef('r.id', '=', 's.resource_server_id'),
    )
    .select(['s.scope', 'a.reaches_realm_ids'])
    .where('a.realm_id', '=', realmId)
    .where('a.group_id', '=', groupId)
    .where('r.managed', '=', 'MANAGEMENT_API')
    .execute();
}

export const selectManagedGroup = (tx: Tx, realmId: string, managed: string): Promise<GroupRow | undefined> =>
  tx
    .selectFrom('groups')
    .selectAll()
    .where('realm_id', '=', realmId)
    .where('managed', '=', managed)
    .executeTakeFirst();
