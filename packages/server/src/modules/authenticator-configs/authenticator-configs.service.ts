import type { Db, Tx } from '../../kernel/command.js';
import { isId, newId } from '../../kernel/ids.js';
import * as queries from './authenticator-configs.queries.js';

export type { AuthenticatorConfigRow } from './authenticator-configs.queries.js';

type ConfigRow = queries.AuthenticatorConfigRow;

export type AuthenticatorKind = 'HOSTED_WEB' | 'EMBEDDED' | 'NONE';

export type AuthenticatorConfigsService = ReturnType<typeof createAuthenticatorConfigsService>;

export function createAuthenticatorConfigsService({ db }: { db: Db }) {
  return {
    /** The two configs that every realm starts with: our hosted page, and none for machines. */
    async createHosted(tx: Tx, realmId: string): Promise<void> {
      for (const [kind, name] of [
        ['HOSTED_WEB', 'Hosted page'],
        ['NONE', 'No person'],
      ] as const)
        await queries.insertConfig(tx, {
          realm_id: realmId,
          id: newId(),
          display_name: name,
          kind,
          managed: kind,
        });
    },

    /** Not for callers of an API: it asks for no scope. */
    find: async (source: Db | Tx, realmId: string, configId: string): Promise<ConfigRow | undefined> =>
      isId(configId) ? queries.selectConfig(source, realmId, configId) : undefined,

    /** The realm's own config of a kind. */
    managed: (source: Db | Tx, realmId: string, kind: 'HOSTED_WEB' | 'NONE'): Promise<ConfigRow> =>
      queries.selectHosted(source, realmId, kind),

    /** @returns the kind of each config, in the order asked */
    async kindsOf(realmId: string, ids: readonly string[]): Promise<AuthenticatorKind[]> {
      const kinds = new Map(
        (await queries.selectConfigKinds(db, realmId, ids)).map((row) => [row.id, row.kind]),
      );
      return ids.map((id) => kinds.get(id) ?? 'NONE');
    },
  };
}
