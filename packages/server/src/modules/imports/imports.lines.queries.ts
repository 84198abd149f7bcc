import { type Selectable, sql } from 'kysely';
import type { ImportRowsTable } from '../../database/schema-imports.js';
import type { Db, Tx } from '../../kernel/command.js';
import type { ImportRow } from './imports.queries.js';
import type { LineOutcome } from './imports.types.js';

/** A line that waits for the present pass, with the earlier line of its file that names the same identity. */
export type WaitingLine = Pick<Selectable<ImportRowsTable>, 'line' | 'data' | 'problem'> & {
  readonly duplicate_of: number | null;
};

/** What a line came to. */
export interface LineResult {
  readonly line: number;
  readonly status: LineOutcome;
  readonly identityId: string | null;
  readonly error?: { readonly code: string; readonly message: string; readonly column: string | null };
}

/**
 * Takes the import that waited longest in hand, of any realm. A node that died loses it when its lease runs out.
 * Several nodes at once get several imports.
 */
export async function claimImport(db: Db, leaseId: string, seconds: number): Promise<ImportRow | undefined> {
  const result = await sql<ImportRow>`
    update imports set lease_id = ${leaseId}, leased_until = now() + ${seconds} * interval '1 second',
      attempts = attempts + 1, updated_at = now()
    where (realm_id, id) = (
      select realm_id, id from imports
      where status in ('CHECKING', 'RUNNING') and (leased_until is null or leased_until < now())
      order by updated_at limit 1 for update skip locked)
    returning *`.execute(db);
  return result.rows[0];
}

export async function selectWaiting(tx: Tx, of: ImportRow, limit: number): Promise<WaitingLine[]> {
  const earlier = (column: 'username_skeleton' | 'external_id') => sql`
    (select o.line from import_rows o where o.realm_id = r.realm_id and o.import_id = r.import_id
      and ${sql.ref(`o.${column}`)} = ${sql.ref(`r.${column}`)} and o.line < r.line order by o.line limit 1)`;
  const byId =
    of.mode === 'UPSERT' && of.match_by === 'EXTERNAL_ID' ? earlier('external_id') : sql`null::integer`;
  const result = await sql<WaitingLine>`
    select r.line, r.data, r.problem, coalesce(${earlier('username_skeleton')}, ${byId}) as duplicate_of
    from import_rows r
    where r.realm_id = ${of.realm_id} and r.import_id = ${of.id} and r.line > ${of.done_to_line} and r.pass < ${of.pass}
    order by r.line limit ${limit}`.execute(tx);
  return result.rows;
}

/** Lines are named twice, so that the key is used. */
export async function markLines(tx: Tx, of: ImportRow, results: readonly LineResult[]): Promise<void> {
  if (results.length === 0) return;
  const rows = results.map(({ line, status, identityId, error }) => ({
    line,
    status,
    identity_id: identityId,
    error_code: error?.code ?? null,
    error_message: error?.message ?? null,
    error_column: error?.column ?? null,
  }));
  await sql`
    update import_rows r set pass = ${of.pass}, status = x.status, identity_id = x.identity_id,
      error_code = x.error_code, error_message = x.error_message, error_column = x.error_column
    from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) as x(line integer, status text, identity_id uuid,
      error_code text, error_message text, error_column text)
    where r.realm_id = ${of.realm_id} and r.import_id = ${of.id} and r.line = x.line and r.pass < ${of.pass}
      and r.line = any(${sql.val(results.map(({ line }) => line))}::integer[])`.execute(tx);
}

export interface Progress {
  readonly done_to_line: number;
  readonly processed: number;
  readonly created: number;
  readonly updated: number;
  readonly unchanged: number;
  readonly failed: number;
  /** Whether no line is left. */
  readonly finished: boolean;
}

/** How far the lines are done without a gap, counted from the lines themselves: nothing is counted twice. */
export async function selectProgress(tx: Tx, of: ImportRow): Promise<Progress> {
  const result = await sql<Progress>`
    with gap as (
      select min(line) as line from import_rows
      where realm_id = ${of.realm_id} and import_id = ${of.id} and line > ${of.done_to_line} and pass < ${of.pass}
    ), done as (
      select line, status from import_rows
      where realm_id = ${of.realm_id} and import_id = ${of.id} and line > ${of.done_to_line}
        and line < coalesce((select line from gap), 2147483647)
    )
    select coalesce(max(line), ${of.done_to_line}::integer) as done_to_line,
      count(*)::int + ${of.processed}::int as processed,
      (count(*) filter (where status = 'CREATED'))::int + ${of.created}::int as created,
      (count(*) filter (where status = 'UPDATED'))::int + ${of.updated}::int as updated,
      (count(*) filter (where status = 'UNCHANGED'))::int + ${of.unchanged}::int as unchanged,
      (count(*) filter (where status = 'FAILED'))::int + ${of.failed}::int as failed,
      (select line from gap) is null as finished
    from done`.execute(tx);
  const [progress] = result.rows;
  if (!progress) throw new Error('an aggregate has a row');
  return progress;
}
