import type Provider from 'oidc-provider';
import { now } from '../../kernel/clock.js';
import type { RealmRef } from '../../kernel/context.js';
import type { Vault } from '../../kernel/vault.js';
import type { Services } from '../../services.js';
import type { EmbeddedInteractions } from './embedded.js';
import { createProvider, type EnginePages } from './provider.js';
import type { ModelStore } from './store.js';

interface Deps {
  readonly services: Services;
  readonly store: ModelStore;
  readonly vault: Vault;
  readonly pages: EnginePages;
  readonly embedded: EmbeddedInteractions;
  readonly publicUrl: string;
}

interface Entry {
  readonly made: Promise<Provider>;
  /** Of the keys that it was made with. */
  readonly stamp: string;
  readonly until: number;
}

/** An engine costs about 71 KB once used, so that this many cost 35 MB. */
const KEPT = 500;
/** What an engine took from the settings of its realm is asked for again after this time. */
const FRESH_MS = 60_000;

/** Engines are made when their realm is first asked for, and forgotten when others are asked for more. */
export function createRegistry(deps: Deps) {
  const entries = new Map<string, Entry>();

  const make = (realm: RealmRef): Promise<Provider> =>
    createProvider({ ...deps, realm, issuer: `${deps.publicUrl}/realms/${realm.id}` });

  return {
    /** Made anew when the keys of the realm changed: whoever rotates them waits for no restart. */
    async get(realm: RealmRef): Promise<Provider> {
      const stamp = await deps.services.keys.stamp(realm.id);
      const at = now().getTime();
      const kept = entries.get(realm.id);
      entries.delete(realm.id);
      const isFresh = kept?.stamp === stamp && kept.until > at;
      const entry = isFresh ? kept : { made: make(realm), stamp, until: at + FRESH_MS };
      entries.set(realm.id, entry);
      entry.made.catch(() => entries.delete(realm.id));
      if (entries.size > KEPT) entries.delete(entries.keys().next().value ?? '');
      return entry.made;
    },
  };
}
