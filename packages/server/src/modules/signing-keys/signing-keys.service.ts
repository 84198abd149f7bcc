import { exportJWK, generateKeyPair, type JWK } from 'jose';
import type { Db, Work } from '../../kernel/command.js';
import { newId } from '../../kernel/ids.js';
import type { Vault } from '../../kernel/vault.js';
import { insertKey, selectKeys } from './signing-keys.queries.js';

const ALGORITHM = 'ES256';

export type SigningKeysService = ReturnType<typeof createSigningKeysService>;

export function createSigningKeysService({ db, vault }: { db: Db; vault: Vault }) {
  return {
    /** The realm's first key; its private half is wrapped for this realm and this key alone. */
    async createFor(work: Work): Promise<void> {
      const realmId = work.ctx.realm.id;
      const id = newId();
      const pair = await generateKeyPair(ALGORITHM, { extractable: true });
      const facts = { kid: id, alg: ALGORITHM, use: 'sig' };
      const privateJwk = { ...(await exportJWK(pair.privateKey)), ...facts };
      await insertKey(work.tx, {
        realm_id: realmId,
        id,
        status: 'CURRENT',
        algorithm: ALGORITHM,
        public_jwk: JSON.stringify({ ...(await exportJWK(pair.publicKey)), ...facts }),
        wrapped_private_jwk: vault.wrap(Buffer.from(JSON.stringify(privateJwk)), `${realmId}/${id}`),
      });
    },

    /** Private keys of the realm, the current one first; never for anyone outside the process. */
    async privateKeys(realmId: string): Promise<JWK[]> {
      const rows = await selectKeys(db, realmId);
      return rows.map((row) =>
        JSON.parse(vault.unwrap(row.wrapped_private_jwk, `${realmId}/${row.id}`).toString()),
      );
    },
  };
}
