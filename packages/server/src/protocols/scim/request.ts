import type { FastifyRequest } from 'fastify';
import { badRequest, ScimError } from './errors.js';
import type { ListRequest } from './listing.js';
import type { Projection } from './projection.js';
import { entriesOf } from './values.js';

/** Every value of a query name in any case: Entra asks with `startindex`. */
function valuesOf(request: FastifyRequest, name: string): unknown[] {
  return Object.entries((request.query ?? {}) as Record<string, unknown>)
    .filter(([key]) => key.toLowerCase() === name.toLowerCase())
    .flatMap(([, value]) => value);
}

/** Said twice, one of the two would be left out without a word: for a filter that could mean everybody. */
export function queryOf(request: FastifyRequest, name: string): string | undefined {
  const [value, ...more] = valuesOf(request, name);
  if (more.length > 0) throw badRequest('invalidValue', `${name} is given more than once.`);
  return value === undefined ? undefined : String(value);
}

/** @throws ScimError invalidValue */
function numberIn(name: string, value: unknown): number | undefined {
  if (value === undefined || value === null || value === '') return undefined;
  const text = String(value);
  if (!/^-?\d{1,9}$/.test(text)) throw badRequest('invalidValue', `${name} is a whole number.`);
  return Number(text);
}

/** Each of them is looked up for each resource of an answer. */
const MOST_NAMES = 500;

/** @throws ScimError tooMany */
function namesIn(values: readonly unknown[]): string {
  const list = values.map(String).join(',');
  if (list.split(',', MOST_NAMES + 1).length > MOST_NAMES)
    throw badRequest('tooMany', `At most ${MOST_NAMES} attributes are named in one request.`);
  return list;
}

export const projectionOf = (request: FastifyRequest): Projection => ({
  attributes: namesIn(valuesOf(request, 'attributes')),
  excludedAttributes: namesIn(valuesOf(request, 'excludedAttributes')),
});

export const listRequestOf = (request: FastifyRequest): ListRequest => ({
  ...projectionOf(request),
  filter: queryOf(request, 'filter'),
  sortBy: queryOf(request, 'sortBy'),
  sortOrder: queryOf(request, 'sortOrder'),
  startIndex: numberIn('startIndex', queryOf(request, 'startIndex')),
  count: numberIn('count', queryOf(request, 'count')),
  cursor: queryOf(request, 'cursor'),
});

/** The body of a search (RFC 7644, section 3.4.3). @throws ScimError */
export function searchRequestOf(body: unknown): ListRequest {
  if (typeof body !== 'object' || body === null || Array.isArray(body))
    throw badRequest('invalidSyntax', 'A search is a JSON object.');
  const fields = new Map(entriesOf(body).map(([key, value]) => [key.toLowerCase(), value]));
  const text = (name: string): string | undefined => {
    const value = fields.get(name.toLowerCase());
    if (value === undefined || value === null) return undefined;
    if (typeof value !== 'string') throw badRequest('invalidValue', `${name} is text.`);
    return value;
  };
  const names = (name: string): string => {
    const value = fields.get(name.toLowerCase()) ?? [];
    return namesIn(Array.isArray(value) ? value : [value]);
  };
  return {
    attributes: names('attributes'),
    excludedAttributes: names('excludedAttributes'),
    filter: text('filter'),
    sortBy: text('sortBy'),
    sortOrder: text('sortOrder'),
    startIndex: numberIn('startIndex', fields.get('startindex')),
    count: numberIn('count', fields.get('count')),
    cursor: text('cursor'),
  };
}

/** The version that a client says it changes, if it says one. @throws ScimError 412 for a tag that none of ours is */
export function versionIn(tag: string | undefined): number | undefined {
  const text = tag?.trim();
  if (text === undefined || text === '' || text === '*') return undefined;
  const version = /^(?:W\/)?"(\d{1,9})"$/.exec(text)?.[1];
  if (version === undefined) throw new ScimError(412, 'The entity tag is not one of this resource.');
  return Number(version);
}

/** Whether the client has this version already; tags are compared weakly (RFC 9110, section 13.1.2). */
export function isKnown(request: FastifyRequest, etag: string | undefined): boolean {
  const tags = (request.headers['if-none-match'] ?? '').split(',').map((tag) => tag.trim());
  return tags.some((tag) => tag === '*' || tag.replace(/^W\//, '') === etag?.slice(2));
}

const ENDPOINTS = ['Users', 'Groups', 'Me', 'Bulk', 'ServiceProviderConfig', 'ResourceTypes', 'Schemas'];

/** The address as we write it: clients use other cases, trailing and doubled slashes. */
export function canonicalPath(url: string): string {
  const [path = '', ...query] = url.split('?');
  const found = /^(\/realms\/[^/]+\/scim\/v2)(?:\/+([a-z]*)((?:\/.*)?))?$/i.exec(path);
  if (!found) return url;
  const [, base = '', name = '', rest = ''] = found;
  if (name === '') return [base, ...query].join('?');
  const endpoint = ENDPOINTS.find((known) => known.toLowerCase() === name.toLowerCase()) ?? name;
  const tail = rest.replace(/\/+/g, '/').replace(/\/$/, '');
  return [`${base}/${endpoint}${tail}`, ...query].join('?');
}
