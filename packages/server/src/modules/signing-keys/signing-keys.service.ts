import { createLocalJWKSet, exportJWK, generateKeyPair, type JWK, type JWTVerifyGetKey } from 'jose';
import type { Db, Tx, Work } from '../../kernel/command.js';
import { createFresh } from '../../kernel/fresh.js';
import { newId } from '../../kernel/ids.js';
import type { Vault } from '../../kernel/vault.js';
import { insertKey, selectAllKeys, selectKeys } from './signing-keys.queries.js';

const ALGORITHM = 'ES256';

export type SigningKeysService = ReturnType<typeof createSigningKeysService>;

/** Verifiers kept, and for how long: a rotation is seen within this time, and the old key verifies on meanwhile. */
const KEPT = 1000;
const FRESH_MS = 30_000;

export function createSigningKeysService({ db, vault }: { db: Db; vault: Vault }) {
  const verifiers = createFresh<JWTVerifyGetKey>(KEPT, FRESH_MS);

  return {
    /** Finds the public key that a token of the realm names (RFC 7515, section 4.1.4). */
    async verifier(realmId: string): Promise<JWTVerifyGetKey> {
      const kept = verifiers.get(realmId);
      if (kept) return kept;
      const rows = await selectKeys(db, realmId);
      const get = createLocalJWKSet({ keys: rows.map((row) => row.public_jwk as unknown as JWK) });
      verifiers.set(realmId, get);
      return get;
    },

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

    /** Whether every key that is still needed opens with the secret of this installation. */
    async checkAll(): Promise<{ total: number; readable: number }> {
      const rows = await selectAllKeys(db);
      const readable = rows.filter((row) => {
        try {
          return vault.unwrap(row.wrapped_private_jwk, `${row.realm_id}/${row.id}`).length > 0;
        } catch {
          return false;
        }
      });
      return { total: rows.length, readable: readable.length };
    },

    /** Private keys of the realm, the current one first; never for anyone outside the process. */
    async privateKeys(realmId: string, source: Db | Tx = db): Promise<JWK[]> {
      const rows = await selectKeys(source, realmId);
      return rows.map((row) =>
        JSON.parse(vault.unwrap(row.wrapped_private_jwk, `${realmId}/${row.id}`).toString()),
      );
    },
  };
}
