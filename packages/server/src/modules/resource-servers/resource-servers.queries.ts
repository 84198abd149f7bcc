import { type Selectable, sql } from 'kysely';
import type { ResourceServersTable } from '../../database/schema.js';
import type { Db, Tx } from '../../kernel/command.js';
import type { Slice } from '../../kernel/page.js';
import { likePattern } from '../../kernel/text.js';
import type { Use } from './resource-servers.types.js';

export type ResourceServerRow = Selectable<ResourceServersTable>;

export const insertResourceServer = (
  tx: Tx,
  row: { realm_id: string; id: string; display_name: string; identifier: string; managed: string | null },
): Promise<ResourceServerRow> =>
  tx.insertInto('resource_servers').values(row).returningAll().executeTakeFirstOrThrow();

interface NewScope {
  readonly realm_id: string;
  readonly resource_server_id: string;
  readonly name: string;
  readonly description: string;
}

/** @returns the names that were not there before */
export async function insertScopes(tx: Tx, rows: readonly NewScope[]): Promise<string[]> {
  const added = await tx
    .insertInto('resource_server_scopes')
    .values([...rows])
    .onConflict((oc) => oc.doNothing())
    .returning('name')
    .execute();
  return added.map(({ name }) => name);
}

const one = (db: Db | Tx, realmId: string, id: string) =>
  db.selectFrom('resource_servers').selectAll().where('realm_id', '=', realmId).where('id', '=', id);

export const selectResourceServer = (
  db: Db | Tx,
  realmId: string,
  id: string,
): Promise<ResourceServerRow | undefined> => one(db, realmId, id).executeTakeFirst();

/** Roles and applications that take up its scopes wait until the change is done. */
export const lockResourceServer = (
  tx: Tx,
  realmId: string,
  id: string,
): Promise<ResourceServerRow | undefined> => one(tx, realmId, id).forUpdate().executeTakeFirst();

export const updateResourceServer = (
  tx: Tx,
  row: ResourceServerRow,
  set: { display_name: string; identifier: string },
  at: Date,
): Promise<ResourceServerRow> =>
  tx
    .updateTable('resource_servers')
    .set({ ...set, version: row.version + 1, updated_at: at })
    .where('realm_id', '=', row.realm_id)
    .where('id', '=', row.id)
    .returningAll()
    .executeTakeFirstOrThrow();

export const deleteResourceServer = (tx: Tx, row: ResourceServerRow) =>
  tx.deleteFrom('resource_servers').where('realm_id', '=', row.realm_id).where('id', '=', row.id).execute();

export function selectResourceServers(
  db: Db,
  realmId: string,
  slice: Slice,
  search: string | undefined,
): Promise<ResourceServerRow[]> {
  let query = db.selectFrom('resource_servers').selectAll().where('realm_id', '=', realmId);
  if (search) {
    const pattern = likePattern(search);
    query = query.where((eb) =>
      eb.or([eb('display_name', 'ilike', pattern), eb('identifier', 'ilike', pattern)]),
    );
  }
  const [from] = slice.from ?? [];
  if (from !== undefined) query = query.where('id', slice.backward ? '<' : '>', from);
  return query
    .orderBy('id', slice.backward ? 'desc' : 'asc')
    .limit(slice.limit + 1)
    .execute();
}

export const selectScopes = (db: Db | Tx, realmId: string, resourceServerIds: readonly string[]) =>
  db
    .selectFrom('resource_server_scopes')
    .select(['resource_server_id', 'name', 'description'])
    .where('realm_id', '=', realmId)
    .where('resource_server_id', 'in', [...resourceServerIds])
    .orderBy('name')
    .execute();

/** @returns whether there is such a scope, with another description than before */
export async function describeScope(
  tx: Tx,
  row: ResourceServerRow,
  name: string,
  description: string,
): Promise<'missing' | 'same' | 'changed'> {
  const scope = await tx
    .selectFrom('resource_server_scopes')
    .select('description')
    .where('realm_id', '=', row.realm_id)
    .where('resource_server_id', '=', row.id)
    .where('name', '=', name)
    .executeTakeFirst();
  if (!scope) return 'missing';
  if (scope.description === description) return 'same';
  await tx
    .updateTable('resource_server_scopes')
    .set({ description })
    .where('realm_id', '=', row.realm_id)
    .where('resource_server_id', '=', row.id)
    .where('name', '=', name)
    .execute();
  return 'changed';
}

/** Roles lose them by the key between the tables. */
export const deleteScopes = (tx: Tx, row: ResourceServerRow, names: readonly string[]) =>
  tx
    .deleteFrom('resource_server_scopes')
    .where('realm_id', '=', row.realm_id)
    .where('resource_server_id', '=', row.id)
    .where('name', 'in', [...names])
    .execute();

/** Roles of the resource server; with names, those that hold one of them. */
export async function selectRoles(
  db: Db | Tx,
  realmId: string,
  id: string,
  names?: readonly string[],
): Promise<Use[]> {
  const holding = names
    ? sql`exists (select 1 from role_scopes s where s.realm_id = r.realm_id and s.role_id = r.id
        and s.scope = any(${sql.val([...names])}::text[]))`
    : sql`true`;
  const { rows } = await sql<Use>`
    select r.id, r.display_name as "displayName" from roles r
    where r.realm_id = ${realmId} and r.resource_server_id = ${id} and ${holding}
    order by lower(r.display_name), r.id`.execute(db);
  return rows;
}

/** Applications of the resource server; with names, those that are allowed one of them. */
export async function selectApplications(
  db: Db | Tx,
  realmId: string,
  id: string,
  names?: readonly string[],
): Promise<Use[]> {
  const allowed = names ? sql`a.allowed_scopes && ${sql.val([...names])}::text[]` : sql`true`;
  const { rows } = await sql<Use>`
    select a.id, a.display_name as "displayName" from applications a
    where a.realm_id = ${realmId} and a.resource_server_id = ${id} and ${allowed}
    order by lower(a.display_name), a.id`.execute(db);
  return rows;
}

export const deleteRoles = (tx: Tx, row: ResourceServerRow) =>
  tx
    .deleteFrom('roles')
    .where('realm_id', '=', row.realm_id)
    .where('resource_server_id', '=', row.id)
    .execute();

/** @param names of scopes; without, the application has no resource server any more */
export const withdrawFromApplications = (
  tx: Tx,
  row: ResourceServerRow,
  names: readonly string[] | undefined,
  at: Date,
) => {
  const change = names
    ? sql`allowed_scopes = array(select s from unnest(allowed_scopes) with ordinality as u(s, n)
        where s <> all(${sql.val([...names])}::text[]) order by n)`
    : sql`allowed_scopes = '{}', resource_server_id = null`;
  const affected = names ? sql`allowed_scopes && ${sql.val([...names])}::text[]` : sql`true`;
  return sql`update applications set ${change}, version = version + 1, updated_at = ${at}
    where realm_id = ${row.realm_id} and resource_server_id = ${row.id} and ${affected}`.execute(tx);
};

export const selectMany = (db: Db, realmId: string, ids: readonly string[]): Promise<ResourceServerRow[]> =>
  db
    .selectFrom('resource_servers')
    .selectAll()
    .where('realm_id', '=', realmId)
    .where('id', 'in', [...ids])
    .execute();
