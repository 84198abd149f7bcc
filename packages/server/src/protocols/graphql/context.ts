import DataLoader from 'dataloader';
import type { Ctx, RealmCtx } from '../../kernel/context.js';
import { DomainError, notFound } from '../../kernel/errors.js';
import type { IdentityRow } from '../../modules/identities/identities.service.js';
import type { Services } from '../../services.js';

/** What resolvers work with: the caller, the services, and one loader for each field that lists would ask for again. */
export interface GraphContext {
  readonly ctx: Ctx;
  readonly services: Services;
  /** @throws DomainError NOT_FOUND alike for a realm that is missing, of another tenant, or out of reach */
  enter(realmId: string): Promise<RealmCtx>;
  /** The same, with undefined for what is not to be found. */
  tryEnter(realmId: string): Promise<RealmCtx | undefined>;
  enterAdmin(): Promise<RealmCtx>;
  /** An identity that a row refers to; many of them cost one statement. @throws DomainError NOT_FOUND */
  identity(realmId: string, id: string): Promise<IdentityRow>;
  /** The same, with undefined for who is not to be found. */
  findIdentity(realmId: string, id: string): Promise<IdentityRow | undefined>;
  /** For the log: what went wrong on our side without ending the request. */
  report(error: unknown): void;
  /** One loader for a name within a request; `load` answers in the order of the keys. */
  loader<K, V>(name: string, load: (keys: readonly K[]) => Promise<readonly V[]>): DataLoader<K, V>;
}

const isMissing = (error: unknown): boolean => error instanceof DomainError && error.code === 'NOT_FOUND';

export function createGraphContext(
  ctx: Ctx,
  services: Services,
  report: (error: unknown) => void,
): GraphContext {
  const realms = new Map<string, Promise<RealmCtx>>();
  let admin: Promise<RealmCtx> | undefined;
  let refusalTold = false;
  const loaders = new Map<string, unknown>();
  const remembered = (key: string, make: () => Promise<RealmCtx>): Promise<RealmCtx> => {
    const known = realms.get(key) ?? make();
    realms.set(key, known);
    return known;
  };

  /** Someone who asks for what is not theirs is told nothing, and remembered. */
  async function enterOrRecord(realmId: string): Promise<RealmCtx> {
    try {
      return await services.realms.enter(ctx, realmId);
    } catch (error) {
      // Once a request: a query can name thousands.
      if (isMissing(error) && !refusalTold) {
        refusalTold = true;
        const data = { reason: 'realm_out_of_reach', target: realmId.slice(0, 100) };
        await services.events.record(await graph.enterAdmin(), 'access.refused', data, {
          outcome: 'REFUSED',
        });
      }
      throw error;
    }
  }

  const graph: GraphContext = {
    ctx,
    services,
    report,
    enter: (realmId) => remembered(realmId, () => enterOrRecord(realmId)),
    tryEnter: (realmId) =>
      graph.enter(realmId).catch((error: unknown) => {
        if (isMissing(error)) return undefined;
        throw error;
      }),
    enterAdmin: () => {
      admin ??= services.realms.enterAdmin(ctx);
      return admin;
    },
    async identity(realmId, id) {
      const row = await graph.findIdentity(realmId, id);
      if (!row) throw notFound('identity');
      return row;
    },
    async findIdentity(realmId, id) {
      const realm = await graph.enter(realmId);
      const loader = graph.loader(`identities ${realmId}`, async (ids: readonly string[]) => {
        const rows = await services.identities.findMany(realm, ids);
        const byId = new Map(rows.map((row) => [row.id, row]));
        return ids.map((wanted) => byId.get(wanted));
      });
      return loader.load(id);
    },
    loader<K, V>(name: string, load: (keys: readonly K[]) => Promise<readonly V[]>) {
      const known = loaders.get(name) ?? new DataLoader<K, V>(async (keys) => [...(await load(keys))]);
      loaders.set(name, known);
      return known as DataLoader<K, V>;
    },
  };
  return graph;
}
