import { type Selectable, sql } from 'kysely';
import type { AttributeSchemasTable } from '../../database/schema-attributes.js';
import type { Db, Tx } from '../../kernel/command.js';

export type AttributeSchemaRow = Selectable<AttributeSchemasTable>;

export const selectSchema = (db: Db | Tx, realmId: string): Promise<AttributeSchemaRow | undefined> =>
  db.selectFrom('attribute_schemas').selectAll().where('realm_id', '=', realmId).executeTakeFirst();

/** Until the end of the transaction the schema stays as it is. */
export async function selectForWriting(tx: Tx, realmId: string): Promise<AttributeSchemaRow | undefined> {
  const result = await sql<AttributeSchemaRow>`
    select * from attribute_schema_for_writing(${realmId}::uuid)`.execute(tx);
  return result.rows[0];
}

/** Waits for everyone who writes attributes now, and lets nobody begin. */
export async function selectForChanging(tx: Tx, realmId: string): Promise<AttributeSchemaRow | undefined> {
  const result = await sql<AttributeSchemaRow>`
    select * from attribute_schema_for_changing(${realmId}::uuid)`.execute(tx);
  return result.rows[0];
}

export const updateSchema = (
  tx: Tx,
  row: AttributeSchemaRow,
  set: { schema: string; updated_at: Date; updated_by_name: string },
): Promise<AttributeSchemaRow> =>
  tx
    .updateTable('attribute_schemas')
    .set({ ...set, version: row.version + 1 })
    .where('realm_id', '=', row.realm_id)
    .returningAll()
    .executeTakeFirstOrThrow();

export interface Holder {
  readonly id: string;
  readonly username: string;
  readonly display_name: string;
  readonly attributes: Record<string, unknown>;
}

/** The next identities by id that a schema has something to say about. */
export async function selectHolders(
  db: Db | Tx,
  realmId: string,
  page: { after: string | undefined; limit: number; alsoEmpty: boolean; changedSince?: Date | undefined },
): Promise<Holder[]> {
  let query = db
    .selectFrom('identities')
    .select(['id', 'username', 'display_name', 'attributes'])
    .where('realm_id', '=', realmId);
  if (page.after !== undefined) query = query.where('id', '>', page.after);
  if (!page.alsoEmpty) query = query.where(sql<boolean>`attributes <> '{}'`);
  if (page.changedSince !== undefined) query = query.where('updated_at', '>=', page.changedSince);
  return query.orderBy('id').limit(page.limit).execute();
}
