import { type RawBuilder, sql } from 'kysely';
import type { FieldTest, FilterOp, FilterValue, Part, RowFilter, Span } from '../kernel/filter.js';
import { isId } from '../kernel/ids.js';
import { comparable } from '../kernel/text.js';

export type Sql = RawBuilder<boolean>;

export interface Column {
  readonly column: RawBuilder<unknown>;
  /** `key`: in the form of names as they are compared; `folded`: lower case, made by the database on both sides. */
  readonly kind: 'id' | 'key' | 'folded' | 'exact' | 'boolean' | 'number' | 'time';
  /** A condition that an index covers and that holds for every row whose column contains the text; undefined if none does. */
  readonly narrow?: (text: string) => Sql | undefined;
  /** What holds for every row that has a value: the condition of a partial index. */
  readonly given?: Sql;
}

/** What the fields of a table are in SQL; the only way from a field to a column. */
export interface Shape<Field, Some> {
  column(field: Field): Column;
  some(some: Some): Sql;
}

export const NOTHING_RELATED = (): Sql => sql<boolean>`false`;

export function conditionOf<Field, Some>(filter: RowFilter<Field, Some>, shape: Shape<Field, Some>): Sql {
  if ('all' in filter)
    return joined(
      filter.all.map((item) => conditionOf(item, shape)),
      'and',
    );
  if ('any' in filter)
    return joined(
      filter.any.map((item) => conditionOf(item, shape)),
      'or',
    );
  if ('not' in filter) return negated(conditionOf(filter.not, shape));
  if ('test' in filter) return testOf(shape.column(filter.test.field), filter.test);
  return shape.some(filter.some);
}

export const whereOf = <Field, Some>(
  filter: RowFilter<Field, Some> | undefined,
  shape: Shape<Field, Some>,
): Sql => (filter ? conditionOf(filter, shape) : sql<boolean>`true`);

const joined = (parts: readonly Sql[], word: 'and' | 'or'): Sql =>
  parts.length === 0
    ? sql<boolean>`${word === 'and'}::boolean`
    : sql<boolean>`(${sql.join(parts, word === 'and' ? sql` and ` : sql` or `)})`;

const negated = (part: Sql): Sql => sql<boolean>`((${part}) is not true)`;

function testOf(field: Column, test: FieldTest<unknown>): Sql {
  const { column, kind } = field;
  if (test.op === 'pr')
    return ['boolean', 'time', 'id', 'number'].includes(kind)
      ? sql<boolean>`(${column} is not null)`
      : sql<boolean>`(${column} <> '')`;
  const text = kind === 'key' ? comparable(String(test.value)) : String(test.value);
  if (kind === 'id' && (test.op === 'eq' || test.op === 'ne')) {
    const equal = isId(text) ? sql<boolean>`(${column} = ${text}::uuid)` : sql<boolean>`false`;
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

/** What contains the text is among what an index finds. */
function narrowed({ narrow, given }: Column, text: string, test: Sql): Sql {
  const found = given ? sql<boolean>`(${given} and ${test})` : test;
  const among = narrow?.(text);
  return among ? sql<boolean>`(${among} and ${found})` : found;
}

function sqlValue(kind: Column['kind'], value: FilterValue | null): RawBuilder<unknown> {
  if (kind === 'boolean') return sql`${value === true || value === 'true'}::boolean`;
  if (kind === 'time') return sql`${value}::timestamptz`;
  if (kind === 'number') return sql`${value}::numeric`;
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

export interface OrderSql {
  /** What the rows are ordered by, as text: the first part of a position. */
  readonly key: RawBuilder<string | null>;
  readonly by: RawBuilder<unknown>;
  /** Where a page begins. */
  readonly from: Sql;
  readonly window: RawBuilder<unknown>;
}

/** @param id the column that ends every tie */
export function orderSql(
  order: Column | undefined,
  descending: boolean,
  id: RawBuilder<unknown>,
  span: Span,
): OrderSql {
  const at = 'after' in span ? span.after : undefined;
  // One more than the page has tells whether there is another page.
  const window =
    'after' in span ? sql`limit ${span.limit + 1}` : sql`offset ${span.offset} limit ${span.limit}`;
  if (!order)
    return {
      key: sql`null::text`,
      by: sql`${id}`,
      from: at ? sql<boolean>`(${id} > ${idIn(at)}::uuid)` : sql<boolean>`true`,
      window,
    };
  const { column, kind } = order;
  return {
    key: sql`(${column})::text`,
    by: descending ? sql`${column} desc nulls first, ${id} desc` : sql`${column} asc nulls last, ${id} asc`,
    from: at
      ? beyond(column, valueAt(kind, at[0]), sql`${idIn(at)}::uuid`, id, descending)
      : sql<boolean>`true`,
    window,
  };
}

const NO_ID = '00000000-0000-0000-0000-000000000000';

const idIn = (at: readonly (string | null)[]): string => {
  const last = at.at(-1) ?? NO_ID;
  return isId(last) ? last : NO_ID;
};

const valueAt = (kind: Column['kind'], text: string | null | undefined): RawBuilder<unknown> | undefined => {
  if (text === null || text === undefined) return undefined;
  if (kind === 'time') return sql`${text}::timestamptz`;
  if (kind === 'number') return sql`${text}::numeric`;
  if (kind === 'boolean') return sql`${text}::boolean`;
  return kind === 'id' ? sql`${text}::uuid` : sql`${text}::text`;
};

function beyond(
  column: RawBuilder<unknown>,
  value: RawBuilder<unknown> | undefined,
  last: RawBuilder<unknown>,
  id: RawBuilder<unknown>,
  descending: boolean,
): Sql {
  if (descending)
    return value
      ? sql<boolean>`((${column}, ${id}) < (${value}, ${last}))`
      : sql<boolean>`((${column} is null and ${id} < ${last}) or ${column} is not null)`;
  return value
    ? sql<boolean>`((${column}, ${id}) > (${value}, ${last}) or ${column} is null)`
    : sql<boolean>`(${column} is null and ${id} > ${last})`;
}

export function partOf<Row extends { readonly id: string; readonly position: string | null }>(
  span: Span,
  rows: readonly Row[],
): Part<Row> {
  if (!('after' in span)) return { rows: [...rows], next: undefined };
  const kept = rows.slice(0, span.limit);
  const last = kept.at(-1);
  return { rows: kept, next: rows.length > span.limit && last ? [last.position, last.id] : undefined };
}
