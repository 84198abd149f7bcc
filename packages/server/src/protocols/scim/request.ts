import type { FastifyRequest } from 'fastify';
import { badRequest, ScimError } from './errors.js';
import { etagOf, type Projection } from './resource.js';
import type { StoredUser } from './user.js';

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
export function numberOf(request: FastifyRequest, name: string): number | undefined {
  const text = queryOf(request, name);
  if (text === undefined || text === '') return undefined;
  if (!/^-?\d{1,9}$/.test(text)) throw badRequest('invalidValue', `${name} is a number.`);
  return Number(text);
}

export function projectionOf(request: FastifyRequest): Projection {
  return {
    attributes: valuesOf(request, 'attributes').join(','),
    excludedAttributes: valuesOf(request, 'excludedAttributes').join(','),
  };
}

/** The version that the client says it changes, if it says one. @throws ScimError 412 for a tag that none of ours is */
export function ifMatch(request: FastifyRequest): number | undefined {
  const header = request.headers['if-match']?.trim();
  if (header === undefined || header === '*') return undefined;
  const version = /^(?:W\/)?"(\d{1,9})"$/.exec(header)?.[1];
  if (version === undefined) throw new ScimError(412, 'The entity tag is not one of this resource.');
  return Number(version);
}

/** Whether the client has this version already; tags are compared weakly (RFC 9110, section 13.1.2). */
export function isKnown(request: FastifyRequest, stored: StoredUser): boolean {
  const tags = (request.headers['if-none-match'] ?? '').split(',').map((tag) => tag.trim());
  const opaque = etagOf(stored).slice(2);
  return tags.some((tag) => tag === '*' || tag.replace(/^W\//, '') === opaque);
}

const ENDPOINTS = ['Users', 'Groups', 'Me', 'Bulk', 'ServiceProviderConfig', 'ResourceTypes', 'Schemas'];

/** The address as we write it: clients use other cases, trailing and doubled slashes. */
export function canonicalPath(url: string): string {
  const [path = '', ...query] = url.split('?');
  const found = /^(\/realms\/[^/]+\/scim\/v2)\/+([a-z]+)((?:\/.*)?)$/i.exec(path);
  if (!found) return url;
  const [, base = '', name = '', rest = ''] = found;
  const endpoint = ENDPOINTS.find((known) => known.toLowerCase() === name.toLowerCase()) ?? name;
  const tail = rest.replace(/\/+/g, '/').replace(/\/$/, '');
  return [`${base}/${endpoint}${tail}`, ...query].join('?');
}
