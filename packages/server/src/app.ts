import fastifyHelmet from '@fastify/helmet';
import fastifyRateLimit from '@fastify/rate-limit';
import Fastify, {
  type FastifyBaseLogger,
  type FastifyInstance,
  type FastifyRequest,
  LogController,
} from 'fastify';
import type { Logger } from 'pino';
import type { Config } from './config.js';
import type { Ctx } from './kernel/context.js';
import { invalid } from './kernel/errors.js';
import { isId, newId } from './kernel/ids.js';
import type { Vault } from './kernel/vault.js';
import { accountRoutes } from './modules/account/account.routes.js';
import { authenticationRoutes } from './modules/authentication/authentication.routes.js';
import { signedInRoutes } from './modules/authentication/signed-in.routes.js';
import { directoryExportRoutes } from './modules/directory-exports/directory-exports.routes.js';
import { embeddedRoutes } from './modules/embedded/embedded.routes.js';
import { createScimGroups } from './modules/groups/groups.scim.js';
import { createScimUsers } from './modules/identities/identities.scim.js';
import { importRoutes } from './modules/imports/imports.routes.js';
import { inventoryExportRoutes } from './modules/passkeys/inventory-export.routes.js';
import { recoveryRoutes } from './modules/recovery/recovery.routes.js';
import { registrationRoutes } from './modules/registration/registration.routes.js';
import { relyingPartyRoutes } from './modules/relying-parties/relying-parties.routes.js';
import { signUpRoutes } from './modules/sign-up/sign-up.routes.js';
import { themeRoutes } from './modules/themes/themes.routes.js';
import { graphqlPlugin } from './protocols/graphql/plugin.js';
import { createBrowserAccounts } from './protocols/oidc/accounts.js';
import { createEmbeddedInteractions } from './protocols/oidc/embedded.js';
import { createInteractions } from './protocols/oidc/interactions.js';
import { oidcPlugin } from './protocols/oidc/plugin.js';
import { createModelStore } from './protocols/oidc/store.js';
import { canonicalPath, scimPlugin } from './protocols/scim/plugin.js';
import { createAccountCookie } from './protocols/web/account-cookie.js';
import { createBudget } from './protocols/web/budget.js';
import { type Bundles, serveAssets } from './protocols/web/bundles.js';
import { consoleRoutes } from './protocols/web/console.js';
import { createTrust, preflightRoutes } from './protocols/web/cors.js';
import { errorHandlers } from './protocols/web/errors.js';
import { factsOf } from './protocols/web/facts.js';
import { renderHosted } from './protocols/web/pages.js';
import { createVisitors } from './protocols/web/visitors.js';
import { createSchema } from './schema.js';
import type { Services } from './services.js';

export interface AppDeps {
  readonly services: Services;
  readonly vault: Vault;
  readonly publicUrl: string;
  readonly trustProxy: Config['trustProxy'];
  readonly bundles: Bundles;
  readonly log: Logger;
  /** Whether the database answers and is up to date. */
  readonly ready: () => Promise<boolean>;
  /** Authorizations begun, and requests refused by the engine, a minute from one address. */
  readonly anonymousPerMinute?: number;
  /** Ceremonies and sign-ins a minute from one address. */
  readonly ceremoniesPerMinute?: number;
}

/** The whole server, not yet listening: every door in order, the one file that sees them all. */
export async function buildApp(deps: AppDeps): Promise<FastifyInstance> {
  const { services, publicUrl, vault } = deps;
  const app = Fastify({
    loggerInstance: deps.log as FastifyBaseLogger,
    logController: new LogController({ disableRequestLogging: true }),
    trustProxy: trusted(deps.trustProxy),
    genReqId: () => newId(),
    requestIdHeader: false,
    bodyLimit: 1_048_576,
    rewriteUrl: ({ url }) => canonicalPath(url ?? '/'),
    forceCloseConnections: 'idle',
    routerOptions: { maxParamLength: 200 },
  });
  observe(app);
  refuseNothing(app);
  errorHandlers(app, (page) => renderHosted(deps.bundles.hosted.template, page));
  await app.register(fastifyHelmet, {
    global: true,
    contentSecurityPolicy: {
      useDefaults: false,
      // The engine's own pages that post a form by themselves add the digest of their script to script-src.
      directives: { defaultSrc: ["'none'"], scriptSrc: ["'none'"], frameAncestors: ["'none'"] },
    },
    strictTransportSecurity: publicUrl.startsWith('https:') ? { maxAge: 31_536_000 } : false,
    crossOriginEmbedderPolicy: false,
    crossOriginResourcePolicy: false,
    xFrameOptions: { action: 'deny' },
  });
  await app.register(fastifyRateLimit, { global: false });
  health(app, deps.ready);
  services.provisioning.onLogFailure((err) => deps.log.error({ err }, 'provisioning requests were not kept'));
  app.addHook('onClose', () => services.provisioning.close());

  await app.register(async (scope) =>
    graphqlPlugin(scope, {
      schema: createSchema(),
      services,
      factsOf,
      authenticate: (request) => authenticate(services, request),
    }),
  );

  await app.register(async (scope) =>
    scimPlugin(scope, {
      users: createScimUsers({
        identities: services.identities,
        schemaOf: async (realmId) => (await services.attributeSchemas.current(services.db, realmId)).schema,
        groupsOf: services.wholeGroups.groupsOf,
        guarded: services.provisioning.guarded,
      }),
      groups: createScimGroups(services),
      authenticate: async (request, realmId) =>
        services.provisioning.enter(await authenticate(services, request), realmId),
      baseOf: (realmId) => `${services.realms.issuer(realmId)}/scim/v2`,
      meOf: ({ actor, realm }) =>
        actor.kind === 'IDENTITY' && actor.realmId === realm.id ? actor.id : undefined,
      observe: (realmId, caller, { url, ...seen }) => {
        if (!isId(realmId)) return;
        services.provisioning.log({
          ...seen,
          realmId,
          path: url,
          clientId: caller?.provisioning?.clientId ?? null,
          dryRun: caller?.dryRun ?? false,
        });
      },
    }),
  );

  const enterRealm = async (request: FastifyRequest, realmId: string) =>
    services.realms.enter(await authenticate(services, request), realmId);
  await app.register(async (scope) =>
    importRoutes(scope, { uploads: services.importUploads, enter: enterRealm }),
  );
  relyingPartyRoutes(app, { relyingParties: services.relyingParties, domains: services.realmDomains });
  themeRoutes(app, { themes: services.themes });
  directoryExportRoutes(app, { exports: services.directoryExports, enter: enterRealm });
  inventoryExportRoutes(app, { exports: services.inventoryExport, enter: enterRealm });

  const store = createModelStore(services.db);
  const accounts = createBrowserAccounts({ store });
  const interactions = createInteractions({ store, vault, publicUrl, accounts });
  const embedded = createEmbeddedInteractions({ store, vault, embedded: services.embedded });
  const hosted = (page: object, formTarget?: string) =>
    renderHosted(deps.bundles.hosted.template, page, formTarget);
  oidcPlugin(app, {
    services,
    vault,
    store,
    publicUrl,
    interactions,
    accounts,
    embedded,
    render: hosted,
    factsOf,
    budget: createBudget(deps.anonymousPerMinute ?? 1200),
    failed: (error, requestId) => deps.log.error({ err: error, reqId: requestId }, 'the engine failed'),
  });

  const enter = createVisitors({
    publicUrl,
    findRealm: services.realms.find,
    recordRefusal: (ctx, data) => services.events.record(ctx, 'access.refused', data, { outcome: 'REFUSED' }),
    trusts: createTrust(services.embedded, embedded.trusts),
  });
  app.register(async (scope) => {
    scope.addHook('onRoute', (route) => {
      route.config = {
        ...route.config,
        rateLimit: { max: deps.ceremoniesPerMinute ?? 120, timeWindow: '1 minute' },
      };
    });
    registrationRoutes(scope, { registration: services.registration, enter });
    recoveryRoutes(scope, {
      recovery: services.recovery,
      enter,
      async page(ctx, name) {
        const offered = await services.recoverySettings.offers(ctx.realm.id);
        return hosted({ page: name, realm: await services.themes.forPage(ctx.realm), offered });
      },
    });
    const known = async (realmId: string, identityId: string) => {
      const identity = await services.identities.findRow(services.db, realmId, identityId);
      return identity && services.ownPasskeys.known(identity);
    };
    const both = embedded.beside(interactions);
    authenticationRoutes(scope, {
      authentication: services.authentication,
      interactions: both,
      enter,
      known,
    });
    accountRoutes(scope, {
      account: services.account,
      known: services.ownPasskeys.known,
      enter,
      cookie: createAccountCookie({ vault, publicUrl }),
      async page(ctx) {
        return hosted({ page: 'account', realm: await services.themes.forPage(ctx.realm) });
      },
    });
    signUpRoutes(scope, {
      signUp: services.signUp,
      completion: services.signUpCompletion,
      authentication: services.authentication,
      interactions,
      enter,
      async page(ctx, interaction) {
        return hosted({ page: 'sign-up', realm: await services.themes.forPage(ctx.realm), interaction });
      },
    });
    signedInRoutes(scope, { signedIn: services.signedIn, interactions, accounts, enter });
    preflightRoutes(scope, enter);
    embeddedRoutes(scope, {
      embedded: services.embedded,
      enter,
      async page(ctx) {
        return hosted({ page: 'bind', realm: await services.themes.forPage(ctx.realm) });
      },
    });
  });

  consoleRoutes(app, {
    template: deps.bundles.console.template,
    publicUrl,
    findTenant: services.tenants.forConsole,
  });
  await serveAssets(app, deps.bundles);
  return app;
}

/** Of a number of proxies each has written the last address that it saw; what came before them nobody vouches for. */
const trusted = (proxies: Config['trustProxy']) =>
  typeof proxies === 'number' ? (_address: string, hop: number) => hop < proxies : proxies;

/** @returns a context that holds nothing where no token was given */
async function authenticate(services: Services, request: FastifyRequest): Promise<Ctx> {
  const facts = factsOf(request);
  const { authorization } = request.headers;
  if (authorization === undefined)
    return { ...facts, actor: { kind: 'ANONYMOUS' }, tenantId: null, grants: new Map() };
  return services.tokens.authenticate(facts, /^Bearer (\S+)$/i.exec(authorization)?.[1] ?? '');
}

/** One line for each request, without its query and its headers: they carry codes, hints and tokens. */
function observe(app: FastifyInstance): void {
  app.addHook('onRequest', async (request, reply) => {
    reply.header('x-request-id', request.id);
  });
  app.addHook('onResponse', async (request, reply) => {
    request.log.info(
      {
        method: request.method,
        route: request.routeOptions.url ?? null,
        status: reply.raw.statusCode,
        ms: Math.round(reply.elapsedTime * 10) / 10,
      },
      'request',
    );
  });
}

/** U+0000 can be stored nowhere, and names nothing. */
function refuseNothing(app: FastifyInstance): void {
  app.addHook('onRequest', async (request) => {
    if (request.url.includes('%00')) throw invalid('A character of the address is not allowed.');
  });
}

function health(app: FastifyInstance, ready: AppDeps['ready']): void {
  app.get('/healthz', async () => ({ status: 'alive' }));
  app.get('/readyz', async (_request, reply) =>
    (await ready()) ? { status: 'ready' } : reply.code(503).send({ status: 'not ready' }),
  );
}
