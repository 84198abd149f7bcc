import { type RawBuilder, sql } from 'kysely';
import { PLANNED_FOR_ITS_VALUES } from '../../database/pool.js';
import { searchPatterns } from '../../database/search.js';
import type { Db } from '../../kernel/command.js';
import { invalid } from '../../kernel/errors.js';
import { isId } from '../../kernel/ids.js';
import type { CursorKey, Slice } from '../../kernel/page.js';
import { modelsNamed } from './models.js';
import type { PasskeyRow } from './passkeys.queries.js';

type Sql = RawBuilder<boolean>;

export interface CredentialFilter {
  /** What a person typed: words of the model, of the name that someone gave it, or of the person that it belongs to. */
  readonly query?: string | undefined;
  readonly status?: 'ACTIVE' | 'REVOKED' | undefined;
  readonly aaguid?: string | undefined;
  readonly identityId?: string | undefined;
  readonly deviceBound?: boolean | undefined;
  readonly userVerified?: boolean | undefined;
  /** Whether its maker vouched for the model. */
  readonly attested?: boolean | undefined;
  /** `After` is from that moment on, `Before` is until just before it. */
  readonly createdAfter?: Date | undefined;
  readonly createdBefore?: Date | undefined;
  readonly lastUsedAfter?: Date | undefined;
  /** What was never used is not among them. */
  readonly lastUsedBefore?: Date | undefined;
  /** What was never used is among them. */
  readonly unusedSince?: Date | undefined;
  readonly neverUsed?: boolean | undefined;
}

export type CredentialOrder = `${'CREATED_AT' | 'LAST_USED_AT'}_${'ASC' | 'DESC'}`;

/** As its index has it: what was never used is the longest unused. */
const LAST_USED = sql`coalesce(p.last_used_at, '-infinity')`;
const KEYS = { CREATED_AT: sql`p.created_at`, LAST_USED_AT: LAST_USED } as const;

/** The order, the time ordered by, the id. */
export const CURSOR_LENGTH = 3;
const isTime = (key: string): boolean => {
  if (key === '-infinity') return true;
  const at = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$/.test(key) ? new Date(key) : new Date(Number.NaN);
  // The 30th of February would be one of March here, and a fault in the database.
  return !Number.isNaN(at.getTime()) && at.toISOString().slice(0, 19) === key.slice(0, 19);
};

/** How many rows are looked at in order before the whole of what matches is sorted instead; by use they lie anywhere. */
const WALKS = { CREATED_AT: 10_000, LAST_USED_AT: 4_000 } as const;
/** To look each row's person up takes longer. */
const SEARCHED = 2_000;

export interface ListedCredential {
  readonly row: PasskeyRow;
  /** Where it stands in its list. */
  readonly position: CursorKey;
}

/**
 * Up to `limit + 1` passkeys in the direction of the slice. Many match: they are found while walking a bounded way in
 * order. Few match: an index of what they have in common finds all of them, which are then sorted.
 */
export async function selectInventory(
  db: Db,
  realmId: string,
  slice: Slice,
  filter: CredentialFilter,
  order: CredentialOrder,
): Promise<ListedCredential[]> {
  const by = order.startsWith('CREATED') ? 'CREATED_AT' : 'LAST_USED_AT';
  const key = KEYS[by];
  const way = sql.raw(order.endsWith('DESC') !== slice.backward ? 'desc' : 'asc');
  const limit = slice.limit + 1;
  const created = createdOf(filter);
  const used = usedOf(filter);
  const inOrder = by === 'CREATED_AT' ? created : used;
  const range = and([sql<boolean>`p.realm_id = ${realmId}`, ...inOrder, ...beyond(slice, order, key)]);
  const conditions = [...(by === 'CREATED_AT' ? used : created), ...conditionsOf(filter)];
  const search = searchOf(realmId, filter.query);
  const page =
    conditions.length === 0 && search === undefined
      ? sql`select ${key} as key, p.id from passkeys p where ${range} order by 1 ${way}, p.id ${way} limit ${limit}`
      : sql`
    with hits as materialized (
      select p.key, p.id from (
        select p.*, ${key} as key from passkeys p where ${range} order by ${key} ${way}, p.id ${way}
        limit ${search === undefined ? WALKS[by] : SEARCHED}
      ) p
      where ${and([...conditions, ...(search ? [search.met] : [])])} order by p.key ${way}, p.id ${way} limit ${limit}
    ), found as materialized (
      select ${key} as key, p.id from ${search ? search.from : sql`passkeys p`}
      where ${and([range, ...conditions])} and (select count(*) from hits) < ${limit}
    )
    select key, id from hits where (select count(*) from hits) >= ${limit}
    union all (select key, id from found order by key ${way}, id ${way} limit ${limit})`;
  const { rows } = await sql<PasskeyRow & { list_key: string }>`${sql.raw(PLANNED_FOR_ITS_VALUES)}
    select p.*, case when isfinite(m.key)
      then to_char(m.key at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') else '-infinity' end as list_key
    from (${page}) m join passkeys p on p.realm_id = ${realmId} and p.id = m.id
    order by m.key ${way}, m.id ${way}`.execute(db);
  return rows.map(({ list_key, ...row }) => ({ row, position: [order, list_key, row.id] }));
}

/** @throws DomainError INVALID_INPUT for a cursor of another order */
function beyond(slice: Slice, order: CredentialOrder, key: RawBuilder<unknown>): Sql[] {
  if (slice.from === undefined) return [];
  const [ofOrder, at = '', id = ''] = slice.from;
  if (ofOrder !== order || !isTime(at) || !isId(id))
    throw invalid('This cursor does not belong to this list.', slice.backward ? 'before' : 'after');
  const than = sql.raw(order.endsWith('DESC') !== slice.backward ? '<' : '>');
  return [sql<boolean>`(${key}, p.id) ${than} (${at}::timestamptz, ${id}::uuid)`];
}

const createdOf = ({ createdAfter, createdBefore }: CredentialFilter): Sql[] => [
  ...(createdAfter ? [sql<boolean>`p.created_at >= ${createdAfter}`] : []),
  ...(createdBefore ? [sql<boolean>`p.created_at < ${createdBefore}`] : []),
];

function usedOf({ lastUsedAfter, lastUsedBefore, unusedSince, neverUsed }: CredentialFilter): Sql[] {
  const ever = sql<boolean>`${LAST_USED} > '-infinity'`;
  return [
    ...(lastUsedAfter ? [sql<boolean>`${LAST_USED} >= ${lastUsedAfter}`] : []),
    ...(lastUsedBefore ? [sql<boolean>`${LAST_USED} < ${lastUsedBefore}`, ever] : []),
    ...(unusedSince ? [sql<boolean>`${LAST_USED} < ${unusedSince}`] : []),
    ...(neverUsed === undefined ? [] : [neverUsed ? sql<boolean>`${LAST_USED} = '-infinity'` : ever]),
  ];
}

function conditionsOf(filter: CredentialFilter): Sql[] {
  const { status, aaguid, identityId, deviceBound, userVerified, attested } = filter;
  // As literals where the database knows how many have each of them.
  return [
    ...(status ? [sql<boolean>`p.status = ${sql.lit(status)}`] : []),
    ...(aaguid === undefined ? [] : [sql<boolean>`p.aaguid = ${aaguid}::uuid`]),
    ...(identityId === undefined ? [] : [sql<boolean>`p.identity_id = ${identityId}::uuid`]),
    ...(deviceBound === undefined ? [] : [sql<boolean>`p.device_bound = ${sql.lit(deviceBound)}`]),
    ...(userVerified === undefined
      ? []
      : [userVerified ? sql<boolean>`p.user_verified` : sql<boolean>`not p.user_verified`]),
    ...(attested === undefined
      ? []
      : [attested ? sql<boolean>`p.attestation = 'VERIFIED'` : sql<boolean>`p.attestation <> 'VERIFIED'`]),
  ];
}

/** The same search twice: as a test of one row, and as all that meet it, each part by an index of its own. */
function searchOf(
  realmId: string,
  query: string | undefined,
): { met: Sql; from: RawBuilder<unknown> } | undefined {
  const patterns = searchPatterns(query ?? '');
  if (patterns.length === 0) return undefined;
  const models = sql`any(${sql.val(modelsNamed(query ?? ''))}::uuid[])`;
  const owner = and(patterns.map((pattern) => sql<boolean>`i.search_text like ${pattern}`));
  const named = and([
    sql<boolean>`p.renamed_at is not null`,
    ...patterns.map((pattern) => sql<boolean>`' ' || searchable(p.name) like ${pattern}`),
  ]);
  return {
    // Not `exists`, which the database may answer by looking everyone of the realm up first.
    met: sql<boolean>`(p.aaguid = ${models} or (${named}) or (
      select ${owner} from identities i where i.realm_id = ${realmId} and i.id = p.identity_id))`,
    from: sql`(
      select p.id from passkeys p where p.realm_id = ${realmId} and p.aaguid = ${models}
      union select p.id from passkeys p where p.realm_id = ${realmId} and ${named}
      union select p.id from identities i join passkeys p on p.realm_id = ${realmId} and p.identity_id = i.id
        where i.realm_id = ${realmId} and ${owner}
    ) s join passkeys p on p.realm_id = ${realmId} and p.id = s.id`,
  };
}

const and = (conditions: readonly Sql[]): Sql => sql<boolean>`${sql.join(conditions, sql` and `)}`;

export interface ModelCount {
  readonly aaguid: string;
  readonly active: number;
  readonly device_bound: number;
  readonly revoked: number;
}

/** The models that most active passkeys are of, up to the limit. */
export async function countByModel(db: Db, realmId: string, limit: number): Promise<ModelCount[]> {
  const { rows } = await sql<ModelCount>`
    select aaguid, count(*) filter (where status = 'ACTIVE')::int as active,
      count(*) filter (where status = 'ACTIVE' and device_bound)::int as device_bound,
      count(*) filter (where status = 'REVOKED')::int as revoked
    from passkeys where realm_id = ${realmId}
    group by aaguid order by active desc, aaguid limit ${limit}`.execute(db);
  return rows;
}
