import { sql } from 'kysely';
import type { Db, Tx } from '../../kernel/command.js';
import type { BindingJobRow } from './binding-jobs.queries.js';

export interface ExpiringJob extends Pick<BindingJobRow, 'realm_id' | 'id' | 'identity_id'> {
  /** Its time to the microsecond, as the database writes it. */
  readonly until: string;
}

const OPEN = sql`('LINK_SENT', 'LINK_OPENED', 'CHALLENGED')`;

/** Whose time is over and that are written down as open, the longest over first, from the last one seen on. */
export async function selectExpiring(
  db: Db,
  at: Date,
  after: ExpiringJob | undefined,
  limit: number,
): Promise<ExpiringJob[]> {
  const from = after
    ? sql`and (expires_at, realm_id, id) > (${after.until}::timestamptz, ${after.realm_id}::uuid, ${after.id}::uuid)`
    : sql``;
  const { rows } = await sql<ExpiringJob>`
    select realm_id, id, identity_id, expires_at::text as until
    from credential_binding_jobs where status in ${OPEN} and expires_at <= ${at} ${from}
    order by expires_at, realm_id, id limit ${limit}`.execute(db);
  return rows;
}

/**
 * Those of one realm that are still open and that nobody else has in hand, people before their jobs.
 * @returns those that it closed
 */
export async function expireJobs(
  tx: Tx,
  realmId: string,
  jobs: readonly ExpiringJob[],
  at: Date,
): Promise<BindingJobRow[]> {
  const people = [...new Set(jobs.map((job) => job.identity_id))];
  const { rows: held } = await sql<{ id: string }>`
    select id from identities where realm_id = ${realmId} and id = any(${sql.val(people)}::uuid[])
    order by id for update skip locked`.execute(tx);
  const { rows } = await sql<BindingJobRow>`
    with due as (
      select id from credential_binding_jobs
      where realm_id = ${realmId} and id = any(${sql.val(jobs.map((job) => job.id))}::uuid[])
        and identity_id = any(${sql.val(held.map((row) => row.id))}::uuid[])
        and status in ${OPEN} and expires_at <= ${at}
      order by id for update)
    update credential_binding_jobs j set status = 'EXPIRED' from due
    where j.realm_id = ${realmId} and j.id = due.id returning j.*`.execute(tx);
  return rows;
}
