import { type Insertable, type Selectable, sql } from 'kysely';
import type { BindingJobStatus, CredentialBindingJobsTable } from '../../database/schema.js';
import type { Db, Tx } from '../../kernel/command.js';
import type { Slice } from '../../kernel/page.js';

export type BindingJobRow = Selectable<CredentialBindingJobsTable>;

export const OPEN: readonly BindingJobStatus[] = ['LINK_SENT', 'LINK_OPENED', 'CHALLENGED'];

export const insertJob = (tx: Tx, row: Insertable<CredentialBindingJobsTable>): Promise<BindingJobRow> =>
  tx.insertInto('credential_binding_jobs').values(row).returningAll().executeTakeFirstOrThrow();

const jobs = (db: Db | Tx, realmId: string) =>
  db.selectFrom('credential_binding_jobs').selectAll().where('realm_id', '=', realmId);

export const selectByToken = (
  db: Db | Tx,
  realmId: string,
  tokenHash: Buffer,
): Promise<BindingJobRow | undefined> =>
  jobs(db, realmId).where('token_hash', '=', tokenHash).executeTakeFirst();

export const lockByToken = (tx: Tx, realmId: string, tokenHash: Buffer): Promise<BindingJobRow | undefined> =>
  jobs(tx, realmId).where('token_hash', '=', tokenHash).forUpdate().executeTakeFirst();

export const selectJob = (db: Db | Tx, realmId: string, id: string): Promise<BindingJobRow | undefined> =>
  jobs(db, realmId).where('id', '=', id).executeTakeFirst();

export const selectJobsById = (db: Db, realmId: string, ids: readonly string[]): Promise<BindingJobRow[]> =>
  jobs(db, realmId)
    .where('id', 'in', [...ids])
    .execute();

export const lockJob = (tx: Tx, realmId: string, id: string): Promise<BindingJobRow | undefined> =>
  jobs(tx, realmId).where('id', '=', id).forUpdate().executeTakeFirst();

export const setStatus = (
  tx: Tx,
  row: BindingJobRow,
  set: {
    status?: BindingJobStatus;
    opened_at?: Date;
    completed_at?: Date;
    sent_at?: Date;
    refusals?: number;
  },
): Promise<BindingJobRow> =>
  tx
    .updateTable('credential_binding_jobs')
    .set(set)
    .where('realm_id', '=', row.realm_id)
    .where('id', '=', row.id)
    .returningAll()
    .executeTakeFirstOrThrow();

/** Back at its beginning, with another token. */
export const renewJob = (
  tx: Tx,
  row: BindingJobRow,
  set: { token_hash: Buffer; expires_at: Date; target_scopes: string[]; resends: number; resent_at: Date },
): Promise<BindingJobRow> =>
  tx
    .updateTable('credential_binding_jobs')
    .set({ ...set, status: 'LINK_SENT', opened_at: null, sent_at: null, refusals: 0 })
    .where('realm_id', '=', row.realm_id)
    .where('id', '=', row.id)
    .returningAll()
    .executeTakeFirstOrThrow();

export function selectJobs(
  db: Db,
  realmId: string,
  slice: Slice,
  { identityId, batchId }: { identityId?: string | undefined; batchId?: string | undefined },
): Promise<BindingJobRow[]> {
  let query = jobs(db, realmId);
  if (identityId !== undefined) query = query.where('identity_id', '=', identityId);
  if (batchId !== undefined) query = query.where('batch_id', '=', batchId);
  const [from] = slice.from ?? [];
  if (from !== undefined) query = query.where('id', slice.backward ? '>' : '<', from);
  return query
    .orderBy('id', slice.backward ? 'asc' : 'desc')
    .limit(slice.limit + 1)
    .execute();
}

/** The first of many identities in one statement. */
export async function selectJobsOfMany(
  db: Db,
  realmId: string,
  identityIds: readonly string[],
  slice: Slice,
): Promise<BindingJobRow[]> {
  const [from] = slice.from ?? [];
  const result = await sql<BindingJobRow>`
    select p.* from unnest(${sql.val([...identityIds])}::uuid[]) as i(identity_id)
    cross join lateral (
      select * from credential_binding_jobs t
      where t.realm_id = ${realmId} and t.identity_id = i.identity_id
        and (${from ?? null}::uuid is null or t.id < ${from ?? null}::uuid)
      order by t.id desc limit ${slice.limit + 1}
    ) p`.execute(db);
  return result.rows;
}
