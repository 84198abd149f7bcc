import { type Adapter, type AdapterPayload, errors } from 'oidc-provider';
import { now, secondsFromNow } from '../../kernel/clock.js';
import { isId } from '../../kernel/ids.js';
import type { ApplicationRow } from '../../modules/applications/applications.service.js';
import { clientMetadata } from './clients.js';
import { currentFlow } from './flow.js';
import type { ModelRow, ModelStore } from './store.js';

/** A client whose answer got lost may repeat a refresh for this long without the chain being taken for stolen. */
const GRACE_MS = 2_000;

/** Our session behind an engine's session or grant; see `provider.ts`. */
export const SESSION = 'keyrealmSession';

interface Deps {
  readonly store: ModelStore;
  readonly realmId: string;
  readonly findApplication: (clientId: string) => Promise<ApplicationRow | undefined>;
}

/** The engine's view of our storage, for one realm. */
export function createAdapterFactory({ store, realmId, findApplication }: Deps) {
  return (model: string): Adapter => {
    const upsert = async (id: string, payload: AdapterPayload, expiresIn: number): Promise<void> => {
      const row = {
        realmId,
        model,
        id,
        payload: stored(model, isRedeemed(model, id) ? { ...payload, result: undefined } : payload),
        correlationId: currentFlow().correlationId,
        expiresAt: secondsFromNow(expiresIn),
        uid: payload.uid,
        clientId: payload.clientId,
        identityId: anonymous(model, payload) ? undefined : payload.accountId,
        grantId: payload.grantId,
        sessionId: sessionOf(payload),
      };
      const kept = model === 'ReplayDetection' ? await store.insertOnce(row) : await store.upsert(row);
      if (!kept) throw new errors.InvalidGrant('the grant ended, or this was used before');
    };

    const loaded = (row: ModelRow | undefined, id?: string): AdapterPayload | undefined => {
      if (!row) return undefined;
      currentFlow().correlationId = row.correlation_id;
      const consumed = consumedAt(model, row);
      return {
        ...row.payload,
        ...(isRedeemed(model, id) ? { result: currentFlow().redeemed?.result } : {}),
        ...(id === undefined ? {} : { jti: id }),
        ...(consumed === undefined ? {} : { consumed }),
      } as AdapterPayload;
    };

    return {
      upsert: (id, payload, expiresIn) => endedMeanwhile(upsert(id, payload, expiresIn ?? 3600)),
      async find(id) {
        if (model !== 'Client') return loaded(await store.find(realmId, model, id), id);
        const application = await findApplication(id);
        return application && clientMetadata(application);
      },
      // The engine asks by uid for the session of an interaction only, and rewrites nothing that it found so.
      findByUid: async (uid) => loaded(await store.findByUid(realmId, model, uid)),
      findByUserCode: async () => undefined,
      async consume(id) {
        const before = await store.consume(realmId, model, id);
        if (before === 'consumed') return;
        const graceful =
          model === 'RefreshToken' && before !== 'gone' && now().getTime() - before.getTime() < GRACE_MS;
        if (!graceful || !(await store.forgive(realmId, model, id)))
          throw new errors.InvalidGrant('already used');
      },
      async destroy(id) {
        await store.destroy(realmId, model, id);
      },
      async revokeByGrantId(grantId) {
        await store.revokeGrant(realmId, grantId);
      },
    };
  };
}

/** Without the id, which is the token's value, and without the copy of the session's id that an interaction takes. */
function stored(model: string, payload: AdapterPayload): Record<string, unknown> {
  const { jti: _jti, ...kept } = payload;
  if (anonymous(model, payload)) return { ...kept, accountId: undefined };
  if (model !== 'Interaction') return kept;
  const session = payload.session && { ...(payload.session as Record<string, unknown>), cookie: undefined };
  return { ...kept, session };
}

/** Whether this very request brought what finishes the interaction; it is never stored with it. */
const isRedeemed = (model: string, id: string | undefined): boolean =>
  model === 'Interaction' && id !== undefined && currentFlow().redeemed?.uid === id;

/** A session of the engine without one of ours behind it signs nobody in: theirs ended while the sign-in was finished. */
const anonymous = (model: string, payload: AdapterPayload): boolean =>
  model === 'Session' && payload.accountId !== undefined && sessionOf(payload) === undefined;

function sessionOf(payload: AdapterPayload): string | undefined {
  const value: unknown = payload[SESSION];
  return typeof value === 'string' && isId(value) ? value : undefined;
}

function consumedAt(model: string, row: ModelRow): number | undefined {
  if (row.consumed_at === null) return undefined;
  const within = model === 'RefreshToken' && now().getTime() - row.consumed_at.getTime() < GRACE_MS;
  return within ? undefined : Math.floor(row.consumed_at.getTime() / 1000);
}

/** A session or an identity that ended between two steps is no fault of ours: the grant is over. */
async function endedMeanwhile(work: Promise<void>): Promise<void> {
  try {
    await work;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === '23503')
      throw new errors.InvalidGrant('the session ended');
    throw error;
  }
}
