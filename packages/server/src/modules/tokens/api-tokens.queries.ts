import { type SelectQueryBuilder, sql } from 'kysely';
import { WARNED_DAYS, warningDue } from '../../database/expiring.js';
import type { Database } from '../../database/schema.js';
import type { Db, Tx } from '../../kernel/command.js';
import type { Slice } from '../../kernel/page.js';
import { likePattern } from '../../kernel/text.js';
import type { ApiTokenRow } from './tokens.queries.js';

export interface ApiTokenFilter {
  /** Part of the name. */
  readonly query?: string | undefined;
  /** Only those that still open something; only those that do not. */
  readonly live?: boolean | undefined;
  readonly applicationId?: string | undefined;
  /** The identity or application that made them. */
  readonly createdById?: string | undefined;
}

type Query = SelectQueryBuilder<Database, 'api_tokens', ApiTokenRow>;

function filtered(all: Query, filter: ApiTokenFilter, at: Date): Query {
  let query = all;
  if (filter.query) query = query.where('name', 'ilike', likePattern(filter.query));
  if (filter.applicationId !== undefined) query = query.where('application_id', '=', filter.applicationId);
  if (filter.createdById !== undefined) query = query.where('created_by_id', '=', filter.createdById);
  if (filter.live === true) query = query.where('revoked_at', 'is', null).where('expires_at', '>', at);
  if (filter.live === false)
    query = query.where((eb) => eb.or([eb('revoked_at', 'is not', null), eb('expires_at', '<=', at)]));
  return query;
}

/** The newest first. */
export function selectApiTokens(
  db: Db,
  realmId: string,
  slice: Slice,
  filter: ApiTokenFilter,
  at: Date,
): Promise<ApiTokenRow[]> {
  const all = db.selectFrom('api_tokens').selectAll().where('realm_id', '=', realmId);
  let query = filtered(all, filter, at);
  const [from] = slice.from ?? [];
  if (from !== undefined) query = query.where('id', slice.backward ? '>' : '<', from);
  return query
    .orderBy('id', slice.backward ? 'asc' : 'desc')
    .limit(slice.limit + 1)
    .execute();
}

export const selectApiToken = (db: Db | Tx, realmId: string, id: string): Promise<ApiTokenRow | undefined> =>
  db
    .selectFrom('api_tokens')
    .selectAll()
    .where('realm_id', '=', realmId)
    .where('id', '=', id)
    .executeTakeFirst();

/** @returns those that were live; of two at once each revokes what the other did not */
export async function revokeApiTokens(
  tx: Tx,
  realmId: string,
  which: { readonly id?: string; readonly applicationId?: string; readonly createdById?: string },
  at: Date,
): Promise<ApiTokenRow[]> {
  let query = tx
    .updateTable('api_tokens')
    .set({ revoked_at: at })
    .where('realm_id', '=', realmId)
    .where('revoked_at', 'is', null)
    .where('expires_at', '>', at);
  if (which.id !== undefined) query = query.where('id', '=', which.id);
  if (which.applicationId !== undefined) query = query.where('application_id', '=', which.applicationId);
  if (which.createdById !== undefined) query = query.where('created_by_id', '=', which.createdById);
  return query.returningAll().execute();
}

/** Realms with a token of whose end people are to be warned. */
export async function selectRealmsToWarn(db: Db, at: Date): Promise<string[]> {
  const rows = await db
    .selectFrom('api_tokens')
    .select('realm_id')
    .distinct()
    .where('revoked_at', 'is', null)
    .where((eb) => eb.or(WARNED_DAYS.map((days) => sql<boolean>`${warningDue(days, at)}`)))
    .execute();
  return rows.map((row) => row.realm_id);
}

/** Marks as warned of; of several at once each token is one's. */
export const markWarned = (tx: Tx, realmId: string, days: number, at: Date): Promise<ApiTokenRow[]> =>
  tx
    .updateTable('api_tokens')
    .set({ warned_days: days })
    .where('realm_id', '=', realmId)
    .where('revoked_at', 'is', null)
    .where(warningDue(days, at))
    .returningAll()
    .execute();
