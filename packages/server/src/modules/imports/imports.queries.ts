import { type Selectable, sql } from 'kysely';
import type { ImportRowsTable, ImportsTable } from '../../database/schema-imports.js';
import type { Db, Tx } from '../../kernel/command.js';
import type { Slice } from '../../kernel/page.js';
import type { KeptLine } from './imports.lines.js';
import type { ImportStatus, LineStatus } from './imports.types.js';

export type ImportRow = Selectable<ImportsTable>;
export type LineRow = Selectable<ImportRowsTable>;
type Key = Pick<ImportRow, 'realm_id' | 'id'>;

export const insertImport = (
  tx: Tx,
  row: Pick<
    ImportRow,
    | 'realm_id'
    | 'id'
    | 'name'
    | 'format'
    | 'mode'
    | 'match_by'
    | 'delimiter'
    | 'created_by_name'
    | 'correlation_id'
  > & { mapping: string },
): Promise<ImportRow> => tx.insertInto('imports').values(row).returningAll().executeTakeFirstOrThrow();

const one = (db: Db | Tx, realmId: string, id: string) =>
  db.selectFrom('imports').selectAll().where('realm_id', '=', realmId).where('id', '=', id);

export const selectImport = (db: Db | Tx, realmId: string, id: string): Promise<ImportRow | undefined> =>
  one(db, realmId, id).executeTakeFirst();

export const lockImport = (tx: Tx, realmId: string, id: string): Promise<ImportRow | undefined> =>
  one(tx, realmId, id).forUpdate().executeTakeFirst();

/** Counts no further than the limit. */
export async function countImports(tx: Tx, realmId: string, limit: number): Promise<number> {
  const rows = await tx
    .selectFrom('imports')
    .select('id')
    .where('realm_id', '=', realmId)
    .limit(limit)
    .execute();
  return rows.length;
}

/** The newest first. */
export function selectImports(db: Db, realmId: string, slice: Slice): Promise<ImportRow[]> {
  let query = db.selectFrom('imports').selectAll().where('realm_id', '=', realmId);
  const [from] = slice.from ?? [];
  if (from !== undefined) query = query.where('id', slice.backward ? '>' : '<', from);
  return query
    .orderBy('id', slice.backward ? 'asc' : 'desc')
    .limit(slice.limit + 1)
    .execute();
}

type Settable = Partial<
  Omit<ImportRow, 'realm_id' | 'id' | 'mapping' | 'starter' | 'created_at'> & { starter: string | null }
>;

export const updateImport = (tx: Tx, { realm_id, id }: Key, set: Settable, at: Date): Promise<ImportRow> =>
  tx
    .updateTable('imports')
    .set({ ...set, updated_at: at } as never)
    .where('realm_id', '=', realm_id)
    .where('id', '=', id)
    .returningAll()
    .executeTakeFirstOrThrow();

export const deleteImport = (tx: Tx, { realm_id, id }: Key) =>
  tx.deleteFrom('imports').where('realm_id', '=', realm_id).where('id', '=', id).execute();

export const deleteLines = (tx: Tx, { realm_id, id }: Key) =>
  tx.deleteFrom('import_rows').where('realm_id', '=', realm_id).where('import_id', '=', id).execute();

/**
 * Adds lines for as long as the upload is the one that may.
 * @returns whether it still is
 */
export async function appendLines(
  db: Db,
  { realm_id, id }: Key,
  uploadId: string,
  lines: readonly KeptLine[],
  digest: Buffer,
  at: Date,
): Promise<boolean> {
  return db.transaction().execute(async (tx) => {
    const held = await tx
      .updateTable('imports')
      .set((eb) => ({
        lines: eb('lines', '+', lines.length),
        last_line: lines.at(-1)?.line ?? 0,
        lines_digest: digest,
        updated_at: at,
      }))
      .where('realm_id', '=', realm_id)
      .where('id', '=', id)
      .where('upload_id', '=', uploadId)
      .where('status', '=', 'UPLOADING')
      .executeTakeFirst();
    if (held.numUpdatedRows === 0n) return false;
    await sql`
      insert into import_rows (realm_id, import_id, line, data, problem, username_key, external_id)
      select ${realm_id}, ${id}, r.line, r.data, r.problem, r.username_key, r.external_id
      from jsonb_to_recordset(${JSON.stringify(lines)}::jsonb)
        as r(line integer, data jsonb, problem text, username_key text, external_id text)`.execute(tx);
    return true;
  });
}

/** In the order of the file, those of one outcome if asked; WAITING are those that the present pass has yet to reach. */
export function selectLines(
  db: Db,
  of: ImportRow,
  slice: Slice,
  status: LineStatus | undefined,
): Promise<LineRow[]> {
  let query = db
    .selectFrom('import_rows')
    .selectAll()
    .where('realm_id', '=', of.realm_id)
    .where('import_id', '=', of.id);
  if (status === 'WAITING') query = query.where('pass', '<', of.pass);
  else if (status !== undefined) query = query.where('pass', '=', of.pass).where('status', '=', status);
  const [from] = slice.from ?? [];
  if (from !== undefined) query = query.where('line', slice.backward ? '<' : '>', Number(from));
  return query
    .orderBy('line', slice.backward ? 'desc' : 'asc')
    .limit(slice.limit + 1)
    .execute();
}

/** Old files hold people's data for nothing. @returns those whose lines are gone now */
export async function purgeLines(db: Db, before: Date, at: Date, limit: number): Promise<number> {
  const due = await db
    .selectFrom('imports')
    .select(['realm_id', 'id'])
    .where('purged_at', 'is', null)
    .where('updated_at', '<', before)
    .where('status', 'not in', ['CHECKING', 'RUNNING'])
    .limit(limit)
    .execute();
  for (const { realm_id, id } of due)
    await db.transaction().execute(async (tx) => {
      const row = await lockImport(tx, realm_id, id);
      if (!row || row.updated_at >= before || row.status === 'RUNNING' || row.status === 'CHECKING') return;
      await deleteLines(tx, row);
      const over: ImportStatus = row.finished_at ? row.status : 'CANCELLED';
      await tx
        .updateTable('imports')
        .set({ status: over, purged_at: at })
        .where('realm_id', '=', realm_id)
        .where('id', '=', id)
        .execute();
    });
  return due.length;
}
