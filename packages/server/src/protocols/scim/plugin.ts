import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { listOf, PAGE, resourceTypes, schemas, serviceProviderConfig } from './discovery.js';
import { ScimError } from './errors.js';
import { sendFailure } from './failures.js';
import { type Filter, parseFilter } from './filter.js';
import { applyPatch, parsePatch } from './patch.js';
import { ifMatch, isKnown, numberOf, projectionOf, queryOf } from './request.js';
import { etagOf, parseUser, renderUser } from './resource.js';
import type { ScimUser, StoredUser } from './user.js';

export { canonicalPath } from './request.js';

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

export interface ScimOptions<Caller> {
  readonly users: ScimUsers<Caller>;
  /** @throws DomainError for who may not provision this realm */
  readonly authenticate: (request: FastifyRequest, realmId: string) => Promise<Caller>;
  /** The public address of a realm's SCIM server, without a slash at the end; never made from the request. */
  readonly baseOf: (realmId: string) => string;
}

type Realm = { Params: { realmId: string } };
type One = { Params: { realmId: string; id: string } };

const AT = '/realms/:realmId/scim/v2';
const JSON_TYPE = 'application/scim+json; charset=utf-8';
const BODY_LIMIT = 8 * 1_048_576;

/** SCIM 2.0 (RFC 7643, RFC 7644) below `/realms/{realmId}/scim/v2`, in a scope of its own. */
export function scimPlugin<Caller>(app: FastifyInstance, options: ScimOptions<Caller>): void {
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
  app.setErrorHandler(sendFailure);
  app.addHook('onSend', async (_request, reply) => {
    if (reply.hasHeader('content-type')) reply.header('content-type', JSON_TYPE);
    reply.header('cache-control', 'no-store');
  });
  discoveryRoutes(app, options);
  userRoutes(app, options);
  for (const path of [AT, `${AT}/*`])
    app.all<Realm>(path, async (request) => {
      await callerOf(options, request);
      if (/\/(ServiceProviderConfig|ResourceTypes|Schemas)(\/|$)/.test(request.url.split('?')[0] ?? ''))
        throw new ScimError(405, 'Discovery can only be read.');
      throw new ScimError(404, 'There is no such endpoint here.');
    });
}

const callerOf = <Caller>(options: ScimOptions<Caller>, request: FastifyRequest<Realm>): Promise<Caller> =>
  options.authenticate(request as FastifyRequest, request.params.realmId);

function userRoutes<Caller>(app: FastifyInstance, options: ScimOptions<Caller>): void {
  const { users, baseOf } = options;
  const send = (request: FastifyRequest<Realm>, reply: FastifyReply, stored: StoredUser, status = 200) => {
    const base = baseOf(request.params.realmId);
    return reply
      .code(status)
      .header('etag', etagOf(stored))
      .header('location', `${base}/Users/${stored.id}`)
      .send(renderUser(stored, base, projectionOf(request as FastifyRequest)));
  };

  app.post<Realm>(`${AT}/Users`, async (request, reply) => {
    const caller = await callerOf(options, request);
    return send(request, reply, await users.create(caller, parseUser(request.body)), 201);
  });

  app.get<Realm>(`${AT}/Users`, async (request) => {
    const caller = await callerOf(options, request);
    const text = queryOf(request, 'filter');
    const startIndex = Math.max(1, numberOf(request, 'startIndex') ?? 1);
    const count = Math.min(PAGE.most, Math.max(0, numberOf(request, 'count') ?? PAGE.standard));
    const filter = text === undefined ? undefined : parseFilter(text);
    const page = await users.list(caller, { filter, startIndex, count });
    const base = baseOf(request.params.realmId);
    const resources = page.users.map((stored) => renderUser(stored, base, projectionOf(request)));
    return listOf(resources, page.totalResults, startIndex);
  });

  app.get<One>(`${AT}/Users/:id`, async (request, reply) => {
    const stored = await users.find(await callerOf(options, request), request.params.id);
    if (!stored) throw new ScimError(404, 'There is no such user.');
    if (isKnown(request as FastifyRequest, stored))
      return reply.code(304).header('etag', etagOf(stored)).send();
    return send(request, reply, stored);
  });

  app.put<One>(`${AT}/Users/:id`, async (request, reply) => {
    const caller = await callerOf(options, request);
    const { body, params } = request;
    const change = (current: ScimUser) => parseUser(body, current);
    return send(
      request,
      reply,
      await users.change(caller, params.id, change, ifMatch(request as FastifyRequest)),
    );
  });

  app.patch<One>(`${AT}/Users/:id`, async (request, reply) => {
    const caller = await callerOf(options, request);
    const { id } = request.params;
    const operations = parsePatch(request.body);
    const change = (current: ScimUser) => applyPatch(current, id, operations);
    return send(request, reply, await users.change(caller, id, change, ifMatch(request as FastifyRequest)));
  });

  app.delete<One>(`${AT}/Users/:id`, async (request, reply) => {
    await users.remove(
      await callerOf(options, request),
      request.params.id,
      ifMatch(request as FastifyRequest),
    );
    return reply.code(204).send();
  });
}

function discoveryRoutes<Caller>(app: FastifyInstance, options: ScimOptions<Caller>): void {
  app.get<Realm>(`${AT}/ServiceProviderConfig`, async (request) => {
    await callerOf(options, request);
    return serviceProviderConfig(options.baseOf(request.params.realmId));
  });
  for (const [path, of] of [
    ['ResourceTypes', resourceTypes],
    ['Schemas', schemas],
  ] as const) {
    app.get<Realm>(`${AT}/${path}`, async (request) => {
      await callerOf(options, request);
      // A filter here is an attempt at something that must not work (RFC 7644, section 4).
      if (queryOf(request, 'filter') !== undefined) throw new ScimError(403, "Discovery can't be filtered.");
      return listOf(of(options.baseOf(request.params.realmId)));
    });
    app.get<One>(`${AT}/${path}/:id`, async (request) => {
      await callerOf(options, request);
      const wanted = request.params.id.toLowerCase();
      const found = of(options.baseOf(request.params.realmId)).find(({ id }) => id.toLowerCase() === wanted);
      if (!found) throw new ScimError(404, 'There is no such definition.');
      return found;
    });
  }
}
