import { type Selectable, sql } from 'kysely';
import type { ProvisioningRequestsTable } from '../../database/schema.js';
import type { Db } from '../../kernel/command.js';
import type { Slice } from '../../kernel/page.js';
import type { RequestFilter, StatusClass } from './provisioning.types.js';

export type RequestRow = Selectable<ProvisioningRequestsTable>;

/** One statement for all of them; what names a realm that does not exist is left out. */
export async function insertRequests(db: Db, rows: readonly RequestRow[]): Promise<void> {
  await sql`
    insert into provisioning_requests (realm_id, id, client_id, occurred_at, request_id, method, path, status,
      scim_type, detail, duration_ms, effect, dry_run, resource_kind, resource_id)
    select q.* from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) as q (realm_id uuid, id uuid, client_id uuid,
      occurred_at timestamptz, request_id text, method text, path text, status smallint, scim_type text, detail text,
      duration_ms real, effect text, dry_run boolean, resource_kind text, resource_id uuid)
    join realms r on r.id = q.realm_id`.execute(db);
}

const FIRST_STATUS: Readonly<Record<StatusClass, number>> = {
  SUCCESS: 200,
  REDIRECTION: 300,
  CLIENT_ERROR: 400,
  SERVER_ERROR: 500,
};

/** Newest first. */
export function selectRequests(
  db: Db,
  realmId: string,
  slice: Slice,
  filter: RequestFilter,
): Promise<RequestRow[]> {
  let query = db.selectFrom('provisioning_requests').selectAll().where('realm_id', '=', realmId);
  if (filter.clientId) query = query.where('client_id', '=', filter.clientId);
  if (filter.method) query = query.where('method', '=', filter.method);
  if (filter.statusClass) {
    const first = FIRST_STATUS[filter.statusClass];
    query = query.where('status', '>=', first).where('status', '<', first + 100);
    // Said literally, so that the index of failures is seen to hold them all.
    if (first >= 400) query = query.where(sql<boolean>`status >= 400`);
  }
  if (filter.effectOnly) query = query.where('effect', 'is not', null);
  if (filter.since) query = query.where('id', '>=', sql<string>`uuid_v7_floor(${filter.since}::timestamptz)`);
  if (filter.until) query = query.where('id', '<', sql<string>`uuid_v7_floor(${filter.until}::timestamptz)`);
  const [from] = slice.from ?? [];
  if (from !== undefined) query = query.where('id', slice.backward ? '>' : '<', from);
  return query
    .orderBy('id', slice.backward ? 'asc' : 'desc')
    .limit(slice.limit + 1)
    .execute();
}

/** Deletes a bounded number of rows from before a moment; nodes that do so at once take different ones. */
export async function deleteBefore(
  db: Db,
  table: 'provisioning_requests' | 'provisioning_deprovisions',
  before: Date,
  most: number,
): Promise<number> {
  const result = await sql`
    delete from ${sql.table(table)} where ctid = any (array(
      select ctid from ${sql.table(table)} where id < uuid_v7_floor(${before}::timestamptz)
      order by id limit ${most} for update skip locked))`.execute(db);
  return Number(result.numAffectedRows ?? 0);
}
