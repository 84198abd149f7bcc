import DataLoader from 'dataloader';
import type { Ctx, RealmCtx } from '../../kernel/context.js';
import type { Services } from '../../services.js';

/** What resolvers work with: the caller, the services, and one loader for each field that lists would ask for again. */
export interface GraphContext {
  readonly ctx: Ctx;
  readonly services: Services;
  /** @throws DomainError NOT_FOUND alike for a realm that is missing, of another tenant, or out of reach */
  enter(realmId: string): Promise<RealmCtx>;
  enterAdmin(): Promise<RealmCtx>;
  /** One loader for a name within a request; `load` answers in the order of the keys. */
  loader<K, V>(name: string, load: (keys: readonly K[]) => Promise<readonly V[]>): DataLoader<K, V>;
}

export function createGraphContext(ctx: Ctx, services: Services): GraphContext {
  const realms = new Map<string, Promise<RealmCtx>>();
  const loaders = new Map<string, unknown>();
  const remembered = (key: string, make: () => Promise<RealmCtx>): Promise<RealmCtx> => {
    const known = realms.get(key) ?? make();
    realms.set(key, known);
    return known;
  };
  return {
    ctx,
    services,
    enter: (realmId) => remembered(realmId, () => services.realms.enter(ctx, realmId)),
    enterAdmin: () => remembered('admin', () => services.realms.enterAdmin(ctx)),
    loader<K, V>(name: string, load: (keys: readonly K[]) => Promise<readonly V[]>) {
      const known = loaders.get(name) ?? new DataLoader<K, V>(async (keys) => [...(await load(keys))]);
      loaders.set(name, known);
      return known as DataLoader<K, V>;
    },
  };
}
