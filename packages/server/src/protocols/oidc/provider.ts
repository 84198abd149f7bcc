import {
  type AccountClaims,
  type Configuration,
  errors,
  type KoaContextWithOIDC,
  Provider,
} from 'oidc-provider';
import type { RealmRef } from '../../kernel/context.js';
import type { Vault } from '../../kernel/vault.js';
import type { ApplicationRow } from '../../modules/applications/applications.service.js';
import { PASSKEY_ACR } from '../../modules/authentication/authentication.service.js';
import type { IdentityRow } from '../../modules/identities/identities.service.js';
import { SIGNING_ALGORITHMS, type SigningAlgorithm } from '../../modules/signing-keys/signing-keys.types.js';
import type { Services } from '../../services.js';
import { SESSION_COOKIE, SESSIONS } from './accounts.js';
import { createAdapterFactory, SESSION } from './adapter.js';
import type { EmbeddedInteractions } from './embedded.js';
import { currentFlow } from './flow.js';
import { applicationOf, identityOf } from './lookups.js';
import { prompts } from './prompts.js';
import type { ModelStore } from './store.js';
import { accessTokens } from './tokens.js';

export interface EnginePages {
  error(ctx: KoaContextWithOIDC, out: { error: string; error_description?: string }): void | Promise<void>;
  signOut(ctx: KoaContextWithOIDC): void | Promise<void>;
  signedOut(ctx: KoaContextWithOIDC): void | Promise<void>;
}

interface Deps {
  readonly realm: RealmRef;
  readonly issuer: string;
  readonly services: Services;
  readonly store: ModelStore;
  readonly vault: Vault;
  readonly pages: EnginePages;
  readonly embedded: EmbeddedInteractions;
}

const INTERACTION_SECONDS = 3600;

/** One certified engine for one realm: its keys, its clients, its rules. */
export async function createProvider(deps: Deps): Promise<Provider> {
  const { realm, issuer, services } = deps;
  const path = new URL(issuer).pathname;
  // A session of the engine lasts as long as one of ours; which of ours have ended is asked of the database.
  const { absoluteSeconds } = await services.sessionSettings.find(realm.id);
  const keys = await services.keys.privateKeys(realm.id);
  const algorithm = algorithmOf(keys);
  const configuration: Configuration = {
    adapter: createAdapterFactory({
      store: deps.store,
      realmId: realm.id,
      findApplication: (clientId) => applicationOf(services, realm.id, clientId),
    }),
    jwks: { keys: keys as never[] },
    clientDefaults: { id_token_signed_response_alg: algorithm },
    enabledJWA: { idTokenSigningAlgValues: [algorithm] },
    clientAuthMethods: ['client_secret_basic', 'client_secret_post', 'none'],
    responseTypes: ['code'],
    scopes: ['openid', 'offline_access'],
    claims: {
      openid: ['sub', 'acr', 'amr', 'auth_time', 'sid'],
      profile: ['name', 'given_name', 'family_name', 'preferred_username', 'updated_at'],
      email: ['email', 'email_verified'],
    },
    acrValues: [PASSKEY_ACR],
    subjectTypes: ['public', 'pairwise'],
    pairwiseIdentifier: (_ctx, accountId, client) =>
      subjectFor(services, realm.id, accountId, client.clientId),
    sectorIdentifierUriValidate: () => false,
    allowOmittingSingleRegisteredRedirectUri: false,
    pkce: { required: () => true },
    routes: {
      authorization: '/authorize',
      token: '/token',
      jwks: '/jwks',
      end_session: '/logout',
    },
    discovery: {
      userinfo_endpoint: `${issuer}/userinfo`,
      introspection_endpoint: `${issuer}/introspect`,
      revocation_endpoint: `${issuer}/revoke`,
    },
    cookies: {
      keys: [deps.vault.derive(`cookies ${realm.id}`)],
      names: {
        session: SESSION_COOKIE,
        interaction: 'keyrealm_engine',
        resume: 'keyrealm_resume',
      },
      long: { httpOnly: true, sameSite: 'lax', signed: true, path },
      short: { httpOnly: true, sameSite: 'lax', signed: true },
    },
    features: {
      devInteractions: { enabled: false },
      // Off until every door of ours holds a token to its proof, and there is a route for the requests.
      dPoP: { enabled: false },
      pushedAuthorizationRequests: { enabled: false },
      userinfo: { enabled: false },
      clientCredentials: { enabled: true },
      rpInitiatedLogout: {
        enabled: true,
        logoutSource: (ctx) => deps.pages.signOut(ctx),
        postLogoutSuccessSource: (ctx) => deps.pages.signedOut(ctx),
      },
      resourceIndicators: accessTokens.resources({ ...deps, algorithm }),
    },
    formats: { customizers: { jwt: accessTokens.customizer(deps) } },
    ttl: {
      AuthorizationCode: 60,
      Session: absoluteSeconds,
      Grant: absoluteSeconds,
      Interaction: INTERACTION_SECONDS,
      IdToken: 3600,
      RefreshToken: (_ctx, _token, client) => lifetimes.get(client)?.refresh ?? absoluteSeconds,
      AccessToken: (_ctx, token) => token.resourceServer?.accessTokenTTL ?? 900,
      ClientCredentials: (_ctx, token) => token.resourceServer?.accessTokenTTL ?? 900,
    },
    issueRefreshToken: async (ctx, client) => {
      const application = await applicationOf(services, realm.id, client.clientId);
      if (!application || !client.grantTypeAllowed('refresh_token')) return false;
      lifetimes.set(client, { refresh: application.refresh_token_lifetime });
      return ctx.oidc.entities.Grant !== undefined;
    },
    rotateRefreshToken: true,
    // Our own session row ends everything that hangs on it, in one transaction.
    expiresWithSession: () => false,
    clientBasedCORS: (_ctx, origin, client) =>
      (client.redirectUris ?? []).some((uri) => URL.parse(uri)?.origin === origin),
    findAccount: (_ctx, accountId) => findAccount(services, realm.id, accountId),
    loadExistingGrant: (ctx) => loadGrant(ctx, services, realm.id, issuer),
    interactions: {
      url: async (_ctx, { uid, params }) =>
        (await deps.embedded.addressOf(realm.id, String(params.client_id), uid)) ?? `${path}/sign-in/${uid}`,
      policy: prompts(services),
    },
    renderError: (ctx, out) => deps.pages.error(ctx, out as { error: string; error_description?: string }),
  };
  const provider = new Provider(issuer, configuration);
  provider.proxy = true;
  remember(provider.Session, SESSION, SESSIONS);
  remember(provider.Grant, SESSION);
  compareSecrets(provider, services, realm.id);
  const refused = (_ctx: unknown, error: Error): void => {
    currentFlow().refusal = error;
  };
  provider.on('authorization.error', refused);
  provider.on('grant.error', refused);
  provider.on('end_session.error', refused);
  provider.on('server_error', refused);
  return provider;
}

/** What the current key signs with: the keys come with that one first. */
function algorithmOf(keys: readonly { alg?: string }[]): SigningAlgorithm {
  const algorithm = SIGNING_ALGORITHMS.find((known) => known === keys[0]?.alg);
  if (!algorithm) throw new Error('the realm has no key that signs');
  return algorithm;
}

/** Lifetimes of the client that a request is about; the engine asks for them without being able to wait. */
const lifetimes = new WeakMap<object, { refresh: number }>();

/** Makes the engine keep a property of ours in what it stores. */
function remember(model: object, ...names: string[]): void {
  const before = (model as { IN_PAYLOAD: string[] }).IN_PAYLOAD;
  Object.defineProperty(model, 'IN_PAYLOAD', { get: () => [...before, ...names] });
}

function compareSecrets(provider: Provider, services: Services, realmId: string): void {
  const prototype = provider.Client.prototype as unknown as {
    compareClientSecret(this: { clientId: string }, secret: string): Promise<boolean>;
  };
  prototype.compareClientSecret = function compare(secret) {
    return services.applications.verifySecret(realmId, this.clientId, secret);
  };
}

async function subjectFor(
  services: Services,
  realmId: string,
  accountId: string,
  clientId: string,
): Promise<string> {
  const application = await applicationOf(services, realmId, clientId);
  const identity = await identityOf(services, realmId, accountId);
  const subject = identity && application && subjectOf(application, identity);
  // Two people under one subject would be one person to the application.
  if (application?.subject === 'EMAIL' && !(await services.identities.ownsEmail(identity)))
    throw new errors.InvalidGrant('several identities have this address');
  if (!subject) throw new errors.InvalidGrant('the identity has nothing that can be its subject');
  return subject;
}

/** `sub` as the application wants it: the id, or what it knows people by. */
export const subjectOf = (
  application: Pick<ApplicationRow, 'subject'>,
  identity: IdentityRow,
): string | null => {
  if (application.subject === 'EMAIL') return identity.email;
  return application.subject === 'USERNAME' ? identity.username : identity.id;
};

/** The standard claims of a person (OpenID Connect Core, section 5.1). */
export const claimsOf = (identity: IdentityRow): Record<string, unknown> => ({
  name: identity.display_name,
  given_name: identity.given_name ?? undefined,
  family_name: identity.family_name ?? undefined,
  preferred_username: identity.username,
  updated_at: Math.floor(identity.updated_at.getTime() / 1000),
  email: identity.email ?? undefined,
  // Nobody has proved to us that an address belongs to the person.
  email_verified: identity.email === null ? undefined : false,
});

async function findAccount(services: Services, realmId: string, accountId: string) {
  const identity = await identityOf(services, realmId, accountId);
  if (identity?.status !== 'ACTIVE') return undefined;
  return {
    accountId,
    claims: (): AccountClaims => ({ sub: accountId, ...claimsOf(identity) }) as AccountClaims,
  };
}

/** What the person grants is what the administrator allowed the application; it hangs on our session. */
async function loadGrant(ctx: KoaContextWithOIDC, services: Services, realmId: string, issuer: string) {
  const { client, session, account } = ctx.oidc;
  if (!client || !session || !account) return undefined;
  adoptSession(ctx);
  const sessionId: unknown = Reflect.get(session, SESSION);
  const known = session.grantIdFor(client.clientId);
  const kept = known === undefined ? undefined : await ctx.oidc.provider.Grant.find(known);
  const fits = kept && kept.accountId === account.accountId && Reflect.get(kept, SESSION) === sessionId;
  const grant =
    fits && kept
      ? kept
      : new ctx.oidc.provider.Grant({ accountId: account.accountId, clientId: client.clientId });
  Reflect.set(grant, SESSION, sessionId);
  grant.addOIDCScope('openid profile email offline_access');
  const application = await applicationOf(services, realmId, client.clientId);
  const resource = application?.resource_server_identifier ?? issuer;
  const scopes = application?.resource_server_identifier
    ? application.allowed_scopes.join(' ')
    : 'openid profile email';
  grant.addResourceScope(resource, scopes);
  await grant.save();
  return grant;
}

/** After a sign-in the engine's session takes up the one that the ceremony opened, and remembers those before it. */
function adoptSession(ctx: KoaContextWithOIDC): void {
  const { result, session } = ctx.oidc;
  const opened: unknown = result && Reflect.get(result, SESSION);
  if (!session || typeof opened !== 'string') return;
  const before: unknown = Reflect.get(session, SESSIONS);
  const all = [opened, ...(Array.isArray(before) ? before.filter((id) => id !== opened) : [])];
  Reflect.set(session, SESSION, opened);
  Reflect.set(session, SESSIONS, all.slice(0, 100));
}
