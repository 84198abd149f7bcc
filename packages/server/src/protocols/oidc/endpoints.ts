import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { RealmRef, RequestFacts } from '../../kernel/context.js';
import type { LiveToken } from '../../modules/tokens/tokens.types.js';
import type { Services } from '../../services.js';
import { authenticateClient } from './client-auth.js';
import { beginFlow, flowContext } from './flow.js';
import { claimsOf, subjectOf } from './provider.js';
import type { ModelStore } from './store.js';

interface Options {
  readonly services: Services;
  readonly store: ModelStore;
  readonly factsOf: (request: FastifyRequest) => RequestFacts;
}

interface Route {
  Params: { realmId: string };
}

const UNAUTHORIZED = { error: 'invalid_client', error_description: 'client authentication failed' };

/** What the engine can't do with self-contained tokens: userinfo, introspection (RFC 7662), revocation (RFC 7009). */
export function tokenEndpoints(app: FastifyInstance, { services, store, factsOf }: Options): void {
  app.addContentTypeParser(
    'application/x-www-form-urlencoded',
    { parseAs: 'string', bodyLimit: 65_536 },
    (_request, body, done) => done(null, Object.fromEntries(new URLSearchParams(String(body)))),
  );

  app.route<Route>({
    method: ['GET', 'POST'],
    url: '/realms/:realmId/userinfo',
    handler: async (request, reply) => {
      const bearer = /^Bearer (\S+)$/i.exec(request.headers.authorization ?? '')?.[1];
      const live =
        bearer === undefined ? undefined : await services.tokens.verify(bearer, request.params.realmId);
      openToApplication(request, reply, live);
      if (!live) return challenge(reply, 401, bearer === undefined ? undefined : 'invalid_token');
      if (!live.identity || !live.claims.scope.split(' ').includes('openid'))
        return challenge(reply, 403, 'insufficient_scope');
      return reply.header('cache-control', 'no-store').send(userinfoOf(live, live.identity));
    },
  });

  app.options<Route>('/realms/:realmId/userinfo', async (request, reply) =>
    reply
      .headers({
        'access-control-allow-origin': request.headers.origin ?? '*',
        'access-control-allow-methods': 'GET,POST',
        'access-control-allow-headers': 'authorization',
        'access-control-max-age': '3600',
        vary: 'Origin',
      })
      .code(204)
      .send(),
  );

  app.post<Route>('/realms/:realmId/introspect', async (request, reply) => {
    const { realmId } = request.params;
    reply.header('cache-control', 'no-store');
    const caller = await authenticateClient(services, realmId, request);
    if (!caller || caller.type === 'PUBLIC') return reply.code(401).send(UNAUTHORIZED);
    const token = tokenOf(request);
    if (token === undefined)
      return reply.code(400).send({ error: 'invalid_request', error_description: 'token is missing' });
    const live = await services.tokens.verify(token, realmId);
    // Another application's token is none of the caller's business, unless both serve one resource server.
    const concerns =
      live &&
      (live.application.id === caller.id ||
        (caller.resource_server_id !== null &&
          live.application.resource_server_id === caller.resource_server_id));
    return concerns ? introspection(services, live) : { active: false };
  });

  app.post<Route>('/realms/:realmId/revoke', async (request, reply) => {
    const { realmId } = request.params;
    const caller = await authenticateClient(services, realmId, request);
    if (!caller) return reply.code(401).send(UNAUTHORIZED);
    const token = tokenOf(request);
    if (token === undefined)
      return reply.code(400).send({ error: 'invalid_request', error_description: 'token is missing' });
    const realm = await services.realms.find(realmId);
    if (realm)
      await revoke({ services, store, facts: factsOf(request), realm, token, applicationId: caller.id });
    return reply.code(200).send();
  });
}

function userinfoOf(live: LiveToken, identity: NonNullable<LiveToken['identity']>): Record<string, unknown> {
  const scopes = live.claims.scope.split(' ');
  const all = claimsOf(identity);
  const names = [
    ...(scopes.includes('profile') ? PROFILE : []),
    ...(scopes.includes('email') ? ['email', 'email_verified'] : []),
  ];
  const claims = Object.fromEntries(names.map((name) => [name, all[name]]));
  return { sub: subjectOf(live.application, identity) ?? identity.id, ...claims };
}

const PROFILE = ['name', 'given_name', 'family_name', 'preferred_username', 'updated_at'];

/** What the token may do now, which can be less than it says. */
async function introspection(services: Services, live: LiveToken) {
  const { claims } = live;
  const held = await services.tokens.scopesOf(live);
  const openid = claims.scope.split(' ').filter((scope) => ['openid', 'profile', 'email'].includes(scope));
  return {
    active: true,
    scope: [...openid, ...held.keys()].join(' '),
    client_id: claims.client_id,
    token_type: 'Bearer',
    iss: claims.iss,
    sub: claims.sub,
    aud: claims.aud,
    exp: claims.exp,
    iat: claims.iat,
    jti: claims.jti,
    ...(live.identity ? { username: live.identity.username, sid: claims.sid } : {}),
    tenant_id: live.realm.tenantId,
    realm_id: live.realm.id,
  };
}

async function revoke(wanted: {
  services: Services;
  store: ModelStore;
  facts: RequestFacts;
  realm: RealmRef;
  token: string;
  applicationId: string;
}): Promise<void> {
  const { services, store, realm, token, applicationId } = wanted;
  const ctx = flowContext(beginFlow(realm, wanted.facts));
  const refresh = await store.find(realm.id, 'RefreshToken', token);
  if (refresh) {
    if (refresh.client_id !== applicationId || refresh.grant_id === null) return;
    await store.revokeGrant(realm.id, refresh.grant_id);
    await services.events.record({ ...ctx, correlationId: refresh.correlation_id }, 'token.revoked', {
      applicationId,
    });
    return;
  }
  const live = await services.tokens.verify(token, realm.id);
  if (live?.application.id !== applicationId) return;
  await services.tokens.revokeOwn(ctx, {
    jti: live.claims.jti,
    expiresAt: new Date(live.claims.exp * 1000),
    applicationId,
  });
}

function openToApplication(request: FastifyRequest, reply: FastifyReply, live: LiveToken | undefined): void {
  const { origin } = request.headers;
  if (origin === undefined) return;
  const own = live?.application.redirect_uris.some((uri) => URL.parse(uri)?.origin === origin);
  reply.header('vary', 'Origin');
  if (own || !live) reply.header('access-control-allow-origin', origin);
}

function challenge(reply: FastifyReply, status: 401 | 403, error: string | undefined) {
  const detail = error === undefined ? '' : ` error="${error}"`;
  return reply
    .code(status)
    .header('www-authenticate', `Bearer${detail}`)
    .send({
      error: error ?? 'invalid_request',
      error_description: 'a live access token with openid is needed',
    });
}

function tokenOf(request: FastifyRequest): string | undefined {
  const value: unknown = Reflect.get(Object(request.body), 'token');
  return typeof value === 'string' && value !== '' ? value : undefined;
}
