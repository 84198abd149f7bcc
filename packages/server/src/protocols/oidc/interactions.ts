import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Vault } from '../../kernel/vault.js';
import type {
  Authenticated,
  Freshness,
  Interactions,
} from '../../modules/authentication/authentication.types.js';
import { cookiesOf, type createBrowserAccounts } from './accounts.js';
import { SESSION } from './adapter.js';
import type { ModelStore } from './store.js';

/** A cookie that only the browser which began the authorization holds: a stolen address alone finishes nothing. */
const COOKIE = 'keyrealm_interaction';

interface Deps {
  readonly store: ModelStore;
  readonly vault: Vault;
  readonly publicUrl: string;
  readonly accounts: Pick<ReturnType<typeof createBrowserAccounts>, 'stepBack'>;
}

export function createInteractions({ store, vault, publicUrl, accounts }: Deps) {
  const { pathname, protocol } = new URL(publicUrl);
  const root = pathname.replace(/\/$/, '');
  const nameOf = (uid: string): string => `${COOKIE}_${uid.slice(0, 8)}`;
  const sealOf = (realmId: string, uid: string): string => vault.seal(`interaction ${realmId}/${uid}`);

  const begunHere = (request: FastifyRequest, realmId: string, uid: string): boolean =>
    cookiesOf(request.headers.cookie).get(nameOf(uid)) === sealOf(realmId, uid);

  const load = (realmId: string, uid: string) => store.find(realmId, 'Interaction', uid);

  async function settle(
    request: FastifyRequest,
    realmId: string,
    uid: string,
    result: Authenticated,
  ): Promise<string | undefined> {
    const returnTo: unknown = (await load(realmId, uid))?.payload.returnTo;
    if (typeof returnTo !== 'string') return undefined;
    if (!(await store.finishInteraction(realmId, uid, resultOf(result)))) return undefined;
    await accounts.stepBack(request, realmId, result.identityId);
    return returnTo;
  }

  return {
    /** Binds the interaction to the browser that shows its page. */
    bind(reply: FastifyReply, realmId: string, uid: string): void {
      const attributes = `Path=${root}/realms/${realmId}/passkeys; HttpOnly; SameSite=Strict; Max-Age=3600`;
      const secure = protocol === 'https:' ? '; Secure' : '';
      reply.header('set-cookie', `${nameOf(uid)}=${sealOf(realmId, uid)}; ${attributes}${secure}`);
    },

    async find(request: FastifyRequest, realmId: string, uid: string) {
      if (!/^[\w-]{10,64}$/.test(uid) || !begunHere(request, realmId, uid)) return undefined;
      const row = await load(realmId, uid);
      const applicationId = row && paramOf(row.payload, 'client_id');
      return applicationId && row && row.payload.result == null
        ? {
            id: uid,
            applicationId,
            correlationId: row.correlation_id,
            freshness: freshnessOf((name) => paramOf(row.payload, name)),
          }
        : undefined;
    },

    async finish(
      request: FastifyRequest,
      _reply: FastifyReply,
      realmId: string,
      uid: string,
      result: Authenticated,
    ): Promise<string | undefined> {
      return begunHere(request, realmId, uid) ? settle(request, realmId, uid, result) : undefined;
    },

    /** The same where the engine itself has seen that this browser began it. */
    settle,
  } satisfies Interactions & { bind: unknown; settle: unknown };
}

/** What the engine needs to go on, and which of our sessions it goes on with. */
export const resultOf = (result: Authenticated) => ({
  login: {
    accountId: result.identityId,
    acr: result.acr,
    amr: result.amr,
    ts: result.authTime,
    remember: true,
  },
  consent: {},
  select_account: {},
  [SESSION]: result.sessionId,
});

export function paramOf(payload: Record<string, unknown>, name: string): string | undefined {
  const params = payload.params as Record<string, unknown> | undefined;
  const value = params?.[name];
  return typeof value === 'string' ? value : undefined;
}

/** How lately the application wants its person to have signed in (OpenID Connect Core, section 3.1.2.1). */
export function freshnessOf(param: (name: string) => string | undefined): Freshness {
  const asked = new Set(param('prompt')?.split(' '));
  const maxAge = Number(param('max_age') ?? Number.NaN);
  return asked.has('login') || asked.has('consent') || maxAge === 0
    ? { always: true }
    : { always: false, ...(Number.isFinite(maxAge) ? { maxAge } : {}) };
}
