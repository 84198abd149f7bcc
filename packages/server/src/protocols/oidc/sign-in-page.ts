import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type Provider from 'oidc-provider';
import type { RealmRef, RequestFacts } from '../../kernel/context.js';
import type { Account, BrowserAccounts } from '../../modules/authentication/authentication.types.js';
import type { Services } from '../../services.js';
import { beginFlow, type Flow, flowContext, runFlow } from './flow.js';
import { type createInteractions, freshnessOf } from './interactions.js';
import type { EnginePage, PageRealm, RenderedPage } from './pages.types.js';

interface Options {
  readonly services: Services;
  readonly interactions: ReturnType<typeof createInteractions>;
  readonly accounts: BrowserAccounts;
  readonly render: (page: EnginePage) => RenderedPage;
  readonly factsOf: (request: FastifyRequest) => RequestFacts;
  readonly providerOf: (realm: RealmRef) => Promise<Provider>;
  readonly pageRealm: (realm: RealmRef) => Promise<PageRealm>;
  readonly realmOf: (request: FastifyRequest<Route>) => Promise<RealmRef>;
}

interface Route {
  Params: { realmId: string; uid: string };
}

type Details = Awaited<ReturnType<Provider['interactionDetails']>>;

const EXPIRED = 'This sign-in has expired or was begun in another browser. Start again at the application.';

/** Where a person of an authorization signs in, chooses an account, or is let through. */
export function signInRoute(app: FastifyInstance, options: Options): void {
  const { services, interactions } = options;

  app.get<Route>('/realms/:realmId/sign-in/:uid', async (request, reply) => {
    const realm = await options.realmOf(request);
    const provider = await options.providerOf(realm);
    const flow = beginFlow(realm, options.factsOf(request));
    const details = await runFlow(flow, () =>
      provider.interactionDetails(request.raw, reply.raw).catch(() => undefined),
    );
    if (details?.uid !== request.params.uid) {
      const { correlationId } = flow.facts;
      const page = { page: 'error' as const, code: 'INTERACTION_EXPIRED', message: EXPIRED, correlationId };
      return send(
        reply.code(400).header('x-correlation-id', correlationId),
        options.render({ ...page, realm: await options.pageRealm(realm) }),
      );
    }
    reply.header('x-correlation-id', flow.correlationId);
    const ids = await options.accounts.sessionIds(request, realm.id);
    const accounts = await services.signedIn.accounts(realm.id, ids);
    const next = await letThrough(request, flow, details, accounts);
    if (next !== undefined) return reply.header('cache-control', 'no-store').redirect(next, 303);
    interactions.bind(reply, realm.id, details.uid);
    return send(reply, options.render(await pageOf(realm, details, accounts)));
  });

  /** The application named somebody who is signed in here: nobody needs to be asked. */
  async function letThrough(
    request: FastifyRequest,
    flow: Flow,
    details: Details,
    accounts: readonly Account[],
  ): Promise<string | undefined> {
    const hint = textOf(details, 'login_hint');
    if (hint === undefined || new Set(textOf(details, 'prompt')?.split(' ')).has('select_account')) return;
    const [meant, ...others] = accounts.filter((account) =>
      services.signedIn.isMeant({ ...account, id: account.identityId }, hint),
    );
    if (!meant || others.length > 0) return;
    const chosen = await services.signedIn.choose(flowContext(flow), {
      sessionId: meant.sessionId,
      applicationId: String(details.params.client_id),
      freshness: freshnessOf((name) => textOf(details, name)),
    });
    return chosen && interactions.settle(request, flow.realm.id, details.uid, chosen);
  }

  async function pageOf(
    realm: RealmRef,
    details: Details,
    accounts: readonly Account[],
  ): Promise<EnginePage> {
    const client = await services.applications.findRow(realm.id, String(details.params.client_id));
    const hint = textOf(details, 'login_hint');
    return {
      page: 'sign-in',
      realm: await options.pageRealm(realm),
      interaction: details.uid,
      applicationName: client?.display_name ?? realm.displayName,
      ...(hint === undefined ? {} : { loginHint: hint.slice(0, 256) }),
      ...(textOf(details, 'ui_locales') === undefined ? {} : { uiLocales: textOf(details, 'ui_locales') }),
      accounts: accounts.map(({ sessionId, displayName, username }) => ({
        session: sessionId,
        displayName,
        username,
      })),
      fresh: freshnessOf((name) => textOf(details, name)).always,
      recovery: await services.recoverySettings.offers(realm.id),
      signUp: await services.signUp.offers(realm.id, client?.id ?? null),
    };
  }
}

const send = (reply: FastifyReply, page: RenderedPage) => reply.headers(page.headers).send(page.html);

/** Numbers come as numbers: the engine reads some parameters for itself. */
function textOf(details: Details, name: string): string | undefined {
  const value = details.params[name];
  return typeof value === 'string' || typeof value === 'number' ? String(value) : undefined;
}
