import { type RawBuilder, sql } from 'kysely';
import type { Db } from '../../kernel/command.js';
import { comparable } from '../../kernel/text.js';
import type {
  DirectoryFilter,
  EmailField,
  EmailFilter,
  FieldTest,
  FilterField,
  FilterOp,
} from './identities.filter.js';
import type { IdentityRow } from './identities.queries.js';

type Sql = RawBuilder<boolean>;
type Kind = 'folded' | 'exact' | 'boolean' | 'time';

/** What each field is in SQL; the only way from a field to a column. */
const COLUMNS: Readonly<Record<FilterField, { column: RawBuilder<unknown>; kind: Kind }>> = {
  id: { column: sql`i.id::text`, kind: 'exact' },
  username: { column: sql`i.username_key`, kind: 'folded' },
  externalId: { column: sql`i.external_id`, kind: 'exact' },
  displayName: { column: sql`lower(i.display_name)`, kind: 'folded' },
  givenName: { column: sql`lower(i.given_name)`, kind: 'folded' },
  familyName: { column: sql`lower(i.family_name)`, kind: 'folded' },
  formattedName: { column: sql`lower(i.formatted_name)`, kind: 'folded' },
  active: { column: sql`(i.status = 'ACTIVE')`, kind: 'boolean' },
  createdAt: { column: sql`i.created_at`, kind: 'time' },
  updatedAt: { column: sql`i.updated_at`, kind: 'time' },
};

const EMAIL_COLUMNS: Readonly<Record<EmailField, { column: RawBuilder<unknown>; kind: Kind }>> = {
  value: { column: sql`lower(e.item->>'value')`, kind: 'folded' },
  type: { column: sql`lower(e.item->>'type')`, kind: 'folded' },
  display: { column: sql`lower(e.item->>'display')`, kind: 'folded' },
  primary: { column: sql`coalesce((e.item->>'primary')::boolean, false)`, kind: 'boolean' },
};

/** By age, so that pages stay as they are while people are added. */
export async function selectFiltered(
  db: Db,
  realmId: string,
  filter: DirectoryFilter | undefined,
  page: { offset: number; limit: number },
): Promise<IdentityRow[]> {
  const result = await sql<IdentityRow>`
    select i.* from identities i where i.realm_id = ${realmId} and ${whereOf(filter)}
    order by i.id offset ${page.offset} limit ${page.limit}`.execute(db);
  return result.rows;
}

export async function countFiltered(
  db: Db,
  realmId: string,
  filter: DirectoryFilter | undefined,
): Promise<number> {
  const result = await sql<{ total: number }>`
    select count(*)::int as total from identities i where i.realm_id = ${realmId} and ${whereOf(filter)}`.execute(
    db,
  );
  return result.rows[0]?.total ?? 0;
}

const whereOf = (filter: DirectoryFilter | undefined): Sql =>
  filter ? condition(filter) : sql<boolean>`true`;

function condition(filter: DirectoryFilter): Sql {
  if ('all' in filter) return joined(filter.all.map(condition), 'and');
  if ('any' in filter) return joined(filter.any.map(condition), 'or');
  if ('not' in filter) return sql<boolean>`not (${condition(filter.not)})`;
  if ('test' in filter) return testOf(COLUMNS[filter.test.field], filter.test);
  return sql<boolean>`exists (
    select 1 from jsonb_array_elements(i.emails) as e(item) where ${emailCondition(filter.someEmail)})`;
}

function emailCondition(filter: EmailFilter): Sql {
  if ('all' in filter) return joined(filter.all.map(emailCondition), 'and');
  if ('any' in filter) return joined(filter.any.map(emailCondition), 'or');
  if ('not' in filter) return sql<boolean>`not (${emailCondition(filter.not)})`;
  return testOf(EMAIL_COLUMNS[filter.test.field], filter.test);
}

const joined = (parts: readonly Sql[], word: 'and' | 'or'): Sql =>
  parts.length === 0
    ? sql<boolean>`${word === 'and'}`
    : sql<boolean>`(${sql.join(parts, word === 'and' ? sql` and ` : sql` or `)})`;

/** Never unknown: a field without a value fails every test but `ne`, so that `not` means what it says. */
function testOf({ column, kind }: { column: RawBuilder<unknown>; kind: Kind }, test: FieldTest<string>): Sql {
  if (test.op === 'pr')
    return kind === 'folded' || kind === 'exact'
      ? sql<boolean>`coalesce(${column} <> '', false)`
      : sql<boolean>`(${column} is not null)`;
  const value = sqlValue(kind, test.value);
  if (test.op === 'eq') return sql<boolean>`coalesce(${column} = ${value}, false)`;
  if (test.op === 'ne') return sql<boolean>`(${column} is distinct from ${value})`;
  const pattern = patternOf(test.op, String(test.value), kind);
  if (pattern !== undefined) return sql<boolean>`coalesce(${column} like ${pattern}, false)`;
  return sql<boolean>`coalesce(${column} ${sql.raw(COMPARISONS[test.op as Ordered])} ${value}, false)`;
}

type Ordered = 'gt' | 'ge' | 'lt' | 'le';
const COMPARISONS: Readonly<Record<Ordered, string>> = { gt: '>', ge: '>=', lt: '<', le: '<=' };

const sqlValue = (kind: Kind, value: string | boolean | Date): RawBuilder<unknown> => {
  if (kind === 'boolean') return sql`${value === true}::boolean`;
  if (kind === 'time') return sql`${value}::timestamptz`;
  return sql`${kind === 'folded' ? comparable(String(value)) : String(value)}::text`;
};

function patternOf(op: FilterOp, value: string, kind: Kind): string | undefined {
  const text = (kind === 'folded' ? comparable(value) : value).replace(/[\\%_]/g, '\\$&');
  if (op === 'co') return `%${text}%`;
  if (op === 'sw') return `${text}%`;
  return op === 'ew' ? `%${text}` : undefined;
}
