import { type Insertable, type Selectable, sql } from 'kysely';
import type { MailsTable } from '../../database/schema-mail.js';
import type { Db, Tx } from '../../kernel/command.js';
import type { Slice } from '../../kernel/page.js';

export type MailRow = Selectable<MailsTable>;

export const insertMail = (tx: Tx, row: Insertable<MailsTable>) =>
  tx.insertInto('mails').values(row).execute();

export function selectMails(db: Db, realmId: string, slice: Slice): Promise<MailRow[]> {
  let query = db.selectFrom('mails').selectAll().where('realm_id', '=', realmId);
  const [from] = slice.from ?? [];
  if (from !== undefined) query = query.where('id', slice.backward ? '>' : '<', from);
  return query
    .orderBy('id', slice.backward ? 'asc' : 'desc')
    .limit(slice.limit + 1)
    .execute();
}

export const selectQueued = (tx: Tx, realmId: string, id: string): Promise<MailRow | undefined> =>
  tx
    .selectFrom('mails')
    .selectAll()
    .where('realm_id', '=', realmId)
    .where('id', '=', id)
    .where('state', '=', 'QUEUED')
    .executeTakeFirst();

/** @returns it with its lock, unless it is another's by now or over */
export const lockHeld = (tx: Tx, row: MailRow): Promise<MailRow | undefined> =>
  tx
    .selectFrom('mails')
    .selectAll()
    .where('realm_id', '=', row.realm_id)
    .where('id', '=', row.id)
    .where('state', '=', 'QUEUED')
    .where('lease_id', '=', row.lease_id)
    .forUpdate()
    .executeTakeFirst();

type Settled =
  | { state: 'SENT'; sent_at: Date; last_error: null }
  | { state: 'FAILED' | 'WITHDRAWN'; last_error: string | null };

/** The secret goes with the waiting. */
export const closeMail = (tx: Tx, row: MailRow, set: Settled) =>
  tx
    .updateTable('mails')
    .set({ ...set, wrapped_secret: null, lease_id: null })
    .where('realm_id', '=', row.realm_id)
    .where('id', '=', row.id)
    .execute();

export const postponeMail = (tx: Tx, row: MailRow, set: { next_attempt_at: Date; last_error: string }) =>
  tx
    .updateTable('mails')
    .set({ ...set, lease_id: null })
    .where('realm_id', '=', row.realm_id)
    .where('id', '=', row.id)
    .execute();

export const withdrawMails = (
  tx: Tx,
  realmId: string,
  about: 'binding_job_id' | 'recovery_request_id',
  id: string,
) =>
  tx
    .updateTable('mails')
    .set({ state: 'WITHDRAWN', wrapped_secret: null, lease_id: null })
    .where('realm_id', '=', realmId)
    .where(about, '=', id)
    .where('state', '=', 'QUEUED')
    .execute();

/** Those that are due, each to one worker; an attempt counts from here, so that one that kills its worker ends too. */
export async function claimDue(
  db: Db,
  { leaseId, at, until, limit }: { leaseId: string; at: Date; until: Date; limit: number },
): Promise<MailRow[]> {
  const result = await sql<MailRow>`
    with due as (
      select m.realm_id, m.id from mails m
      join realms r on r.id = m.realm_id and r.deleted_at is null
      where m.state = 'QUEUED' and m.next_attempt_at <= ${at}
      order by m.next_attempt_at limit ${limit} for update of m skip locked)
    update mails m set lease_id = ${leaseId}, next_attempt_at = ${until}, attempts = m.attempts + 1
    from due where m.realm_id = due.realm_id and m.id = due.id
    returning m.*`.execute(db);
  return result.rows;
}

export async function purgeMails(db: Db, at: Date, keptSince: Date): Promise<void> {
  await db
    .updateTable('mails')
    .set({ state: 'WITHDRAWN', wrapped_secret: null, lease_id: null })
    .where('state', '=', 'QUEUED')
    .where('valid_until', '<=', at)
    .execute();
  await db.deleteFrom('mails').where('state', '<>', 'QUEUED').where('created_at', '<', keptSince).execute();
}
