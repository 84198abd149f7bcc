import { type Insertable, type Selectable, sql } from 'kysely';
import type { CampaignsTable } from '../../database/schema-campaigns.js';
import type { Db, Tx } from '../../kernel/command.js';
import type { Slice } from '../../kernel/page.js';

export type CampaignRow = Selectable<CampaignsTable>;
type Key = Pick<CampaignRow, 'realm_id' | 'id'>;

export const insertCampaign = (tx: Tx, row: Insertable<CampaignsTable>): Promise<CampaignRow> =>
  tx.insertInto('campaigns').values(row).returningAll().executeTakeFirstOrThrow();

const one = (db: Db | Tx, { realm_id, id }: Key) =>
  db.selectFrom('campaigns').selectAll().where('realm_id', '=', realm_id).where('id', '=', id);

export const selectCampaign = (db: Db | Tx, key: Key): Promise<CampaignRow | undefined> =>
  one(db, key).executeTakeFirst();

export const lockCampaign = (tx: Tx, key: Key): Promise<CampaignRow | undefined> =>
  one(tx, key).forUpdate().executeTakeFirst();

/** Held until commit, so that a pause waits for what is under way, and nothing is begun after it. */
export const lockCampaignShared = (tx: Tx, key: Key): Promise<CampaignRow | undefined> =>
  one(tx, key).forShare().executeTakeFirst();

export const updateCampaign = (
  tx: Tx,
  { realm_id, id }: Key,
  set: Partial<Omit<CampaignRow, 'realm_id' | 'id'>>,
): Promise<CampaignRow> =>
  tx
    .updateTable('campaigns')
    .set(set)
    .where('realm_id', '=', realm_id)
    .where('id', '=', id)
    .returningAll()
    .executeTakeFirstOrThrow();

/** The newest first. */
export function selectCampaigns(db: Db, realmId: string, slice: Slice): Promise<CampaignRow[]> {
  let query = db.selectFrom('campaigns').selectAll().where('realm_id', '=', realmId);
  const [from] = slice.from ?? [];
  if (from !== undefined) query = query.where('id', slice.backward ? '>' : '<', from);
  return query
    .orderBy('id', slice.backward ? 'asc' : 'desc')
    .limit(slice.limit + 1)
    .execute();
}

/** The campaign that waited longest, to one worker. */
export async function claimCampaign(
  db: Db,
  { leaseId, at, until }: { leaseId: string; at: Date; until: Date },
): Promise<CampaignRow | undefined> {
  const { rows } = await sql<CampaignRow>`
    with due as (
      select c.realm_id, c.id from campaigns c
      join realms r on r.id = c.realm_id and r.deleted_at is null
      where c.status = 'RUNNING' and c.work_at <= ${at} and (c.leased_until is null or c.leased_until <= ${at})
      order by c.work_at limit 1 for update of c skip locked)
    update campaigns c set lease_id = ${leaseId}, leased_until = ${until}
    from due where c.realm_id = due.realm_id and c.id = due.id
    returning c.*`.execute(db);
  return rows[0];
}

export async function groupExists(db: Db, realmId: string, groupId: string): Promise<boolean> {
  const row = await db
    .selectFrom('groups')
    .select('id')
    .where('realm_id', '=', realmId)
    .where('id', '=', groupId)
    .executeTakeFirst();
  return row !== undefined;
}
