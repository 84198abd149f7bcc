import { type Selectable, sql } from 'kysely';
import type { GroupsTable, IdentitiesTable } from '../../database/schema.js';
import type { Db, Tx } from '../../kernel/command.js';
import type { Slice } from '../../kernel/page.js';
import { likePattern } from '../../kernel/text.js';

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

export const updateGroup = (
  tx: Tx,
  row: GroupRow,
  set: { display_name: string; display_name_key: string; description: string | null; updated_at: Date },
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

export function selectGroups(
  db: Db,
  realmId: string,
  slice: Slice,
  search: string | undefined,
): Promise<GroupRow[]> {
  let query = db.selectFrom('groups').selectAll().where('realm_id', '=', realmId);
  if (search) query = query.where('display_name_key', 'like', likePattern(search));
  const [from] = slice.from ?? [];
  if (from !== undefined) query = query.where('id', slice.backward ? '<' : '>', from);
  return query
    .orderBy('id', slice.backward ? 'desc' : 'asc')
    .limit(slice.limit + 1)
    .execute();
}

/** Locks the rows FOR SHARE in one order, so that a member can't be deleted meanwhile. */
export async function selectPresent(
  tx: Tx,
  realmId: string,
  ids: readonly string[],
): Promise<Map<string, string>> {
  const rows = await tx
    .selectFrom('identities')
    .select(['id', 'display_name'])
    .where('realm_id', '=', realmId)
    .where('id', 'in', [...ids])
    .orderBy('id')
    .forShare()
    .execute();
  return new Map(rows.map((row) => [row.id, row.display_name]));
}

export async function insertMembers(
  tx: Tx,
  realmId: string,
  groupId: string,
  ids: readonly string[],
): Promise<string[]> {
  if (ids.length === 0) return [];
  const rows = await tx
    .insertInto('group_members')
    .values(ids.map((identityId) => ({ realm_id: realmId, group_id: groupId, identity_id: identityId })))
    .onConflict((oc) => oc.doNothing())
    .returning('identity_id')
    .execute();
  return rows.map((row) => row.identity_id);
}

export async function deleteMembers(
  tx: Tx,
  realmId: string,
  groupId: string,
  ids: readonly string[],
): Promise<string[]> {
  if (ids.length === 0) return [];
  const rows = await tx
    .deleteFrom('group_members')
    .where('realm_id', '=', realmId)
    .where('group_id', '=', groupId)
    .where('identity_id', 'in', [...ids])
    .returning('identity_id')
    .execute();
  return rows.map((row) => row.identity_id);
}

export function selectMembers(
  db: Db,
  realmId: string,
  groupId: string,
  slice: Slice,
): Promise<Selectable<IdentitiesTable>[]> {
  let query = db
    .selectFrom('group_members')
    .innerJoin('identities', (join) =>
      join
        .onRef('identities.realm_id', '=', 'group_members.realm_id')
        .onRef('identities.id', '=', 'group_members.identity_id'),
    )
    .selectAll('identities')
    .where('group_members.realm_id', '=', realmId)
    .where('group_members.group_id', '=', groupId);
  const [from] = slice.from ?? [];
  if (from !== undefined) query = query.where('group_members.identity_id', slice.backward ? '<' : '>', from);
  return query
    .orderBy('group_members.identity_id', slice.backward ? 'desc' : 'asc')
    .limit(slice.limit + 1)
    .execute();
}

/** The first groups of many identities in one statement: a page of identities costs one query more, not one each. */
export async function selectGroupsOfMany(
  db: Db,
  realmId: string,
  identityIds: readonly string[],
  slice: Slice,
): Promise<(GroupRow & { identity_id: string })[]> {
  const [from] = slice.from ?? [];
  const result = await sql<GroupRow & { identity_id: string }>`
    select g.*, i.identity_id
    from unnest(${sql.val([...identityIds])}::uuid[]) as i(identity_id)
    cross join lateral (
      select g.* from group_members m
      join groups g on g.realm_id = m.realm_id and g.id = m.group_id
      where m.realm_id = ${realmId} and m.identity_id = i.identity_id
        and (${from ?? null}::uuid is null or m.group_id > ${from ?? null}::uuid)
      order by m.group_id limit ${slice.limit + 1}
    ) g`.execute(db);
  return result.rows;
}

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
