import { type Selectable, sql } from 'kysely';
import type { EventsTable } from '../../database/schema.js';
import type { Db, Tx } from '../../kernel/command.js';
import type { Slice } from '../../kernel/page.js';

export type EventRow = Selectable<EventsTable>;

export interface EventFilter {
  readonly types?: readonly string[] | undefined;
  readonly correlationId?: string | undefined;
  readonly outcome?: string | undefined;
  readonly involvesId?: string | undefined;
  readonly since?: Date | undefined;
  readonly until?: Date | undefined;
}

/** Newest first; the id begins with the time, so it is the order and, with since and until, the partition. */
export function selectEvents(
  db: Db,
  realmId: string,
  slice: Slice,
  filter: EventFilter,
): Promise<EventRow[]> {
  let query = db.selectFrom('events').selectAll().where('realm_id', '=', realmId);
  if (filter.types && filter.types.length > 0) query = query.where('type', 'in', [...filter.types]);
  if (filter.correlationId) query = query.where('correlation_id', '=', filter.correlationId);
  if (filter.outcome) query = query.where('outcome', '=', filter.outcome);
  const involved = filter.involvesId;
  if (involved)
    query = query.where((eb) => eb.or([eb('actor_id', '=', involved), eb('subject_id', '=', involved)]));
  if (filter.since) query = query.where('id', '>=', sql<string>`uuid_v7_floor(${filter.since}::timestamptz)`);
  if (filter.until) query = query.where('id', '<', sql<string>`uuid_v7_floor(${filter.until}::timestamptz)`);
  const [from] = slice.from ?? [];
  if (from !== undefined) query = query.where('id', slice.backward ? '>' : '<', from);
  return query
    .orderBy('id', slice.backward ? 'asc' : 'desc')
    .limit(slice.limit + 1)
    .execute();
}

export const selectEvent = (db: Db, realmId: string, id: string): Promise<EventRow | undefined> =>
  db.selectFrom('events').selectAll().where('realm_id', '=', realmId).where('id', '=', id).executeTakeFirst();

export async function ensurePartitions(db: Db | Tx, from: Date, days: number): Promise<void> {
  await sql`select ensure_events_partition((${from}::timestamptz at time zone 'UTC')::date + n) from generate_series(0, ${days}::int) n`.execute(
    db,
  );
}
