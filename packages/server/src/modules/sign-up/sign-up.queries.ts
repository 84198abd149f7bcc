import { type Insertable, type Selectable, sql } from 'kysely';
import type { SignUpsTable } from '../../database/schema-sign-up.js';
import type { Db, Tx } from '../../kernel/command.js';

export type SignUpRow = Selectable<SignUpsTable>;

/** Those who ask with the same word at once go one after the other, so that a limit holds. */
export const lockWord = (tx: Tx, word: string) =>
  sql`select pg_advisory_xact_lock(hashtextextended(${word}::text, 28))`.execute(tx);

export async function countSince(
  tx: Tx,
  realmId: string,
  by: { column: 'address_key' | 'ip'; value: string; since: Date; limit: number },
): Promise<number> {
  const rows = await tx
    .selectFrom('sign_ups')
    .select('id')
    .where('realm_id', '=', realmId)
    .where(by.column, '=', by.value)
    .where('created_at', '>', by.since)
    .limit(by.limit)
    .execute();
  return rows.length;
}

export const insertSignUp = (tx: Tx, row: Insertable<SignUpsTable>): Promise<SignUpRow> =>
  tx.insertInto('sign_ups').values(row).returningAll().executeTakeFirstOrThrow();

const one = (source: Db | Tx, realmId: string) =>
  source.selectFrom('sign_ups').selectAll().where('realm_id', '=', realmId);

export const selectSignUp = (source: Db | Tx, realmId: string, id: string): Promise<SignUpRow | undefined> =>
  one(source, realmId).where('id', '=', id).executeTakeFirst();

export const lockSignUp = (tx: Tx, realmId: string, id: string): Promise<SignUpRow | undefined> =>
  one(tx, realmId).where('id', '=', id).forUpdate().executeTakeFirst();

export const lockByToken = (tx: Tx, realmId: string, tokenHash: Buffer): Promise<SignUpRow | undefined> =>
  one(tx, realmId).where('token_hash', '=', tokenHash).forUpdate().executeTakeFirst();

export const updateSignUp = (
  tx: Tx,
  row: SignUpRow,
  set: Partial<Pick<SignUpRow, 'status' | 'token_hash' | 'code_hash' | 'tries' | 'address' | 'expires_at'>>,
): Promise<SignUpRow> =>
  tx
    .updateTable('sign_ups')
    .set(set)
    .where('realm_id', '=', row.realm_id)
    .where('id', '=', row.id)
    .returningAll()
    .executeTakeFirstOrThrow();

/** Those that nobody looked at yet, each to one worker until then. */
export async function claimAsked(
  db: Db,
  { at, until, limit }: { at: Date; until: Date; limit: number },
): Promise<SignUpRow[]> {
  const result = await sql<SignUpRow>`
    with due as (
      select s.realm_id, s.id from sign_ups s
      join realms r on r.id = s.realm_id and r.deleted_at is null
      where s.status = 'ASKED' and s.next_attempt_at <= ${at} and s.expires_at > ${at}
      order by s.next_attempt_at limit ${limit} for update of s skip locked)
    update sign_ups s set next_attempt_at = ${until}, attempts = s.attempts + 1
    from due where s.realm_id = due.realm_id and s.id = due.id returning s.*`.execute(db);
  return result.rows;
}

export async function purge(db: Db, at: Date, createdBefore: Date): Promise<void> {
  await db
    .updateTable('sign_ups')
    .set({ address: null, token_hash: null, code_hash: null })
    .where('expires_at', '<', at)
    .where('address', 'is not', null)
    .execute();
  await db.deleteFrom('sign_ups').where('created_at', '<', createdBefore).execute();
}
