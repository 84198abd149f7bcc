import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type Provider from 'oidc-provider';
import type { KoaContextWithOIDC } from 'oidc-provider';
import type { RealmRef, RequestFacts } from '../../kernel/context.js';
import { DomainError, notFound } from '../../kernel/errors.js';
import type { Vault } from '../../kernel/vault.js';
import { KEY_SET_MAX_AGE } from '../../modules/signing-keys/signing-keys.types.js';
import type { Services } from '../../services.js';
import type { createBrowserAccounts } from './accounts.js';
import type { EmbeddedInteractions } from './embedded.js';
import { admitStranger, answerManually } from './embedded-answers.js';
import { tokenEndpoints } from './endpoints.js';
import { beginFlow, currentFlow, type Flow, runFlow } from './flow.js';
import type { createInteractions } from './interactions.js';
import type { EnginePage, PageRealm, RenderedPage } from './pages.types.js';
import { createRegistry } from './registry.js';
import { signInRoute } from './sign-in-page.js';
import type { ModelStore } from './store.js';
import { tell } from './story.js';

interface Options {
  readonly services: Services;
  readonly vault: Vault;
  readonly store: ModelStore;
  readonly publicUrl: string;
  readonly interactions: ReturnType<typeof createInteractions>;
  readonly accounts: ReturnType<typeof createBrowserAccounts>;
  readonly embedded: EmbeddedInteractions;
  /** `formTarget`: an origin that the answer to the page's form leads to. */
  readonly render: (page: EnginePage, formTarget?: string) => RenderedPage;
  readonly factsOf: (request: FastifyRequest) => RequestFacts;
  /** What anonymous requests may make us write, by address. */
  readonly budget: { spend(address: string | null): boolean; isSpent(address: string | null): boolean };
  /** Told of faults of ours; the event says no more than that there was one. */
  readonly failed: (error: Error, requestId: string) => void;
}

interface Route {
  Params: { realmId: string; uid?: string };
}

/** What the engine answers below `/realms/{realmId}`; everything else is another route's. */
const ENGINE = [
  ['GET', '/.well-known/openid-configuration'],
  ['GET', '/.well-known/oauth-authorization-server'],
  ['GET', '/authorize'],
  ['POST', '/authorize'],
  ['GET', '/authorize/:uid'],
  ['POST', '/token'],
  ['OPTIONS', '/token'],
  ['GET', '/jwks'],
  ['GET', '/logout'],
  ['POST', '/logout'],
  ['POST', '/logout/confirm'],
  ['GET', '/logout/success'],
] as const;

const SENTENCES: Readonly<Record<string, string>> = {
  invalid_request: 'The application sent a request that is not valid.',
  invalid_client: 'This application is not known here.',
  invalid_redirect_uri: 'The application asked to return to an address that is not registered for it.',
  access_denied: 'You are not allowed to do this.',
  server_error: 'Something went wrong on our side.',
};

/** OAuth 2.0 and OpenID Connect of every realm. */
export function oidcPlugin(app: FastifyInstance, options: Options): void {
  const { services, publicUrl } = options;
  const registry = createRegistry({ ...options, pages: enginePages(options) });
  const host = new URL(publicUrl);
  const root = host.pathname.replace(/\/$/, '');

  const handlers = new WeakMap<Provider, ReturnType<Provider['callback']>>();

  /** What anybody can have for the asking is counted; what broke on our side is for the log, not for the event. */
  function settle(flow: Flow, ctx: KoaContextWithOIDC): void {
    if (flow.refusal || ctx.oidc?.route === 'authorization') options.budget.spend(flow.facts.ip);
    const status: unknown = flow.refusal && Reflect.get(flow.refusal, 'statusCode');
    if (!flow.refusal || (typeof status === 'number' && status < 500)) return;
    options.failed(flow.refusal, flow.facts.requestId);
    flow.refusal = new Error('server_error');
  }

  /** The engine's own handler, with our story told after it. */
  function handlerOf(provider: Provider): ReturnType<Provider['callback']> {
    const made = handlers.get(provider);
    if (made) return made;
    provider.use(async (ctx, next) => {
      await next();
      settle(currentFlow(), ctx as KoaContextWithOIDC);
      await tell(services, currentFlow(), ctx as KoaContextWithOIDC);
      await answerManually(services, currentFlow(), ctx as KoaContextWithOIDC);
      finish(ctx as KoaContextWithOIDC, currentFlow());
    });
    const handler = provider.callback();
    handlers.set(provider, handler);
    return handler;
  }

  async function realmOf(request: { readonly params: { readonly realmId: string } }): Promise<RealmRef> {
    const realm = await services.realms.find(request.params.realmId);
    if (!realm) throw notFound('realm');
    return realm;
  }

  async function engine(request: FastifyRequest<Route>, reply: FastifyReply): Promise<void> {
    const realm = await realmOf(request);
    const provider = await registry.get(realm);
    const flow = beginFlow(realm, options.factsOf(request));
    if (options.budget.isSpent(flow.facts.ip))
      throw new DomainError(
        'rate_limited',
        'RATE_LIMITED',
        'Too many requests. Wait a minute, then try again.',
      );
    const { raw } = request;
    const base = `/realms/${realm.id}`;
    await comeBack(provider, request, reply, flow);
    // Addresses follow what is configured, never what a request says of itself.
    raw.headers.host = host.host;
    raw.headers['x-forwarded-host'] = host.host;
    raw.headers['x-forwarded-proto'] = host.protocol.slice(0, -1);
    Object.assign(raw, { baseUrl: root + base, originalUrl: undefined });
    // By the slash, not by a length: the segment may be written with escapes.
    raw.url = (raw.url ?? '').replace(/^\/realms\/[^/?]+/, '');
    reply.hijack();
    for (const [name, value] of Object.entries(reply.getHeaders()))
      if (value !== undefined) reply.raw.setHeader(name, value);
    await runFlow(flow, () => handlerOf(provider)(raw, reply.raw));
  }

  /** From an application's own page, with the token of the sign-in that it finished. */
  async function comeBack(
    provider: Provider,
    request: FastifyRequest<Route>,
    reply: FastifyReply,
    flow: Flow,
  ): Promise<void> {
    const { uid } = request.params;
    const token: unknown = Reflect.get(Object(request.query), 'token');
    if (uid === undefined || typeof token !== 'string') return;
    // A token that is worth nothing leaves the interaction as it is: the engine says what is missing.
    const result = await options.embedded.redeem(flow.realm.id, uid, token);
    if (!result) return;
    flow.redeemed = { uid, result };
    flow.stranger = admitStranger(provider, request.raw, reply.raw, uid);
    const identityId: unknown = Reflect.get(Object(result.login), 'accountId');
    if (!flow.stranger) await options.accounts.stepBack(request, flow.realm.id, String(identityId));
  }

  app.register(async (scope) => {
    // The engine reads the body itself.
    scope.removeAllContentTypeParsers();
    scope.addContentTypeParser('*', (_request, _payload, done) => done(null));
    for (const [method, path] of ENGINE)
      scope.route<Route>({ method, url: `/realms/:realmId${path}`, handler: engine });
    // RFC 8414, section 3.1: the well-known part comes before the issuer's path.
    scope.get<Route>('/.well-known/oauth-authorization-server/realms/:realmId', async (request, reply) =>
      reply.redirect(
        `${publicUrl}/realms/${encodeURIComponent(request.params.realmId)}/.well-known/openid-configuration`,
        307,
      ),
    );
  });

  signInRoute(app, {
    ...options,
    providerOf: registry.get,
    realmOf,
    pageRealm: (realm) => pageRealm(services, realm),
  });

  app.register(async (scope) => tokenEndpoints(scope, options));
}

async function pageRealm(services: Services, realm: RealmRef): Promise<PageRealm> {
  return services.themes.forPage(realm);
}

/** What every answer of the engine carries, and what it gets wrong by default. */
function finish(ctx: KoaContextWithOIDC, flow: Flow): void {
  ctx.set('x-correlation-id', flow.correlationId);
  if (flow.stranger) ctx.res.removeHeader('set-cookie');
  if (ctx.oidc?.route === 'jwks') ctx.set('cache-control', `public, max-age=${KEY_SET_MAX_AGE}`);
  else if (ctx.oidc?.route === 'discovery') ctx.set('cache-control', 'public, max-age=60');
}

interface LogoutState {
  readonly secret?: string;
  readonly postLogoutRedirectUri?: string;
}

function enginePages({ services, render }: Options) {
  const show = (ctx: KoaContextWithOIDC, page: RenderedPage): void => {
    ctx.set({ ...page.headers });
    ctx.body = page.html;
  };
  const realm = () => pageRealm(services, currentFlow().realm);
  return {
    async error(ctx: KoaContextWithOIDC, out: { error: string; error_description?: string }) {
      const message = SENTENCES[out.error] ?? SENTENCES.invalid_request ?? out.error;
      const { correlationId } = currentFlow();
      show(ctx, render({ page: 'error', realm: await realm(), code: out.error, message, correlationId }));
    },
    async signOut(ctx: KoaContextWithOIDC) {
      const state = Reflect.get(Object(ctx.oidc.session), 'state') as LogoutState | undefined;
      const action = new URL(ctx.oidc.urlFor('end_session_confirm')).pathname;
      // Whoever shows an ID token of this very person asks in their name (OpenID Connect RP-Initiated Logout, section 2).
      const hint = ctx.oidc.entities.IdTokenHint?.payload.sub;
      const asked = hint === undefined || hint !== ctx.oidc.session?.accountId;
      const xsrf = state?.secret ?? '';
      const after = URL.parse(state?.postLogoutRedirectUri ?? '')?.origin;
      const page = { page: 'sign-out' as const, realm: await realm(), action, xsrf, asked };
      show(ctx, render(page, after === 'null' ? undefined : after));
    },
    async signedOut(ctx: KoaContextWithOIDC) {
      show(ctx, render({ page: 'signed-out', realm: await realm() }));
    },
  };
}
