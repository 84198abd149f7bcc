import type { Selectable } from 'kysely';
import type { RealmsTable } from '../../database/schema.js';
import type { Db, Tx } from '../../kernel/command.js';
import type { Slice } from '../../kernel/page.js';
import { likePattern } from '../../kernel/text.js';

export type RealmRow = Selectable<RealmsTable>;

export const insertRealm = (
  tx: Tx,
  row: { id: string; tenant_id: string; kind: 'ADMIN' | 'ORDINARY'; display_name: string },
): Promise<RealmRow> => tx.insertInto('realms').values(row).returningAll().executeTakeFirstOrThrow();

export const selectRealm = (db: Db | Tx, realmId: string): Promise<RealmRow | undefined> =>
  db
    .selectFrom('realms')
    .selectAll()
    .where('id', '=', realmId)
    .where('deleted_at', 'is', null)
    .executeTakeFirst();

export const selectAdminRealm = (db: Db | Tx, tenantId: string): Promise<RealmRow | undefined> =>
  db
    .selectFrom('realms')
    .selectAll()
    .where('tenant_id', '=', tenantId)
    .where('kind', '=', 'ADMIN')
    .executeTakeFirst();

export const selectAdminRealms = (source: Db | Tx): Promise<RealmRow[]> =>
  source.selectFrom('realms').selectAll().where('kind', '=', 'ADMIN').orderBy('id').execute();

export const lockRealm = (tx: Tx, realmId: string): Promise<RealmRow | undefined> =>
  tx
    .selectFrom('realms')
    .selectAll()
    .where('id', '=', realmId)
    .where('deleted_at', 'is', null)
    .forUpdate()
    .executeTakeFirst();

export const updateRealm = (tx: Tx, row: RealmRow, displayName: string, at: Date): Promise<RealmRow> =>
  tx
    .updateTable('realms')
    .set({ display_name: displayName, version: row.version + 1, updated_at: at })
    .where('id', '=', row.id)
    .returningAll()
    .executeTakeFirstOrThrow();

/** @param only the realms that the caller reaches, or undefined for the whole tenant */
export function selectRealms(
  db: Db,
  tenantId: string,
  slice: Slice,
  filter: { query?: string | undefined; only?: readonly string[] | undefined },
): Promise<RealmRow[]> {
  let query = db
    .selectFrom('realms')
    .selectAll()
    .where('tenant_id', '=', tenantId)
    .where('deleted_at', 'is', null);
  if (filter.query) query = query.where('display_name', 'ilike', likePattern(filter.query));
  if (filter.only) query = query.where('id', 'in', filter.only.length > 0 ? [...filter.only] : [tenantId]);
  const [from] = slice.from ?? [];
  if (from !== undefined) query = query.where('id', slice.backward ? '<' : '>', from);
  return query
    .orderBy('id', slice.backward ? 'desc' : 'asc')
    .limit(slice.limit + 1)
    .execute();
}
