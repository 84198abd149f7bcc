import type { Selectable } from 'kysely';
import type { ResourceServersTable } from '../../database/schema.js';
import type { Db, Tx } from '../../kernel/command.js';
import type { Slice } from '../../kernel/page.js';

export type ResourceServerRow = Selectable<ResourceServersTable>;

export const insertResourceServer = (
  tx: Tx,
  row: { realm_id: string; id: string; display_name: string; identifier: string; managed: string | null },
): Promise<ResourceServerRow> =>
  tx.insertInto('resource_servers').values(row).returningAll().executeTakeFirstOrThrow();

export const insertScopes = (
  tx: Tx,
  rows: { realm_id: string; resource_server_id: string; name: string; description: string }[],
) => tx.insertInto('resource_server_scopes').values(rows).execute();

export const selectResourceServer = (
  db: Db | Tx,
  realmId: string,
  id: string,
): Promise<ResourceServerRow | undefined> =>
  db
    .selectFrom('resource_servers')
    .selectAll()
    .where('realm_id', '=', realmId)
    .where('id', '=', id)
    .executeTakeFirst();

export function selectResourceServers(db: Db, realmId: string, slice: Slice): Promise<ResourceServerRow[]> {
  let query = db.selectFrom('resource_servers').selectAll().where('realm_id', '=', realmId);
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

export const selectMany = (db: Db, realmId: string, ids: readonly string[]): Promise<ResourceServerRow[]> =>
  db
    .selectFrom('resource_servers')
    .selectAll()
    .where('realm_id', '=', realmId)
    .where('id', 'in', [...ids])
    .execute();
