import { type Insertable, type Selectable, sql } from 'kysely';
import type { CredentialBindingBatchesTable } from '../../database/schema-campaigns.js';
import type { Db, Tx } from '../../kernel/command.js';

export type BindingBatchRow = Selectable<CredentialBindingBatchesTable>;

export const insertBatch = (
  tx: Tx,
  row: Insertable<CredentialBindingBatchesTable>,
): Promise<BindingBatchRow> =>
  tx.insertInto('credential_binding_batches').values(row).returningAll().executeTakeFirstOrThrow();

export const selectBatch = (db: Db | Tx, realmId: string, id: string): Promise<BindingBatchRow | undefined> =>
  db
    .selectFrom('credential_binding_batches')
    .selectAll()
    .where('realm_id', '=', realmId)
    .where('id', '=', id)
    .executeTakeFirst();

/** How far the jobs of a batch have come; each is in exactly one of those after `jobs` and before `sent`. */
export interface BatchProgress {
  readonly jobs: number;
  /** Open, and not yet opened by the person. */
  readonly waiting: number;
  /** Opened or challenged. */
  readonly opened: number;
  readonly completed: number;
  readonly expired: number;
  readonly revoked: number;
  readonly failed: number;
  /** Taken by a mail server. */
  readonly sent: number;
  /** In the outbox. */
  readonly queued: number;
  /** No mail server took them. */
  readonly failed_to_send: number;
}

/** One pass over the batch. */
export async function countBatch(db: Db, realmId: string, id: string, at: Date): Promise<BatchProgress> {
  const over = sql`(j.status = 'EXPIRED' or (j.status in ('LINK_SENT', 'LINK_OPENED', 'CHALLENGED') and j.expires_at <= ${at}))`;
  const count = (condition: ReturnType<typeof sql>) => sql`count(*) filter (where ${condition})::int`;
  const { rows } = await sql<BatchProgress>`
    select count(*)::int as jobs,
      ${count(sql`j.status = 'LINK_SENT' and not ${over}`)} as waiting,
      ${count(sql`j.status in ('LINK_OPENED', 'CHALLENGED') and not ${over}`)} as opened,
      ${count(sql`j.status = 'COMPLETED'`)} as completed,
      ${count(over)} as expired,
      ${count(sql`j.status = 'REVOKED'`)} as revoked,
      ${count(sql`j.status in ('FAILED', 'FAILED_TO_SEND')`)} as failed,
      ${count(sql`j.sent_at is not null`)} as sent,
      ${count(sql`j.delivery = 'EMAIL' and j.status = 'LINK_SENT' and j.sent_at is null and not ${over}`)} as queued,
      ${count(sql`j.status = 'FAILED_TO_SEND'`)} as failed_to_send
    from credential_binding_jobs j where j.realm_id = ${realmId} and j.batch_id = ${id}`.execute(db);
  const [progress] = rows;
  if (!progress) throw new Error('a count has a row');
  return progress;
}

/** Addresses of the realm's own applications: where they take people back, and the origins their pages are at. */
export async function selectOwnAddresses(tx: Tx, realmId: string): Promise<string[]> {
  const { rows } = await sql<{ address: string }>`
    select distinct unnest(redirect_uris) as address from applications where realm_id = ${realmId}
    union select distinct unnest(trusted_origins) from authenticator_configs where realm_id = ${realmId}`.execute(
    tx,
  );
  return rows.map(({ address }) => address);
}
