import { z } from 'zod';
import { invalid } from './errors.js';

/** Relay's arguments (GraphQL Cursor Connections); at most 200 a page, 50 unless said. */
export interface PageArgs {
  readonly first?: number | null | undefined;
  readonly after?: string | null | undefined;
  readonly last?: number | null | undefined;
  readonly before?: string | null | undefined;
}

export const MAX_PAGE = 200;
const DEFAULT_PAGE = 50;

export type CursorKey = readonly string[];

/** What a query needs to know: how many rows, from where, in which direction. Fetch `limit + 1`. */
export interface Slice {
  readonly limit: number;
  readonly backward: boolean;
  readonly from: CursorKey | undefined;
}

export interface Page<T> {
  readonly items: readonly { readonly node: T; readonly cursor: string }[];
  readonly hasNextPage: boolean;
  readonly hasPreviousPage: boolean;
}

/**
 * @param keyLength how many values the list is ordered by
 * @throws DomainError INVALID_INPUT for a size out of bounds, both directions at once, or a cursor of another list
 */
export function sliceOf(args: PageArgs, keyLength = 1): Slice {
  const backward = args.last != null || (args.before != null && args.first == null);
  if (backward && (args.first != null || args.after != null))
    throw invalid('Use first and after, or last and before, not both.', backward ? 'last' : 'first');
  const asked = (backward ? args.last : args.first) ?? DEFAULT_PAGE;
  if (!Number.isInteger(asked) || asked < 1 || asked > MAX_PAGE)
    throw invalid(`A page has 1 to ${MAX_PAGE} items.`, backward ? 'last' : 'first');
  const cursor = backward ? args.before : args.after;
  return { limit: asked, backward, from: cursor == null ? undefined : decodeCursor(cursor, keyLength) };
}

/** @param rows up to `limit + 1` rows in the direction of the slice */
export function pageOf<Row, T>(
  slice: Slice,
  rows: readonly Row[],
  node: (row: Row) => T,
  key: (row: Row) => CursorKey,
): Page<T> {
  const more = rows.length > slice.limit;
  const kept = rows.slice(0, slice.limit);
  if (slice.backward) kept.reverse();
  return {
    items: kept.map((row) => ({ node: node(row), cursor: encodeCursor(key(row)) })),
    hasNextPage: slice.backward ? slice.from !== undefined : more,
    hasPreviousPage: slice.backward ? more : slice.from !== undefined,
  };
}

/** A page of rows that are ordered by their id. */
export const pageById = <Row extends { readonly id: string }>(
  slice: Slice,
  rows: readonly Row[],
): Page<Row> =>
  pageOf(
    slice,
    rows,
    (row) => row,
    (row) => [row.id],
  );

/** Such a page for each owner, in the order asked, from the rows of all of them. */
export function pagesOfMany<Row extends { readonly id: string }>(
  slice: Slice,
  owners: readonly string[],
  rows: readonly Row[],
  ownerOf: (row: Row) => string,
): Page<Row>[] {
  const byOwner = Map.groupBy(rows, ownerOf);
  return owners.map((owner) => pageById(slice, byOwner.get(owner) ?? []));
}

const encodeCursor = (key: CursorKey): string => Buffer.from(JSON.stringify(key)).toString('base64url');

function decodeCursor(cursor: string, keyLength: number): CursorKey {
  const parsed = z.array(z.string()).length(keyLength).safeParse(jsonOf(cursor));
  if (!parsed.success) throw invalid('This cursor does not belong to this list.', 'after');
  return parsed.data;
}

function jsonOf(cursor: string): unknown {
  try {
    return JSON.parse(Buffer.from(cursor, 'base64url').toString());
  } catch {
    return undefined;
  }
}
