import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { BULK, runBulk } from './bulk.js';
import type { ScimOptions } from './contract.js';
import { listOf, resourceTypes, schemas, serviceProviderConfig } from './discovery.js';
import { type Answer, type Endpoint, groupsEndpoint, usersEndpoint } from './endpoint.js';
import { ScimError } from './errors.js';
import { failureOf, INTERNAL, sendFailure } from './failures.js';
import { isKnown, listRequestOf, projectionOf, queryOf, searchRequestOf, versionIn } from './request.js';
import { CUSTOM_SCHEMA } from './resource-types.js';
import { searchAll } from './search.js';
import { observing, traceOf } from './trace.js';

export { canonicalPath } from './request.js';

type Realm = { Params: { realmId: string } };
type One = { Params: { realmId: string; id: string } };

const AT = '/realms/:realmId/scim/v2';
const JSON_TYPE = 'application/scim+json; charset=utf-8';
const BODY_LIMIT = 8 * 1_048_576;

/** SCIM 2.0 (RFC 7643, RFC 7644, RFC 9865) below `/realms/{realmId}/scim/v2`, in a scope of its own. */
export function scimPlugin<Caller>(app: FastifyInstance, options: ScimOptions<Caller>): void {
  app.removeAllContentTypeParsers();
  const parser = app.getDefaultJsonParser('error', 'error');
  app.addContentTypeParser(
    ['application/scim+json', 'application/json'],
    { parseAs: 'string', bodyLimit: BODY_LIMIT },
    (request, body, done) => {
      // Clients send a content type with an empty body, for example with DELETE.
      if (body === '') done(null, undefined);
      else if (isBulk(request) && Buffer.byteLength(body) > BULK.maxPayloadSize)
        done(new ScimError(413, `A bulk request has at most ${BULK.maxPayloadSize} bytes.`));
      else {
        traceOf(request).declared = namesDeclared(String(body));
        void parser(request, String(body), done);
      }
    },
  );
  app.setErrorHandler((error, request, reply) => {
    const failure = failureOf(error, request.url) ?? INTERNAL;
    if (failure === INTERNAL) request.log.error({ err: error }, 'scim request failed');
    Object.assign(traceOf(request), { detail: failure.detail, scimType: failure.scimType });
    return sendFailure(failure, reply);
  });
  app.addHook('onSend', async (_request, reply) => {
    if (reply.hasHeader('content-type')) reply.header('content-type', JSON_TYPE);
    reply.header('cache-control', 'no-store');
  });
  observing(app, options.observe);
  const callers = createCallers(options);
  discoveryRoutes(app, callers);
  for (const kind of ['Users', 'Groups'] as const) resourceRoutes(app, callers, kind);
  wholeRoutes(app, callers);
  meRoutes(app, callers);
  const elsewhere = async (request: FastifyRequest<Realm>, reply: FastifyReply) => {
    await callers.of(request);
    const allowed = methodsOf(request);
    if (!allowed) throw new ScimError(404, 'There is no such endpoint here.');
    reply.header('allow', allowed);
    throw new ScimError(405, 'This can not be done here.');
  };
  app.route<Realm>({ method: ['POST', 'PUT', 'PATCH', 'DELETE'], url: AT, handler: elsewhere });
  app.all<Realm>(`${AT}/*`, elsewhere);
}

const namesDeclared = (text: string): boolean => text.toLowerCase().includes(CUSTOM_SCHEMA.toLowerCase());

const isBulk = (request: FastifyRequest): boolean => /\/scim\/v2\/Bulk(\?|$)/.test(request.url);

/** Where something is served, though not by this method. */
function methodsOf(request: FastifyRequest<Realm>): string | undefined {
  const path = (request.url.split('?')[0] ?? '').replace(/^\/realms\/[^/]+\/scim\/v2/, '');
  if (/^\/(ServiceProviderConfig|ResourceTypes|Schemas)(\/|$)/.test(path)) return 'GET';
  if (/^\/(Users|Groups)$/.test(path)) return 'GET, POST';
  if (/^(\/(Users|Groups))?\/\.search$/.test(path) || path === '/Bulk') return 'POST';
  if (/^\/((Users|Groups)\/[^/]+|Me)$/.test(path)) return 'GET, PUT, PATCH, DELETE';
  return path === '' ? 'GET' : undefined;
}

interface Callers<Caller> {
  /** Who asks; remembered for the log. */
  of(request: FastifyRequest<Realm>): Promise<Caller>;
  endpoint(request: FastifyRequest<Realm>, kind: 'Users' | 'Groups'): Promise<Endpoint>;
  endpoints(request: FastifyRequest<Realm>): Promise<readonly Endpoint[]>;
  base(request: FastifyRequest<Realm>): string;
  meOf: ScimOptions<Caller>['meOf'];
}

function createCallers<Caller>(options: ScimOptions<Caller>): Callers<Caller> {
  const base = (request: FastifyRequest<Realm>) => options.baseOf(request.params.realmId);
  const of = async (request: FastifyRequest<Realm>): Promise<Caller> => {
    const caller = await options.authenticate(request as FastifyRequest, request.params.realmId);
    traceOf(request as FastifyRequest).caller = caller;
    return caller;
  };
  const made = (request: FastifyRequest<Realm>, caller: Caller, kind: 'Users' | 'Groups') =>
    kind === 'Users'
      ? usersEndpoint(options.users, caller, base(request), meansDeclared(request as FastifyRequest))
      : groupsEndpoint(options.groups, caller, base(request));
  return {
    of,
    base,
    meOf: options.meOf,
    endpoint: async (request, kind) => made(request, await of(request), kind),
    endpoints: async (request) => {
      const caller = await of(request);
      return [await made(request, caller, 'Users'), await made(request, caller, 'Groups')];
    },
  };
}

/** Discovery tells of them; all else says so where it means them. */
function meansDeclared(request: FastifyRequest): boolean {
  if (/\/(ResourceTypes|Schemas)(\/|\?|$)/.test(request.url) || traceOf(request).declared) return true;
  return request.url.includes('%') || request.url.includes(':')
    ? namesDeclared(unescaped(request.url))
    : false;
}

function unescaped(url: string): string {
  try {
    return decodeURIComponent(url.replaceAll('+', ' '));
  } catch {
    return url;
  }
}

function send(
  request: FastifyRequest,
  reply: FastifyReply,
  kind: 'User' | 'Group',
  answer: Answer,
): FastifyReply {
  Object.assign(traceOf(request), { effect: answer.effect, resource: { kind, id: answer.id } });
  if (answer.etag !== undefined) reply.header('etag', answer.etag);
  if (answer.body !== undefined) reply.header('location', answer.location);
  return reply.code(answer.status).send(answer.body);
}

const ifMatch = (request: FastifyRequest): number | undefined => versionIn(request.headers['if-match']);

function resourceRoutes<Caller>(
  app: FastifyInstance,
  callers: Callers<Caller>,
  kind: 'Users' | 'Groups',
): void {
  const at = `${AT}/${kind}`;
  const endpointOf = (request: FastifyRequest<Realm>) => callers.endpoint(request, kind);

  app.post<Realm>(at, async (request, reply) => {
    const endpoint = await endpointOf(request);
    const answer = await endpoint.create(request.body, projectionOf(request as FastifyRequest));
    return send(request as FastifyRequest, reply, endpoint.type.id, answer);
  });
  app.get<Realm>(at, async (request) => {
    const endpoint = await endpointOf(request);
    return (await endpoint.list(listRequestOf(request as FastifyRequest))).body;
  });
  app.post<Realm>(`${at}/.search`, async (request) => {
    const endpoint = await endpointOf(request);
    return (await endpoint.list(searchRequestOf(request.body))).body;
  });
  app.route<One>({
    method: ['GET', 'PUT', 'PATCH', 'DELETE'],
    url: `${at}/:id`,
    handler: async (request, reply) =>
      oneResource(await endpointOf(request), request.params.id, request as FastifyRequest, reply),
  });
}

/** Reads, replaces, patches or deletes one resource. */
async function oneResource(
  endpoint: Endpoint,
  id: string,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<FastifyReply> {
  const { method, body } = request;
  const projection = projectionOf(request);
  const perform = (): Promise<Answer> => {
    if (method === 'PUT') return endpoint.replace(id, body, projection, ifMatch(request));
    if (method === 'PATCH') return endpoint.patch(id, body, projection, ifMatch(request));
    return method === 'DELETE' ? endpoint.remove(id, ifMatch(request)) : endpoint.find(id, projection);
  };
  const answer = await perform();
  if (method === 'GET' && isKnown(request, answer.etag))
    return reply.code(304).header('etag', answer.etag).send();
  return send(request, reply, endpoint.type.id, answer);
}

/** What concerns more than one kind of resource. */
function wholeRoutes<Caller>(app: FastifyInstance, callers: Callers<Caller>): void {
  app.get<Realm>(AT, async (request) =>
    searchAll(await callers.endpoints(request), listRequestOf(request as FastifyRequest)),
  );
  app.post<Realm>(`${AT}/.search`, async (request) =>
    searchAll(await callers.endpoints(request), searchRequestOf(request.body)),
  );
  app.post<Realm>(`${AT}/Bulk`, async (request) => {
    const { body, effect } = await runBulk(await callers.endpoints(request), request.body, (error) => {
      request.log.error({ err: error }, 'scim bulk operation failed');
      return INTERNAL;
    });
    traceOf(request as FastifyRequest).effect = effect;
    return body;
  });
}

/** RFC 7644, section 3.11: for a person of this realm; a machine is no user. */
function meRoutes<Caller>(app: FastifyInstance, callers: Callers<Caller>): void {
  app.route<Realm>({
    method: ['GET', 'PUT', 'PATCH', 'DELETE'],
    url: `${AT}/Me`,
    handler: async (request, reply) => {
      const id = callers.meOf(await callers.of(request));
      if (id === undefined) throw new ScimError(501, 'This token belongs to no user of this realm.');
      return oneResource(await callers.endpoint(request, 'Users'), id, request as FastifyRequest, reply);
    },
  });
}

function discoveryRoutes<Caller>(app: FastifyInstance, callers: Callers<Caller>): void {
  app.get<Realm>(`${AT}/ServiceProviderConfig`, async (request) => {
    await callers.of(request);
    return serviceProviderConfig(callers.base(request));
  });
  for (const [path, of] of [
    ['ResourceTypes', resourceTypes],
    ['Schemas', schemas],
  ] as const) {
    const all = async (request: FastifyRequest<Realm>) =>
      of(
        (await callers.endpoints(request)).map(({ type }) => type),
        callers.base(request),
      );
    app.get<Realm>(`${AT}/${path}`, async (request) => {
      const found = await all(request);
      // A filter here is an attempt at something that must not work (RFC 7644, section 4).
      if (queryOf(request as FastifyRequest, 'filter') !== undefined)
        throw new ScimError(403, "Discovery can't be filtered.");
      return listOf(found);
    });
    app.get<One>(`${AT}/${path}/:id`, async (request) => {
      const wanted = request.params.id.toLowerCase();
      const found = (await all(request)).find(({ id }) => id.toLowerCase() === wanted);
      if (!found) throw new ScimError(404, 'There is no such definition.');
      return found;
    });
  }
}
