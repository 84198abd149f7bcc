import type { FastifyRequest } from 'fastify';
import type { BrowserAccounts } from '../../modules/authentication/authentication.types.js';
import type { ModelStore } from './store.js';

/** The engine's cookie; its value is the secret that its session is found by. */
export const SESSION_COOKIE = 'keyrealm_session';

/** All of our sessions that were opened in one browser, the last first. */
export const SESSIONS = 'keyrealmSessions';

/** Which of our sessions a browser has: known from the engine's own session, never from what a page says. */
export function createBrowserAccounts({ store }: { readonly store: ModelStore }) {
  async function load(request: FastifyRequest, realmId: string) {
    const cookie = cookiesOf(request.headers.cookie).get(SESSION_COOKIE);
    const row = cookie ? await store.find(realmId, 'Session', cookie) : undefined;
    const ids: unknown = row?.payload[SESSIONS];
    const known = Array.isArray(ids) ? ids.filter((id): id is string => typeof id === 'string') : [];
    return { cookie, row, ids: known };
  }

  return {
    sessionIds: async (request, realmId) => (await load(request, realmId)).ids,

    async forget(request, realmId, sessionId, interactionId) {
      const { cookie, row, ids } = await load(request, realmId);
      if (!cookie || !row) return;
      const left = ids.filter((id) => id !== sessionId);
      const inFront = row.session_id === sessionId;
      await store.keepSessions(realmId, cookie, left, inFront);
      if (inFront) await store.loosen(realmId, interactionId);
    },

    /** Before somebody else goes on in this browser: the account that was in front steps back, and stays signed in. */
    async stepBack(request: FastifyRequest, realmId: string, identityId: string): Promise<void> {
      const { cookie, row, ids } = await load(request, realmId);
      if (cookie && row && row.identity_id !== null && row.identity_id !== identityId)
        await store.keepSessions(realmId, cookie, ids, true);
    },
  } satisfies BrowserAccounts & { stepBack: unknown };
}

export const cookiesOf = (header: string | undefined): ReadonlyMap<string, string> =>
  new Map(
    (header ?? '').split(';').map((pair) => {
      const at = pair.indexOf('=');
      return [pair.slice(0, at).trim(), pair.slice(at + 1).trim()];
    }),
  );
