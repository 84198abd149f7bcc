import { type RawBuilder, sql } from 'kysely';
import type { Db } from '../../kernel/command.js';
import { isId } from '../../kernel/ids.js';
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

interface Column {
  readonly column: RawBuilder<unknown>;
  /** `key`: in the form of usernames; `folded`: lower case, made by the database on both sides. */
  readonly kind: 'id' | 'key' | 'folded' | 'exact' | 'boolean' | 'time';
  /** Part of the text that the index for searching covers. */
  readonly searched?: true;
}

/** What each field is in SQL; the only way from a field to a column. */
const COLUMNS: Readonly<Record<FilterField, Column>> = {
  id: { column: sql`i.id`, kind: 'id' },
  username: { column: sql`i.username_key`, kind: 'key', searched: true },
  externalId: { column: sql`i.external_id`, kind: 'exact' },
  displayName: { column: sql`lower(i.display_name)`, kind: 'folded', searched: true },
  givenName: { column: sql`lower(i.given_name)`, kind: 'folded' },
  familyName: { column: sql`lower(i.family_name)`, kind: 'folded' },
  formattedName: { column: sql`lower(i.formatted_name)`, kind: 'folded' },
  active: { column: sql`(i.status = 'ACTIVE')`, kind: 'boolean' },
  createdAt: { column: sql`i.created_at`, kind: 'time' },
  updatedAt: { column: sql`i.updated_at`, kind: 'time' },
};

const EMAIL_COLUMNS: Readonly<Record<EmailField, Column>> = {
  value: { column: sql`lower(e.item->>'value')`, kind: 'folded' },
  type: { column: sql`lower(e.item->>'type')`, kind: 'folded' },
  display: { column: sql`lower(e.item->>'display')`, kind: 'folded' },
  primary: { column: sql`coalesce((e.item->>'primary')::boolean, false)`, kind: 'boolean' },
};

/** By age, so that pages stay as they are while people are added. The rows left out are never read. */
export const filteredRows = (
  realmId: string,
  filter: DirectoryFilter | undefined,
  page: { offset: number; limit: number },
): RawBuilder<IdentityRow> => sql<IdentityRow>`
  select i.* from (
    select i.id from identities i where i.realm_id = ${realmId} and ${whereOf(filter)}
    order by i.id offset ${page.offset} limit ${page.limit}
  ) page join identities i on i.realm_id = ${realmId} and i.id = page.id
  order by i.id`;

export async function selectFiltered(
  db: Db,
  realmId: string,
  filter: DirectoryFilter | undefined,
  page: { offset: number; limit: number },
): Promise<IdentityRow[]> {
  const result = await filteredRows(realmId, filter, page).execute(db);
  return result.rows;
}

export async function countFiltered(
  db: Db,
  realmId: string,
  filter: DirectoryFilter | undefined,
): Promise<number> {
  const result = await sql<{ total: number }>`
    select count(*)::int as total from identities i
    where i.realm_id = ${realmId} and ${whereOf(filter)}`.execute(db);
  return result.rows[0]?.total ?? 0;
}

const whereOf = (filter: DirectoryFilter | undefined): Sql =>
  filter ? condition(filter) : sql<boolean>`true`;

function condition(filter: DirectoryFilter): Sql {
  if ('all' in filter) return joined(filter.all.map(condition), 'and');
  if ('any' in filter) return joined(filter.any.map(condition), 'or');
  if ('not' in filter) return negated(condition(filter.not));
  if ('test' in filter) return testOf(COLUMNS[filter.test.field], filter.test);
  return someEmail(filter.someEmail);
}

/** The address that is looked for narrows the rows through its index; the whole condition decides. */
function someEmail(filter: EmailFilter): Sql {
  const some = sql<boolean>`exists (
    select 1 from jsonb_array_elements(i.emails) as e(item) where ${emailCondition(filter)})`;
  const address = addressIn(filter);
  if (address === undefined) return some;
  return sql<boolean>`(lower(i.emails::text)::jsonb
    @> jsonb_build_array(jsonb_build_object('value', lower(${address}::text))) and ${some})`;
}

function addressIn(filter: EmailFilter): string | undefined {
  if ('all' in filter) return filter.all.map(addressIn).find((address) => address !== undefined);
  if (!('test' in filter) || filter.test.field !== 'value' || filter.test.op !== 'eq') return undefined;
  return String(filter.test.value);
}

function emailCondition(filter: EmailFilter): Sql {
  if ('all' in filter) return joined(filter.all.map(emailCondition), 'and');
  if ('any' in filter) return joined(filter.any.map(emailCondition), 'or');
  if ('not' in filter) return negated(emailCondition(filter.not));
  return testOf(EMAIL_COLUMNS[filter.test.field], filter.test);
}

const joined = (parts: readonly Sql[], word: 'and' | 'or'): Sql =>
  parts.length === 0
    ? sql<boolean>`${word === 'and'}::boolean`
    : sql<boolean>`(${sql.join(parts, word === 'and' ? sql` and ` : sql` or `)})`;

/** A field without a value fails every test but `ne`, so its negation is met; and no test hides its index. */
const negated = (part: Sql): Sql => sql<boolean>`((${part}) is not true)`;

function testOf(field: Column, test: FieldTest<string>): Sql {
  const { column, kind } = field;
  if (test.op === 'pr')
    return kind === 'boolean' || kind === 'time' || kind === 'id'
      ? sql<boolean>`(${column} is not null)`
      : sql<boolean>`(${column} <> '')`;
  const text = kind === 'key' ? comparable(String(test.value)) : String(test.value);
  if (kind === 'id' && (test.op === 'eq' || test.op === 'ne')) {
    const equal = isId(text) ? sql<boolean>`(i.id = ${text}::uuid)` : sql<boolean>`false`;
    return test.op === 'eq' ? equal : negated(equal);
  }
  const left = kind === 'id' ? sql`${column}::text` : column;
  const pattern = patternOf(test.op, text);
  if (pattern !== undefined) return narrowed(field, text, sql`(${left} like ${textValue(kind, pattern)})`);
  const right = sqlValue(kind, typeof test.value === 'string' ? text : test.value);
  if (test.op === 'ne') return sql<boolean>`(${left} is distinct from ${right})`;
  const compared = sql<boolean>`(${left} ${sql.raw(COMPARISONS[test.op as Ordered])} ${right})`;
  return test.op === 'eq' && kind === 'folded' ? narrowed(field, text, compared) : compared;
}

type Ordered = 'eq' | 'gt' | 'ge' | 'lt' | 'le';
const COMPARISONS: Readonly<Record<Ordered, string>> = { eq: '=', gt: '>', ge: '>=', lt: '<', le: '<=' };

const SEARCHED = sql`(i.username_key || ' ' || lower(i.display_name) || ' ' || lower(coalesce(i.email, '')) || ' ' || lower(coalesce(i.external_id, '')))`;

/** What contains the text is among what the index for searching finds; below three characters that is everything. */
function narrowed({ kind, searched }: Column, text: string, test: Sql): Sql {
  if (!searched || text.length < 3) return test;
  const wanted = textValue(kind, `%${escaped(text)}%`);
  return sql<boolean>`(${SEARCHED} like ${wanted} and ${test})`;
}

function sqlValue(kind: Column['kind'], value: string | boolean | Date): RawBuilder<unknown> {
  if (kind === 'boolean') return sql`${value === true}::boolean`;
  if (kind === 'time') return sql`${value}::timestamptz`;
  return textValue(kind, String(value));
}

function textValue(kind: Column['kind'], text: string): RawBuilder<unknown> {
  return kind === 'folded' ? sql`lower(${text}::text)` : sql`${text}::text`;
}

function patternOf(op: FilterOp, value: string): string | undefined {
  if (op === 'co') return `%${escaped(value)}%`;
  if (op === 'sw') return `${escaped(value)}%`;
  return op === 'ew' ? `%${escaped(value)}` : undefined;
}

/** As a part of a LIKE pattern that means itself. */
const escaped = (text: string): string => text.replace(/[\\%_]/g, '\\$&');
