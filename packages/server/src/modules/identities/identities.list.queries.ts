import { type RawBuilder, type Selectable, sql } from 'kysely';
import { PLANNED_FOR_ITS_VALUES } from '../../database/pool.js';
import type { IdentitiesTable } from '../../database/schema.js';
import { searchPatterns } from '../../database/search.js';
import type { Db } from '../../kernel/command.js';
import { invalid } from '../../kernel/errors.js';
import { isId } from '../../kernel/ids.js';
import type { CursorKey, Slice } from '../../kernel/page.js';
import {
  allOf,
  beginsWith,
  conditionsOf,
  type IdentityFilter,
  largeGroup,
} from './identities.conditions.queries.js';

export type { IdentityFilter } from './identities.conditions.queries.js';

type Sql = RawBuilder<boolean>;
type IdentityRow = Selectable<IdentitiesTable>;

interface Ordering {
  readonly key: RawBuilder<unknown>;
  readonly kind: 'text' | 'time';
  /** How many rows are looked at in order before the whole of what matches is sorted instead. */
  readonly walk: number;
}

/** Rows in the order of a name lie anywhere, rows in the order of time beside each other. */
const SCATTERED = 4_000;
const TOGETHER = 10_000;

const ORDERINGS = {
  CREATED_AT: { key: sql`i.created_at`, kind: 'time', walk: TOGETHER },
  UPDATED_AT: { key: sql`i.updated_at`, kind: 'time', walk: TOGETHER },
  USERNAME: { key: sql`i.username_key`, kind: 'text', walk: SCATTERED },
  DISPLAY_NAME: { key: sql`lower(i.display_name)`, kind: 'text', walk: SCATTERED },
  FAMILY_NAME: {
    key: sql`lower(coalesce(i.family_name, i.display_name))`,
    kind: 'text',
    walk: SCATTERED,
  },
} as const satisfies Record<string, Ordering>;

const BY_ID: Ordering = { key: sql`i.id`, kind: 'text', walk: TOGETHER };

export type IdentityOrder = `${keyof typeof ORDERINGS}_${'ASC' | 'DESC'}` | 'BEST_MATCH';

export interface ListedIdentity {
  readonly row: IdentityRow;
  /** Where it stands in its list. */
  readonly position: CursorKey;
}

/** The order, the part of the list (best matches come in two), the value ordered by, the id. */
export const CURSOR_LENGTH = 4;

interface Place {
  readonly part: number;
  readonly key: string;
  readonly id: string;
}

const isTime = (key: string): boolean =>
  /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$/.test(key) && !Number.isNaN(Date.parse(key));

/** @throws DomainError INVALID_INPUT for a cursor of another order */
function placeOf(slice: Slice, order: IdentityOrder): Place | undefined {
  if (slice.from === undefined) return undefined;
  const [ofOrder, part = '', key = '', id = ''] = slice.from;
  const timed = order.startsWith('CREATED_AT') || order.startsWith('UPDATED_AT');
  if (ofOrder !== order || !/^[01]$/.test(part) || !isId(id) || key.includes('\0') || (timed && !isTime(key)))
    throw invalid('This cursor does not belong to this list.', slice.backward ? 'before' : 'after');
  return { part: Number(part), key, id };
}

/** Up to `limit + 1` identities in the direction of the slice. */
export async function selectIdentities(
  db: Db,
  realmId: string,
  slice: Slice,
  filter: IdentityFilter,
  asked: IdentityOrder,
): Promise<ListedIdentity[]> {
  const patterns = searchPatterns(filter.query ?? '');
  const order = asked === 'BEST_MATCH' && patterns.length === 0 ? 'USERNAME_ASC' : asked;
  const place = placeOf(slice, order);
  const statement =
    order === 'BEST_MATCH'
      ? bestMatches(realmId, slice, place, filter, patterns)
      : ordered(realmId, slice, place, filter, patterns, order);
  const { rows } = await statement.execute(db);
  return rows.map(({ list_part, list_key, ...row }) => ({
    row,
    position: [order, String(list_part), list_key, row.id],
  }));
}

type Row = IdentityRow & { list_part: number; list_key: string };

function ordered(
  realmId: string,
  slice: Slice,
  place: Place | undefined,
  filter: IdentityFilter,
  patterns: readonly string[],
  order: Exclude<IdentityOrder, 'BEST_MATCH'>,
): RawBuilder<Row> {
  const ordering = ORDERINGS[order.replace(/_(A|DE)SC$/, '') as keyof typeof ORDERINGS];
  const descending = order.endsWith('DESC') !== slice.backward;
  const conditions = conditionsOf(realmId, filter, patterns);
  const range = allOf([sql<boolean>`i.realm_id = ${realmId}`, ...beyond(ordering, place, descending)]);
  const worthwhile = largeGroup(realmId, filter);
  const part = { part: 0, ordering, descending, range, worthwhile, conditions, limit: slice.limit + 1 };
  if (conditions.length > 0) return pageOfParts(realmId, [matching(part)], descending, part.limit, ordering);
  const way = sql.raw(descending ? 'desc' : 'asc');
  return sql<Row>`select i.*, 0 as list_part, ${textOf(ordering.key, ordering)} as list_key from identities i where ${range}
    order by ${ordering.key} ${way}, i.id ${way} limit ${part.limit}`;
}

/** Those whose username begins with what was typed, by username; then all others that match, by age. */
function bestMatches(
  realmId: string,
  slice: Slice,
  place: Place | undefined,
  filter: IdentityFilter,
  patterns: readonly string[],
): RawBuilder<Row> {
  const limit = slice.limit + 1;
  const descending = slice.backward;
  const realm = sql<boolean>`i.realm_id = ${realmId}`;
  const begins = beginsWith(filter.query ?? '');
  const conditions = conditionsOf(realmId, filter, patterns);
  // Who begins with it has every word of it.
  const besides = conditionsOf(realmId, filter, []);
  const within = (part: number) => (place?.part === part ? place : undefined);
  const first = (only: Sql[]): Sql[] => [
    realm,
    begins,
    ...beyond(ORDERINGS.USERNAME, within(0), descending),
    ...only,
  ];
  const others = (only: Sql[]): Sql[] => [realm, ...beyondId(within(1), descending), ...only];
  const way = sql.raw(descending ? 'desc' : 'asc');
  const beginning = (only: Sql[]) => sql`
    select 0 as part, i.username_key as key, i.id from identities i
    where ${allOf([...first(only), ...besides])} order by i.username_key ${way}, i.id ${way} limit ${limit}`;
  const containing = (only: Sql[]) =>
    matching({
      part: 1,
      ordering: BY_ID,
      descending,
      range: allOf(others(only)),
      worthwhile: largeGroup(realmId, filter),
      conditions: [...conditions, sql<boolean>`not ${begins}`],
      limit,
    });
  const [nearer, farther] = descending ? [containing, beginning] : [beginning, containing];
  const nearest = descending ? 1 : 0;
  if (place !== undefined && place.part !== nearest)
    return pageOfParts(realmId, [farther([])], descending, limit);
  const missing = sql<boolean>`(select count(*) from p0) < ${limit}`;
  return pageOfParts(realmId, [nearer([]), farther([missing])], descending, limit);
}

interface Part {
  readonly part: number;
  readonly ordering: Ordering;
  readonly descending: boolean;
  readonly range: Sql;
  /** Whether it can be that many match. */
  readonly worthwhile: Sql;
  readonly conditions: readonly Sql[];
  readonly limit: number;
}

/**
 * Many match: they are found while walking a bounded way in the order of the list. Few match: the way ends, and an index
 * of what they have in common finds all of them, which are then sorted. The database can't know which it will be, as what
 * is rare can also lie at the far end; so both are said, and the second is done only if the first was not enough.
 */
function matching({
  part,
  ordering,
  descending,
  range,
  worthwhile,
  conditions,
  limit,
}: Part): RawBuilder<unknown> {
  const { key, walk } = ordering;
  const way = sql.raw(descending ? 'desc' : 'asc');
  const inOrder = sql`order by ${key} ${way}, i.id ${way}`;
  const wanted = allOf(conditions);
  const shown = part === 1 ? sql`''::text` : key;
  return sql`select * from (
    with hits as materialized (
      select ${shown} as key, i.id from (
        select i.* from identities i where ${range} and ${worthwhile} ${inOrder} limit ${walk}
      ) i
      where ${wanted} ${inOrder} limit ${limit}
    ), found as materialized (
      select ${shown} as key, i.id from identities i
      where ${range} and ${wanted} and (select count(*) from hits) < ${limit}
    )
    select ${sql.lit(part)} as part, key, id from hits where (select count(*) from hits) >= ${limit}
    union all (select ${sql.lit(part)}, key, id from found order by key ${way}, id ${way} limit ${limit})
  ) m`;
}

function pageOfParts(
  realmId: string,
  parts: readonly RawBuilder<unknown>[],
  descending: boolean,
  limit: number,
  ordering: Ordering = ORDERINGS.USERNAME,
): RawBuilder<Row> {
  const way = sql.raw(descending ? 'desc' : 'asc');
  const named = parts.map((part, index) => sql`${sql.raw(`p${index}`)} as materialized (${part})`);
  const all = sql.join(
    parts.map((_, index) => sql`select * from ${sql.raw(`p${index}`)}`),
    sql` union all `,
  );
  return sql<Row>`${sql.raw(PLANNED_FOR_ITS_VALUES)} with ${sql.join(named)}
    select i.*, p.part as list_part, ${textOf(sql`p.key`, ordering)} as list_key
    from (${all}) p join identities i on i.realm_id = ${realmId} and i.id = p.id
    order by p.part ${way}, p.key ${way}, p.id ${way} limit ${limit}`;
}

/** The value that a list is ordered by, as a cursor carries it: times to the microsecond, as the database keeps them. */
const textOf = (key: RawBuilder<unknown>, { kind }: Ordering): RawBuilder<string> =>
  kind === 'text'
    ? sql<string>`${key}`
    : sql<string>`to_char(${key} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')`;

function beyond({ key, kind }: Ordering, place: Place | undefined, descending: boolean): Sql[] {
  if (!place) return [];
  const value = kind === 'time' ? sql`${place.key}::timestamptz` : sql`${place.key}::text`;
  const than = sql.raw(descending ? '<' : '>');
  return [sql<boolean>`(${key}, i.id) ${than} (${value}, ${place.id}::uuid)`];
}

const beyondId = (place: Place | undefined, descending: boolean): Sql[] =>
  place ? [sql<boolean>`i.id ${sql.raw(descending ? '<' : '>')} ${place.id}::uuid`] : [];

export async function selectLastSignIns(
  db: Db,
  realmId: string,
  ids: readonly string[],
): Promise<Map<string, Date | null>> {
  const rows = await db
    .selectFrom('passkeys')
    .select(({ fn }) => ['identity_id', fn.max('last_used_at').as('at')])
    .where('realm_id', '=', realmId)
    .where('identity_id', '=', sql<string>`any(${sql.val([...ids])}::uuid[])`)
    .groupBy('identity_id')
    .execute();
  return new Map(rows.map((row) => [row.identity_id, row.at]));
}
