import { createHash } from 'node:crypto';
import type { Listed, Query, Sort, Span } from './contract.js';
import { badRequest } from './errors.js';
import { parseFilter } from './filter.js';
import type { Projection } from './projection.js';
import type { ResourceType } from './schema.js';

export const PAGE = { standard: 100, most: 200 };

/** What a list is asked for, by a query or by the body of a search (RFC 7644, sections 3.4.2 and 3.4.3; RFC 9865). */
export interface ListRequest extends Projection {
  readonly filter: string | undefined;
  readonly sortBy: string | undefined;
  readonly sortOrder: string | undefined;
  readonly startIndex: number | undefined;
  readonly count: number | undefined;
  /** Empty for the first page. */
  readonly cursor: string | undefined;
}

/** @throws ScimError */
export function toQuery(type: ResourceType, asked: ListRequest): Omit<Query, 'related'> {
  const filter = asked.filter === undefined ? undefined : parseFilter(type, asked.filter);
  return { filter, sort: sortOf(type, asked), span: spanOf(type, asked) };
}

function sortOf(type: ResourceType, { sortBy, sortOrder }: ListRequest): Sort | undefined {
  if (sortBy === undefined || sortBy === '') return undefined;
  const target = type.resolve(sortBy);
  const { multiValued, type: kind } = target?.attribute
    ? (target.sub ?? target.attribute)
    : { multiValued: true, type: 'complex' };
  if (!target?.attribute || target.attribute.multiValued || multiValued || kind === 'complex')
    throw badRequest('invalidPath', `Lists can't be sorted by "${sortBy}".`);
  const order = (sortOrder ?? 'ascending').toLowerCase();
  if (order !== 'ascending' && order !== 'descending')
    throw badRequest('invalidValue', 'sortOrder is ascending or descending.');
  return { target, descending: order === 'descending' };
}

const limitOf = ({ count }: ListRequest): number => Math.min(PAGE.most, Math.max(0, count ?? PAGE.standard));

function spanOf(type: ResourceType, asked: ListRequest): Span {
  const limit = limitOf(asked);
  if (asked.cursor === undefined) return { offset: Math.max(1, asked.startIndex ?? 1) - 1, limit };
  if (asked.startIndex !== undefined)
    throw badRequest('invalidCursor', 'A page begins at a cursor or at an index, not at both.');
  if ((asked.count ?? 1) < 1) throw badRequest('invalidCount', 'A page from a cursor has at least one item.');
  return { after: asked.cursor === '' ? undefined : positionOf(type, asked), limit };
}

/** A cursor belongs to one list: the same filter and order, of the same kind. */
const listId = (type: ResourceType, { filter, sortBy, sortOrder }: ListRequest): string =>
  createHash('sha256')
    .update(JSON.stringify([type.id, filter, sortBy?.toLowerCase(), sortOrder?.toLowerCase()]))
    .digest('base64url')
    .slice(0, 12);

export const wrongCursor = () => badRequest('invalidCursor', 'This cursor does not belong to this list.');

function positionOf(type: ResourceType, asked: ListRequest): (string | null)[] {
  let parsed: unknown;
  try {
    parsed = JSON.parse(Buffer.from(asked.cursor ?? '', 'base64url').toString());
  } catch {
    throw wrongCursor();
  }
  if (!Array.isArray(parsed) || parsed.length < 2 || parsed[0] !== listId(type, asked)) throw wrongCursor();
  const position: unknown[] = parsed.slice(1);
  if (!position.every(isPart)) throw wrongCursor();
  return position;
}

const isPart = (part: unknown): part is string | null =>
  part === null || (typeof part === 'string' && !part.includes('\0'));

const cursorOf = (type: ResourceType, asked: ListRequest, position: readonly (string | null)[]): string =>
  Buffer.from(JSON.stringify([listId(type, asked), ...position])).toString('base64url');

export const LIST_RESPONSE = 'urn:ietf:params:scim:api:messages:2.0:ListResponse';

/** RFC 7644, section 3.4.2; with a cursor as in RFC 9865, section 2. */
export function listResponse(
  type: ResourceType,
  asked: ListRequest,
  { totalResults, next }: Pick<Listed, 'totalResults' | 'next'>,
  resources: readonly unknown[],
) {
  return {
    schemas: [LIST_RESPONSE],
    totalResults,
    itemsPerPage: resources.length,
    ...(asked.cursor === undefined
      ? { startIndex: Math.max(1, asked.startIndex ?? 1) }
      : next && { nextCursor: cursorOf(type, asked, next) }),
    Resources: resources,
  };
}
