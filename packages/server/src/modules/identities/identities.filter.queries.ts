import { type RawBuilder, sql } from 'kysely';
import {
  type Column,
  conditionOf,
  NOTHING_RELATED,
  orderSql,
  partOf,
  type Shape,
  type Sql,
  whereOf,
} from '../../database/filter.js';
import { mayContain } from '../../database/search.js';
import type { Db } from '../../kernel/command.js';
import type { Part, Span } from '../../kernel/filter.js';
import type {
  DirectoryFilter,
  DirectoryOrder,
  FilterField,
  PartField,
  PartFilter,
  SomeOf,
} from './identities.filter.js';
import type { IdentityRow } from './identities.queries.js';
import { PLAIN_FIELDS } from './identities.types.js';

type NamedField = Exclude<FilterField, object>;

const COLUMNS: ReadonlyMap<NamedField, Column> = new Map<NamedField, Column>([
  ...PLAIN_FIELDS.map((field): [NamedField, Column] => [
    field,
    { column: sql`lower(i.profile ->> ${sql.lit(field)})`, kind: 'folded' },
  ]),
  ['id', { column: sql`i.id`, kind: 'id' }],
  ['username', { column: sql`i.username_key`, kind: 'key', narrow: mayContain }],
  ['externalId', { column: sql`i.external_id`, kind: 'exact' }],
  ['displayName', { column: sql`lower(i.display_name)`, kind: 'folded', narrow: mayContain }],
  ['givenName', { column: sql`lower(i.given_name)`, kind: 'folded' }],
  ['familyName', { column: sql`lower(i.family_name)`, kind: 'folded' }],
  ['formattedName', { column: sql`lower(i.formatted_name)`, kind: 'folded' }],
  ['active', { column: sql`(i.status = 'ACTIVE')`, kind: 'boolean' }],
  ['createdAt', { column: sql`i.created_at`, kind: 'time' }],
  ['updatedAt', { column: sql`i.updated_at`, kind: 'time' }],
  ['provisionedBy', { column: sql`i.provisioned_by`, kind: 'id' }],
  [
    'employeeNumber',
    {
      column: sql`lower(i.profile ->> 'employeeNumber')`,
      kind: 'folded',
      given: sql<boolean>`(i.profile ? 'employeeNumber')`,
    },
  ],
]);

const KINDS = { text: 'folded', number: 'number', boolean: 'boolean' } as const;

/** A value from before the declaration said what it holds now is none. */
function declared(value: RawBuilder<unknown>, holds: keyof typeof KINDS): Column {
  const text = sql`(${value} #>> '{}')`;
  if (holds === 'text') return { column: sql`lower(${text})`, kind: KINDS[holds] };
  const type = sql.raw(holds === 'number' ? 'numeric' : 'boolean');
  return {
    column: sql`(case when jsonb_typeof(${value}) = ${sql.lit(holds)} then ${text}::${type} end)`,
    kind: KINDS[holds],
  };
}

function columnOf(field: FilterField): Column {
  if (typeof field === 'object' && 'externalIdFor' in field)
    return {
      column: sql`(case when coalesce(i.provisioned_by, ${field.externalIdFor}::uuid) = ${field.externalIdFor}::uuid
        then i.external_id end)`,
      kind: 'exact',
    };
  if (typeof field === 'object')
    return declared(sql`(i.attributes -> ${field.attribute}::text)`, field.holds);
  const column = COLUMNS.get(field);
  if (!column) throw new Error(`there is no column for ${field}`);
  return column;
}

const PARTS: Shape<PartField, never> = {
  column: (field) =>
    field === 'primary'
      ? { column: sql`coalesce((e.item ->> 'primary')::boolean, false)`, kind: 'boolean' }
      : { column: sql`lower(e.item ->> ${sql.lit(field)})`, kind: 'folded' },
  some: NOTHING_RELATED,
};

const GROUPS: Shape<'value' | 'display', never> = {
  column: (field) =>
    field === 'value'
      ? { column: sql`m.group_id`, kind: 'id' }
      : { column: sql`g.display_name_key`, kind: 'key' },
  some: NOTHING_RELATED,
};

const IDENTITIES: Shape<FilterField, SomeOf> = { column: columnOf, some: someOf };

function someOf(some: SomeOf): Sql {
  if ('group' in some)
    return sql<boolean>`exists (
      select 1 from group_members m join groups g on g.realm_id = m.realm_id and g.id = m.group_id
      where m.realm_id = i.realm_id and m.identity_id = i.id and ${conditionOf(some.group, GROUPS)})`;
  if ('attribute' in some)
    return sql<boolean>`exists (
      select 1 from jsonb_path_query(i.attributes -> ${some.attribute}::text, 'strict $[*]', '{}', true) as e(item)
      where ${conditionOf({ test: some.item }, { column: () => declared(sql`e.item`, some.holds), some: NOTHING_RELATED })})`;
  const list = some.list === 'emails' ? sql`i.emails` : sql`(i.profile -> ${sql.lit(some.list)})`;
  const found = sql<boolean>`exists (
    select 1 from jsonb_array_elements(${list}) as e(item) where ${conditionOf(some.meets, PARTS)})`;
  const address = some.list === 'emails' ? addressIn(some.meets) : undefined;
  // The address that is looked for narrows the rows through its index; the whole condition decides.
  return address === undefined
    ? found
    : sql<boolean>`(lower(i.emails::text)::jsonb
        @> jsonb_build_array(jsonb_build_object('value', lower(${address}::text))) and ${found})`;
}

function addressIn(filter: PartFilter): string | undefined {
  if ('all' in filter) return filter.all.map(addressIn).find((address) => address !== undefined);
  if (!('test' in filter) || filter.test.field !== 'value' || filter.test.op !== 'eq') return undefined;
  return String(filter.test.value);
}

interface GroupOfIdentity {
  readonly id: string;
  readonly display: string;
}

/** Where the groups were asked for they come with the row; null for somebody who is in more than come along. */
export type ListedRow = IdentityRow & { readonly groups?: readonly GroupOfIdentity[] | null };

type Positioned = ListedRow & { readonly position: string | null };

/** Groups of one person that come along with a list: a page of 200 people stays within some megabytes. */
const GROUPS_ALONG = 200;

const GROUPS_OF = sql<readonly GroupOfIdentity[] | null>`(
  select case when count(*) <= ${sql.lit(GROUPS_ALONG)}
    then coalesce(json_agg(json_build_object('id', r.id, 'display', r.display_name) order by r.id), '[]') end
  from (
    select g.id, g.display_name from group_members m
    join groups g on g.realm_id = m.realm_id and g.id = m.group_id
    where m.realm_id = i.realm_id and m.identity_id = i.id
    order by m.group_id limit ${sql.lit(GROUPS_ALONG + 1)}
  ) r
)`;

/** By age unless said, so that pages stay as they are while people are added. The rows left out are never read. */
export function filteredRows(
  realmId: string,
  filter: DirectoryFilter | undefined,
  order: DirectoryOrder | undefined,
  span: Span,
  related = false,
): RawBuilder<Positioned> {
  const { key, by, from, window } = orderSql(
    order && columnOf(order.field),
    order?.descending ?? false,
    sql`i.id`,
    span,
  );
  return sql<Positioned>`
    select i.*, page.position ${related ? sql`, ${GROUPS_OF} as groups` : sql``} from (
      select i.id, ${key} as position from identities i
      where i.realm_id = ${realmId} and ${whereOf(filter, IDENTITIES)} and ${from}
      order by ${by} ${window}
    ) page join identities i on i.realm_id = ${realmId} and i.id = page.id
    order by ${by}`;
}

export async function selectFiltered(
  db: Db,
  realmId: string,
  filter: DirectoryFilter | undefined,
  order: DirectoryOrder | undefined,
  span: Span,
  related: boolean,
): Promise<Part<Positioned>> {
  const result = await filteredRows(realmId, filter, order, span, related).execute(db);
  return partOf(span, result.rows);
}

/** Of everybody it is known; of those that a filter meets it is counted. */
export async function countFiltered(
  db: Db,
  realmId: string,
  filter: DirectoryFilter | undefined,
): Promise<number> {
  const count = filter
    ? sql<{ total: number }>`select count(*)::int as total from identities i
        where i.realm_id = ${realmId} and ${whereOf(filter, IDENTITIES)}`
    : sql<{ total: number }>`select coalesce(sum(identities), 0)::int as total from directory_counts
        where realm_id = ${realmId}`;
  const result = await count.execute(db);
  return result.rows[0]?.total ?? 0;
}
