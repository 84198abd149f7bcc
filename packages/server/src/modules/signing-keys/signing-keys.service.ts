import { createLocalJWKSet, type JWK, type JWTVerifyGetKey } from 'jose';
import type { SigningAlgorithm } from '../../database/schema.js';
import { now } from '../../kernel/clock.js';
import type { Db, Tx, Work } from '../../kernel/command.js';
import { createFresh } from '../../kernel/fresh.js';
import { newId } from '../../kernel/ids.js';
import type { Vault } from '../../kernel/vault.js';
import { makeKeyPair } from './key-pair.js';
import * as queries from './signing-keys.queries.js';
import { STANDARD } from './signing-keys.types.js';

export type { SigningKeyRow } from './signing-keys.queries.js';

type SigningKeyRow = queries.SigningKeyRow;

export type SigningKeysService = ReturnType<typeof createSigningKeysService>;

/** What is remembered of a realm's keys, and for how long: the nodes agree on a rotation within this time. */
const KEPT = 1000;
const FRESH_MS = 5_000;

/** A key of the realm that can sign. */
export interface SigningKey {
  readonly id: string;
  readonly algorithm: SigningAlgorithm;
  readonly privateJwk: JWK;
}

/** The keys that a realm's tokens are signed with and checked by. */
export function createSigningKeysService({ db, vault }: { db: Db; vault: Vault }) {
  const verifiers = createFresh<JWTVerifyGetKey>(KEPT, FRESH_MS);
  const stamps = createFresh<string>(KEPT, FRESH_MS);

  const contextOf = (row: { realm_id: string; id: string }): string => `${row.realm_id}/${row.id}`;

  const opened = (row: SigningKeyRow): JWK[] =>
    row.wrapped_private_jwk === null
      ? []
      : [JSON.parse(vault.unwrap(row.wrapped_private_jwk, contextOf(row)).toString()) as JWK];

  /** A new key of the realm; its private half is wrapped for this realm and this key alone. */
  async function make(
    work: Work,
    status: 'NEXT' | 'CURRENT',
    algorithm: SigningAlgorithm,
  ): Promise<SigningKeyRow> {
    const key = { realm_id: work.ctx.realm.id, id: newId() };
    const { publicJwk, privateJwk } = await makeKeyPair(key.id, algorithm);
    return queries.insertKey(work.tx, {
      ...key,
      status,
      algorithm,
      public_jwk: JSON.stringify(publicJwk),
      wrapped_private_jwk: vault.wrap(Buffer.from(JSON.stringify(privateJwk)), contextOf(key)),
      created_at: now(),
      activated_at: status === 'CURRENT' ? now() : null,
    });
  }

  return {
    make,

    /** The keys that a realm begins with: one that signs, and one that will. */
    async createFor(work: Work): Promise<void> {
      await make(work, 'CURRENT', STANDARD.algorithm);
      await make(work, 'NEXT', STANDARD.algorithm);
    },

    /** Finds the public key that a token of the realm names (RFC 7515, section 4.1.4). */
    async verifier(realmId: string): Promise<JWTVerifyGetKey> {
      const kept = verifiers.get(realmId);
      if (kept) return kept;
      const rows = await queries.selectKeys(db, realmId);
      const get = createLocalJWKSet({ keys: rows.map((row) => row.public_jwk as unknown as JWK) });
      verifiers.set(realmId, get);
      return get;
    },

    /** Changes with the keys of the realm, within some seconds on every node. */
    async stamp(realmId: string): Promise<string> {
      const kept = stamps.get(realmId);
      if (kept !== undefined) return kept;
      const stamp = await queries.selectStamp(db, realmId);
      stamps.set(realmId, stamp);
      return stamp;
    },

    /** Whether every key that is still needed opens with the secret of this installation. */
    async checkAll(): Promise<{ total: number; readable: number }> {
      const rows = await queries.selectAllKeys(db);
      const readable = rows.filter((row) => {
        try {
          return opened(row).length > 0;
        } catch {
          return false;
        }
      });
      return { total: rows.length, readable: readable.length };
    },

    /** Wraps every key anew, with the secret that is configured now. @returns how many */
    async rewrapAll(): Promise<number> {
      const rows = await queries.selectAllKeys(db);
      for (const row of rows)
        for (const jwk of opened(row))
          await queries.rewrapKey(db, row, vault.wrap(Buffer.from(JSON.stringify(jwk)), contextOf(row)));
      return rows.length;
    },

    /** Private keys of the realm, the current one first; never for anyone outside the process. */
    async privateKeys(realmId: string, source: Db | Tx = db): Promise<JWK[]> {
      return (await queries.selectKeys(source, realmId)).flatMap(opened);
    },

    /** The key that signs now, under a lock that a revocation of it waits for. */
    async current(work: Work): Promise<SigningKey> {
      const row = await queries.lockCurrentShared(work.tx, work.ctx.realm.id);
      const [privateJwk] = row ? opened(row) : [];
      if (!row || !privateJwk) throw new Error(`realm ${work.ctx.realm.id} has no signing key`);
      return { id: row.id, algorithm: row.algorithm, privateJwk };
    },
  };
}
