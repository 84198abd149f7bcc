import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { DomainError } from '../../kernel/errors.js';
import { listOf, PAGE, resourceTypes, schemas, serviceProviderConfig } from './discovery.js';
import { badRequest, errorBody, ScimError, type ScimType } from './errors.js';
import { type Filter, parseFilter } from './filter.js';
import { applyPatch, parsePatch } from './patch.js';
import { etagOf, parseUser, renderUser } from './resource.js';
import type { ScimUser, StoredUser } from './user.js';

/** What the server needs of a directory; `Caller` is whatever the edge knows the caller by. */
export interface ScimUsers<Caller> {
  create(caller: Caller, user: ScimUser): Promise<StoredUser>;
  find(caller: Caller, id: string): Promise<StoredUser | undefined>;
  list(
    caller: Caller,
    query: { filter: Filter | undefined; startIndex: number; count: number },
  ): Promise<{ users: StoredUser[]; totalResults: number }>;
  /** `change` runs on the locked row. */
  change(
    caller: Caller,
    id: string,
    change: (current: ScimUser) => ScimUser,
    ifVersion: number | undefined,
  ): Promise<StoredUser>;
  remove(caller: Caller, id: string, ifVersion: number | undefined): Promise<void>;
}

interface Options<Caller> {
  readonly users: ScimUsers<Caller>;
  readonly authenticate: (request: FastifyRequest, realmId: string) => Promise<Caller>;
  readonly baseOf: (realmId: string) => string;
}

type Realm = { Params: { realmId: string } };
type One = { Params: { realmId: string; id: string } };

const JSON_TYPE = 'application/scim+json; charset=utf-8';
const BODY_LIMIT = 8 * 1_048_576;

/** SCIM 2.0 (RFC 7643, RFC 7644) below `/realms/{realmId}/scim/v2`. */
export function scimPlugin<Caller>(app: FastifyInstance, options: Options<Caller>): void {
  const { users, baseOf } = options;
  app.removeAllContentTypeParsers();
  const parser = app.getDefaultJsonParser('error', 'error');
  app.addContentTypeParser(
    ['application/scim+json', 'application/json'],
    { parseAs: 'string', bodyLimit: BODY_LIMIT },
    (request, body, done) => {
      // Clients send a content type with an empty body, for example with DELETE.
      if (body === '') done(null, undefined);
      else void parser(request, String(body), done);
    },
  );
  app.setErrorHandler((error, request, reply) => fail(error, request, reply));
  app.addHook('onSend', async (_request, reply) => {
    if (reply.hasHeader('content-type')) reply.header('content-type', JSON_TYPE);
    reply.header('cache-control', 'no-store');
  });

  const callerOf = (request: FastifyRequest<Realm>): Promise<Caller> =>
    options.authenticate(request as FastifyRequest, request.params.realmId);
  const projectionOf = (request: FastifyRequest) => ({
    attributes: queryOf(request, 'attributes'),
    excludedAttributes: queryOf(request, 'excludedAttributes'),
  });
  const send = (request: FastifyRequest<Realm>, reply: FastifyReply, stored: StoredUser, status = 200) => {
    const base = baseOf(request.params.realmId);
    return reply
      .code(status)
      .header('etag', etagOf(stored))
      .header('location', `${base}/Users/${stored.id}`)
      .send(renderUser(stored, base, projectionOf(request as FastifyRequest)));
  };

  const at = '/realms/:realmId/scim/v2';
  discoveryRoutes(app, at, callerOf, baseOf);

  app.post<Realm>(`${at}/Users`, async (request, reply) => {
    const caller = await callerOf(request);
    return send(request, reply, await users.create(caller, parseUser(request.body)), 201);
  });

  app.get<Realm>(`${at}/Users`, async (request, reply) => {
    const caller = await callerOf(request);
    const text = queryOf(request, 'filter');
    const startIndex = Math.max(1, numberOf(request, 'startIndex') ?? 1);
    const count = Math.min(PAGE.most, Math.max(0, numberOf(request, 'count') ?? PAGE.standard));
    const filter = text === undefined ? undefined : parseFilter(text);
    const page = await users.list(caller, { filter, startIndex, count });
    const base = baseOf(request.params.realmId);
    const resources = page.users.map((stored) => renderUser(stored, base, projectionOf(request)));
    return reply.send(listOf(resources, page.totalResults, startIndex));
  });

  app.get<One>(`${at}/Users/:id`, async (request, reply) => {
    const stored = await users.find(await callerOf(request), request.params.id);
    if (!stored) throw missing();
    if (request.headers['if-none-match'] === etagOf(stored)) return reply.code(304).send();
    return send(request, reply, stored);
  });

  app.put<One>(`${at}/Users/:id`, async (request, reply) => {
    const caller = await callerOf(request);
    const { body, params } = request;
    const change = (current: ScimUser) => parseUser(body, current);
    return send(request, reply, await users.change(caller, params.id, change, ifMatch(request)));
  });

  app.patch<One>(`${at}/Users/:id`, async (request, reply) => {
    const caller = await callerOf(request);
    const { id } = request.params;
    const operations = parsePatch(request.body);
    const change = (current: ScimUser) => applyPatch(current, id, operations);
    return send(request, reply, await users.change(caller, id, change, ifMatch(request)));
  });

  app.delete<One>(`${at}/Users/:id`, async (request, reply) => {
    await users.remove(await callerOf(request), request.params.id, ifMatch(request));
    return reply.code(204).send();
  });

  app.all<Realm>(`${at}/*`, async (request) => {
    await callerOf(request);
    if (/\/(ServiceProviderConfig|ResourceTypes|Schemas)(\/|$)/.test(request.url.split('?')[0] ?? ''))
      throw new ScimError(405, 'Discovery can only be read.');
    throw new ScimError(404, 'There is no such endpoint here.');
  });
}

function discoveryRoutes<Caller>(
  app: FastifyInstance,
  at: string,
  callerOf: (request: FastifyRequest<Realm>) => Promise<Caller>,
  baseOf: (realmId: string) => string,
): void {
  app.get<Realm>(`${at}/ServiceProviderConfig`, async (request) => {
    await callerOf(request);
    return serviceProviderConfig(baseOf(request.params.realmId));
  });
  for (const [path, of] of [
    ['ResourceTypes', resourceTypes],
    ['Schemas', schemas],
  ] as const) {
    app.get<Realm>(`${at}/${path}`, async (request) => {
      await callerOf(request);
      // A filter here is an attempt at something that must not work (RFC 7644, section 4).
      if (queryOf(request, 'filter') !== undefined) throw new ScimError(403, 'Discovery can’t be filtered.');
      return listOf(of(baseOf(request.params.realmId)));
    });
    app.get<One>(`${at}/${path}/:id`, async (request) => {
      await callerOf(request);
      const found = of(baseOf(request.params.realmId)).find(({ id }) => id === request.params.id);
      if (!found) throw new ScimError(404, 'There is no such definition.');
      return found;
    });
  }
}

const missing = (): ScimError => new ScimError(404, 'There is no such user.');

/** Query names in any case: Entra asks with `startindex`. */
function queryOf(request: FastifyRequest, name: string): string | undefined {
  const entries = Object.entries((request.query ?? {}) as Record<string, unknown>);
  const value = entries.find(([key]) => key.toLowerCase() === name.toLowerCase())?.[1];
  return typeof value === 'string' && value !== '' ? value : undefined;
}

function numberOf(request: FastifyRequest, name: string): number | undefined {
  const text = queryOf(request, name);
  if (text === undefined) return undefined;
  if (!/^-?\d{1,9}$/.test(text)) throw badRequest('invalidValue', `${name} is a number.`);
  return Number(text);
}

function ifMatch(request: FastifyRequest): number | undefined {
  const header = request.headers['if-match'];
  if (header === undefined || header === '*') return undefined;
  const version = /^(?:W\/)?"(\d{1,9})"$/.exec(header)?.[1];
  if (version === undefined) throw new ScimError(412, 'The entity tag is not one of this resource.');
  return Number(version);
}

const STATUS: Readonly<Record<DomainError['kind'], number>> = {
  invalid: 400,
  conflict: 409,
  precondition: 412,
  not_found: 404,
  unauthenticated: 401,
  forbidden: 403,
  rate_limited: 429,
  internal: 500,
};

function fail(error: unknown, request: FastifyRequest, reply: FastifyReply) {
  if (error instanceof ScimError)
    return reply.code(error.status).send(errorBody(error.status, error.message, error.scimType));
  if (error instanceof DomainError) {
    const status = STATUS[error.kind];
    if (status === 401) reply.header('www-authenticate', 'Bearer');
    return reply.code(status).send(errorBody(status, error.message, typeOf(error)));
  }
  const status: unknown = Reflect.get(Object(error), 'statusCode');
  if (typeof status === 'number' && status < 500)
    return reply.code(status).send(errorBody(status, 'The request could not be read.', 'invalidSyntax'));
  request.log.error({ err: error }, 'scim request failed');
  return reply.code(500).send(errorBody(500, 'Something went wrong on our side.'));
}

function typeOf(error: DomainError): ScimType | undefined {
  if (error.code === 'USERNAME_TAKEN') return 'uniqueness';
  return error.kind === 'invalid' ? 'invalidValue' : undefined;
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
