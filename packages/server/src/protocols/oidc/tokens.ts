import { type Client, errors, type KoaContextWithOIDC } from 'oidc-provider';
import type { RealmRef } from '../../kernel/context.js';
import type { ApplicationRow } from '../../modules/applications/applications.service.js';
import type { SigningAlgorithm } from '../../modules/signing-keys/signing-keys.types.js';
import type { Services } from '../../services.js';
import { SESSION } from './adapter.js';
import { applicationOf } from './lookups.js';

interface Deps {
  readonly realm: RealmRef;
  readonly issuer: string;
  readonly services: Services;
}

const OIDC_SCOPES = 'openid profile email';

const audienceOf = (application: ApplicationRow | undefined, issuer: string): string =>
  application?.resource_server_identifier ?? issuer;

/** Access tokens are always signed JWTs (RFC 9068) for one audience: the application's resource server, or the issuer. */
export const accessTokens = {
  resources: ({ realm, issuer, services, algorithm }: Deps & { algorithm: SigningAlgorithm }) => ({
    enabled: true,
    useGrantedResource: () => true,

    defaultResource: async (ctx: KoaContextWithOIDC, client: Client) => {
      const application = await applicationOf(services, realm.id, client.clientId);
      const params = ctx.oidc.params as { scope?: string | undefined } | undefined;
      // A machine that asks for nothing in particular gets all that it is allowed (RFC 6749, section 3.3).
      if (params && ctx.oidc.route === 'token' && isMachine(ctx) && !params.scope)
        params.scope = application?.allowed_scopes.join(' ') || undefined;
      return audienceOf(application, issuer);
    },

    getResourceServerInfo: async (ctx: KoaContextWithOIDC, resource: string, client: Client) => {
      const application = await applicationOf(services, realm.id, client.clientId);
      if (!application || resource !== audienceOf(application, issuer)) throw new errors.InvalidTarget();
      const scopes = await scopesOf(ctx, services, application);
      if (isMachine(ctx)) refuseForeign(ctx, scopes);
      return {
        scope: application.resource_server_id === null ? OIDC_SCOPES : scopes.join(' '),
        audience: resource,
        accessTokenTTL: application.access_token_lifetime,
        accessTokenFormat: 'jwt' as const,
        jwt: { sign: { alg: algorithm } },
      };
    },
  }),

  /** Everything that a resource server needs to decide without asking us. */
  customizer:
    ({ realm }: Deps) =>
    (ctx: KoaContextWithOIDC, token: object, parts: { payload: Record<string, unknown> }) => {
      const { Grant: grant, AuthorizationCode: code, RefreshToken: refresh } = ctx.oidc.entities;
      const source = refresh ?? code;
      const scopes = new Set(String(parts.payload.scope ?? '').split(' '));
      if (grant && source) {
        const asked = refresh && ctx.oidc.params?.scope ? ctx.oidc.requestParamScopes : source.scopes;
        const granted = [...source.scopes].filter((scope) => asked.has(scope));
        for (const scope of grant.getOIDCScopeFiltered(new Set(granted)).split(' ')) scopes.add(scope);
        Object.assign(parts.payload, {
          sid: Reflect.get(grant, SESSION),
          auth_time: source.authTime,
          amr: source.amr,
          acr: source.acr,
        });
      }
      scopes.delete('');
      parts.payload.scope = [...scopes].join(' ');
      parts.payload.tenant_id = realm.tenantId;
      parts.payload.realm_id = realm.id;
      // What the response says must be what the token says (RFC 6749, section 5.1).
      Reflect.set(token, 'scope', parts.payload.scope || undefined);
    },
};

const isMachine = (ctx: KoaContextWithOIDC): boolean =>
  Reflect.get(ctx.oidc.params ?? {}, 'grant_type') === 'client_credentials';

/** What the application is allowed, and of that what the person holds now. */
async function scopesOf(
  ctx: KoaContextWithOIDC,
  services: Services,
  application: ApplicationRow,
): Promise<string[]> {
  const identityId = ctx.oidc.account?.accountId;
  if (identityId === undefined || application.resource_server_id === null) return application.allowed_scopes;
  const held = await services.roles.effectiveScopes(
    application.realm_id,
    identityId,
    application.resource_server_id,
  );
  return application.allowed_scopes.filter((scope) => held.has(scope));
}

function refuseForeign(ctx: KoaContextWithOIDC, allowed: readonly string[]): void {
  const asked = String(Reflect.get(ctx.oidc.params ?? {}, 'scope') ?? '').split(' ');
  const foreign = asked.find((scope) => scope !== '' && !allowed.includes(scope));
  if (foreign !== undefined)
    throw new errors.InvalidScope('the application is not allowed this scope', foreign);
}
