import type { Db, Tx } from '../../kernel/command.js';
import { newId } from '../../kernel/ids.js';
import { insertConfig, selectConfigKinds, selectHosted } from './authenticator-configs.queries.js';

export type AuthenticatorKind = 'HOSTED_WEB' | 'EMBEDDED' | 'NONE';

export type AuthenticatorConfigsService = ReturnType<typeof createAuthenticatorConfigsService>;

export function createAuthenticatorConfigsService({ db }: { db: Db }) {
  return {
    /** The two configs that every realm starts with: our hosted page, and none for machines. */
    async createHosted(tx: Tx, realmId: string): Promise<void> {
      await insertConfig(tx, {
        realm_id: realmId,
        id: newId(),
        display_name: 'Hosted page',
        kind: 'HOSTED_WEB',
      });
      await insertConfig(tx, { realm_id: realmId, id: newId(), display_name: 'No person', kind: 'NONE' });
    },

    /** The realm's own config of a kind. */
    managed: (source: Db | Tx, realmId: string, kind: 'HOSTED_WEB' | 'NONE'): Promise<{ id: string }> =>
      selectHosted(source, realmId, kind),

    /** @returns the kind of each config, in the order asked */
    async kindsOf(realmId: string, ids: readonly string[]): Promise<AuthenticatorKind[]> {
      const kinds = new Map((await selectConfigKinds(db, realmId, ids)).map((row) => [row.id, row.kind]));
      return ids.map((id) => kinds.get(id) ?? 'NONE');
    },
  };
}
