import { type Insertable, type Selectable, sql } from 'kysely';
import type { RecoveryAsksTable, RecoveryRequestsTable } from '../../database/schema-recovery.js';
import type { Db, Tx } from '../../kernel/command.js';

export type AskRow = Selectable<RecoveryAsksTable>;
export type RequestRow = Selectable<RecoveryRequestsTable>;

/** Those who ask with the same word at once go one after the other, so that a limit holds. */
export const lockWord = (tx: Tx, word: string) =>
  sql`select pg_advisory_xact_lock(hashtextextended(${word}::text, 27))`.execute(tx);

export async function countAsks(
  tx: Tx,
  realmId: string,
  by: { column: 'address_key' | 'ip'; value: string; since: Date; limit: number },
): Promise<number> {
  const rows = await tx
    .selectFrom('recovery_asks')
    .select('id')
    .where('realm_id', '=', realmId)
    .where(by.column, '=', by.value)
    .where('created_at', '>', by.since)
    .limit(by.limit)
    .execute();
  return rows.length;
}

export const insertAsk = (tx: Tx, row: Insertable<RecoveryAsksTable>) =>
  tx.insertInto('recovery_asks').values(row).execute();

interface Claim {
  readonly at: Date;
  readonly until: Date;
  readonly limit: number;
}

/** Those that are due, each to one worker until then. */
export async function claimAsks(db: Db, { at, until, limit }: Claim): Promise<AskRow[]> {
  const result = await sql<AskRow>`
    with due as (
      select a.realm_id, a.id from recovery_asks a
      join realms r on r.id = a.realm_id and r.deleted_at is null
      where a.address is not null and a.next_attempt_at <= ${at}
      order by a.next_attempt_at limit ${limit} for update of a skip locked)
    update recovery_asks a set next_attempt_at = ${until}, attempts = a.attempts + 1
    from due where a.realm_id = due.realm_id and a.id = due.id returning a.*`.execute(db);
  return result.rows;
}

export async function claimReady(db: Db, { at, until, limit }: Claim): Promise<RequestRow[]> {
  const result = await sql<RequestRow>`
    with due as (
      select q.realm_id, q.id from recovery_requests q
      join realms r on r.id = q.realm_id and r.deleted_at is null
      where q.status = 'WAITING' and q.next_attempt_at <= ${at}
      order by q.next_attempt_at limit ${limit} for update of q skip locked)
    update recovery_requests q set next_attempt_at = ${until}, attempts = q.attempts + 1
    from due where q.realm_id = due.realm_id and q.id = due.id returning q.*`.execute(db);
  return result.rows;
}

/** Takes the address out of an ask. @returns undefined when another was first */
export async function takeAddress(tx: Tx, ask: AskRow): Promise<string | undefined> {
  const row = await tx
    .selectFrom('recovery_asks')
    .select('address')
    .where('realm_id', '=', ask.realm_id)
    .where('id', '=', ask.id)
    .forUpdate()
    .executeTakeFirst();
  if (row?.address == null) return undefined;
  await tx
    .updateTable('recovery_asks')
    .set({ address: null })
    .where('realm_id', '=', ask.realm_id)
    .where('id', '=', ask.id)
    .execute();
  return row.address;
}

export const insertRequest = (tx: Tx, row: Insertable<RecoveryRequestsTable>): Promise<RequestRow> =>
  tx.insertInto('recovery_requests').values(row).returningAll().executeTakeFirstOrThrow();

const requests = (source: Db | Tx, realmId: string) =>
  source.selectFrom('recovery_requests').selectAll().where('realm_id', '=', realmId);

export const selectRequest = (
  source: Db | Tx,
  realmId: string,
  id: string,
): Promise<RequestRow | undefined> => requests(source, realmId).where('id', '=', id).executeTakeFirst();

export const lockRequest = (tx: Tx, realmId: string, id: string): Promise<RequestRow | undefined> =>
  requests(tx, realmId).where('id', '=', id).forUpdate().executeTakeFirst();

export const lockOfJob = (tx: Tx, realmId: string, jobId: string): Promise<RequestRow | undefined> =>
  requests(tx, realmId).where('binding_job_id', '=', jobId).forUpdate().executeTakeFirst();

/** The one that has not ended, with its lock. */
export const lockOpen = (tx: Tx, realmId: string, identityId: string): Promise<RequestRow | undefined> =>
  requests(tx, realmId)
    .where('identity_id', '=', identityId)
    .where('status', 'in', ['WAITING', 'READY'])
    .forUpdate()
    .executeTakeFirst();

/** By either of its links, without a lock: the identity comes first in the lock order. */
export const selectByLink = (tx: Tx, realmId: string, hash: Buffer): Promise<RequestRow | undefined> =>
  requests(tx, realmId)
    .where((is) => is.or([is('stop_hash', '=', hash), is('undo_hash', '=', hash)]))
    .executeTakeFirst();

/** What the person asked for themselves, or said no to, since then. */
export const selectAskedSince = (
  tx: Tx,
  realmId: string,
  identityId: string,
  since: Date,
): Promise<Pick<RequestRow, 'status' | 'ended_at'>[]> =>
  tx
    .selectFrom('recovery_requests')
    .select(['status', 'ended_at'])
    .where('realm_id', '=', realmId)
    .where('identity_id', '=', identityId)
    .where('method', '=', 'EMAIL_LINK')
    .where((is) =>
      is.or([
        is('created_at', '>', since),
        is.and([is('status', '=', 'STOPPED'), is('ended_at', '>', since)]),
      ]),
    )
    .execute();

export const updateRequest = (
  tx: Tx,
  row: RequestRow,
  set: Partial<
    Pick<
      RequestRow,
      'status' | 'ended_at' | 'binding_job_id' | 'passkey_id' | 'expires_at' | 'undo_hash' | 'undo_until'
    >
  >,
): Promise<RequestRow> =>
  tx
    .updateTable('recovery_requests')
    .set(set)
    .where('realm_id', '=', row.realm_id)
    .where('id', '=', row.id)
    .returningAll()
    .executeTakeFirstOrThrow();

const OPEN = ['LINK_SENT', 'LINK_OPENED', 'CHALLENGED'] as const;

/** Whether the link of one is over: run out, withdrawn, given up, or never sent. One that is sent again lives longer. */
export async function hasDeadLink(tx: Tx, row: RequestRow, at: Date): Promise<boolean> {
  if (row.status !== 'READY') return false;
  const job = await tx
    .selectFrom('credential_binding_jobs')
    .select(['status', 'expires_at'])
    .where('realm_id', '=', row.realm_id)
    .where('id', '=', row.binding_job_id)
    .executeTakeFirst();
  return job === undefined || job.expires_at <= at || !OPEN.some((status) => status === job.status);
}

export async function purge(db: Db, at: Date, asksBefore: Date, requestsBefore: Date): Promise<void> {
  await db
    .updateTable('recovery_requests')
    .set({ status: 'EXPIRED', ended_at: at })
    .where('status', '=', 'READY')
    .where('expires_at', '<', at)
    .where((is) =>
      is.not(
        is.exists(
          is
            .selectFrom('credential_binding_jobs as j')
            .select('j.id')
            .whereRef('j.realm_id', '=', 'recovery_requests.realm_id')
            .whereRef('j.id', '=', 'recovery_requests.binding_job_id')
            .where('j.status', 'in', OPEN)
            .where('j.expires_at', '>', at),
        ),
      ),
    )
    .execute();
  await db.deleteFrom('recovery_asks').where('created_at', '<', asksBefore).execute();
  await db.deleteFrom('recovery_requests').where('ended_at', '<', requestsBefore).execute();
}
