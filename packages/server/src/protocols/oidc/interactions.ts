import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Vault } from '../../kernel/vault.js';
import type { Authenticated, Interactions } from '../../modules/authentication/authentication.types.js';
import { SESSION } from './adapter.js';
import type { ModelStore } from './store.js';

/** A cookie that only the browser which began the authorization holds: a stolen address alone finishes nothing. */
const COOKIE = 'keyrealm_interaction';

interface Deps {
  readonly store: ModelStore;
  readonly vault: Vault;
  readonly publicUrl: string;
}

export function createInteractions({ store, vault, publicUrl }: Deps) {
  const { pathname, protocol } = new URL(publicUrl);
  const root = pathname.replace(/\/$/, '');
  const nameOf = (uid: string): string => `${COOKIE}_${uid.slice(0, 8)}`;
  const sealOf = (realmId: string, uid: string): string => vault.seal(`interaction ${realmId}/${uid}`);

  const begunHere = (request: FastifyRequest, realmId: string, uid: string): boolean =>
    cookiesOf(request.headers.cookie).get(nameOf(uid)) === sealOf(realmId, uid);

  const load = (realmId: string, uid: string) => store.find(realmId, 'Interaction', uid);

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
        ? { id: uid, applicationId, correlationId: row.correlation_id }
        : undefined;
    },

    async finish(
      request: FastifyRequest,
      _reply: FastifyReply,
      realmId: string,
      uid: string,
      result: Authenticated,
    ): Promise<string | undefined> {
      const row = begunHere(request, realmId, uid) ? await load(realmId, uid) : undefined;
      const returnTo: unknown = row?.payload.returnTo;
      if (typeof returnTo !== 'string') return undefined;
      return (await store.finishInteraction(realmId, uid, resultOf(result))) ? returnTo : undefined;
    },
  } satisfies Interactions & { bind: unknown };
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
  [SESSION]: result.sessionId,
});

export function paramOf(payload: Record<string, unknown>, name: string): string | undefined {
  const params = payload.params as Record<string, unknown> | undefined;
  const value = params?.[name];
  return typeof value === 'string' ? value : undefined;
}

const cookiesOf = (header: string | undefined): ReadonlyMap<string, string> =>
  new Map(
    (header ?? '').split(';').map((pair) => {
      const at = pair.indexOf('=');
      return [pair.slice(0, at).trim(), pair.slice(at + 1).trim()];
    }),
  );
