import { type Insertable, type Selectable, sql } from 'kysely';
import type { SigningAlgorithm, SigningKeySettingsTable, SigningKeysTable } from '../../database/schema.js';
import type { Db, Tx } from '../../kernel/command.js';

export type SigningKeyRow = Selectable<SigningKeysTable>;
export type KeySettingsRow = Selectable<SigningKeySettingsTable>;

export const insertKey = (tx: Tx, row: Insertable<SigningKeysTable>): Promise<SigningKeyRow> =>
  tx.insertInto('signing_keys').values(row).returningAll().executeTakeFirstOrThrow();

/** What is published: the current key first, since the first one that fits signs. */
export const selectKeys = (db: Db | Tx, realmId: string): Promise<SigningKeyRow[]> =>
  db
    .selectFrom('signing_keys')
    .selectAll()
    .where('realm_id', '=', realmId)
    .where('status', '!=', 'RETIRED')
    .orderBy(sql`array_position(array['CURRENT', 'NEXT', 'PREVIOUS'], status)`)
    .orderBy('id', 'desc')
    .execute();

export const selectAllKeys = (db: Db): Promise<SigningKeyRow[]> =>
  db.selectFrom('signing_keys').selectAll().where('status', '!=', 'RETIRED').execute();

/** The same key under another wrapping, unless it was retired meanwhile. */
export const rewrapKey = (db: Db, { realm_id, id }: SigningKeyRow, wrapped: Buffer) =>
  db
    .updateTable('signing_keys')
    .set({ wrapped_private_jwk: wrapped })
    .where('realm_id', '=', realm_id)
    .where('id', '=', id)
    .where('status', '!=', 'RETIRED')
    .execute();

/** The newest first. */
export const selectRetired = (db: Db, realmId: string, most: number): Promise<SigningKeyRow[]> =>
  db
    .selectFrom('signing_keys')
    .selectAll()
    .where('realm_id', '=', realmId)
    .where('status', '=', 'RETIRED')
    .orderBy('retired_at', 'desc')
    .limit(most)
    .execute();

/** Every living key of the realm under its lock: two rotations go one after the other. */
export const lockKeys = (tx: Tx, realmId: string): Promise<SigningKeyRow[]> =>
  tx
    .selectFrom('signing_keys')
    .selectAll()
    .where('realm_id', '=', realmId)
    .where('status', '!=', 'RETIRED')
    .orderBy('id')
    .forUpdate()
    .execute();

/** Held until commit, so that what is signed with it is seen by whoever revokes it. */
export const lockCurrentShared = (tx: Tx, realmId: string): Promise<SigningKeyRow | undefined> =>
  tx
    .selectFrom('signing_keys')
    .selectAll()
    .where('realm_id', '=', realmId)
    .where('status', '=', 'CURRENT')
    .forShare()
    .executeTakeFirst();

/** Changes when a key of the realm does: what was made from its keys is then out of date. */
export async function selectStamp(db: Db, realmId: string): Promise<string> {
  const { rows } = await sql<{ stamp: string | null }>`
    select string_agg(id || status, ' ' order by id) as stamp from signing_keys
    where realm_id = ${realmId} and status <> 'RETIRED'`.execute(db);
  return rows[0]?.stamp ?? '';
}

const one = (tx: Tx, row: SigningKeyRow, set: Partial<SigningKeyRow>): Promise<SigningKeyRow> =>
  tx
    .updateTable('signing_keys')
    .set({ ...set, public_jwk: sql`public_jwk` })
    .where('realm_id', '=', row.realm_id)
    .where('id', '=', row.id)
    .returningAll()
    .executeTakeFirstOrThrow();

export const activateKey = (tx: Tx, row: SigningKeyRow, at: Date): Promise<SigningKeyRow> =>
  one(tx, row, { status: 'CURRENT', activated_at: at });

export const demoteKey = (tx: Tx, row: SigningKeyRow, at: Date): Promise<SigningKeyRow> =>
  one(tx, row, { status: 'PREVIOUS', demoted_at: at });

/** Its private half is forgotten. */
export const retireKey = (tx: Tx, row: SigningKeyRow, at: Date): Promise<SigningKeyRow> =>
  one(tx, row, { status: 'RETIRED', retired_at: at, wrapped_private_jwk: null });

export const selectSettings = (db: Db | Tx, realmId: string): Promise<KeySettingsRow | undefined> =>
  db.selectFrom('signing_key_settings').selectAll().where('realm_id', '=', realmId).executeTakeFirst();

export const upsertSettings = (
  tx: Tx,
  row: { realm_id: string; algorithm: SigningAlgorithm; rotation_days: number | null; version: number },
  at: Date,
): Promise<KeySettingsRow> =>
  tx
    .insertInto('signing_key_settings')
    .values({ ...row, updated_at: at })
    .onConflict((oc) => oc.column('realm_id').doUpdateSet({ ...row, updated_at: at }))
    .returningAll()
    .executeTakeFirstOrThrow();

/** API tokens that live and were signed with the key, the newest first; one more than `most` where there are more. */
export const selectTokensOf = (
  db: Db | Tx,
  { realm_id, id }: SigningKeyRow,
  at: Date,
  most: number,
): Promise<{ id: string; name: string }[]> =>
  db
    .selectFrom('api_tokens')
    .select(['id', 'name'])
    .where('realm_id', '=', realm_id)
    .where('signing_key_id', '=', id)
    .where('revoked_at', 'is', null)
    .where('expires_at', '>', at)
    .orderBy('created_at', 'desc')
    .limit(most + 1)
    .execute();

export const revokeTokensOf = (
  tx: Tx,
  { realm_id, id }: SigningKeyRow,
  at: Date,
): Promise<{ id: string; name: string }[]> =>
  tx
    .updateTable('api_tokens')
    .set({ revoked_at: at })
    .where('realm_id', '=', realm_id)
    .where('signing_key_id', '=', id)
    .where('revoked_at', 'is', null)
    .where('expires_at', '>', at)
    .returning(['id', 'name'])
    .execute();

/** Seconds: the longest that an access token of the realm may live. */
export async function selectLongestLifetime(db: Db | Tx, realmId: string): Promise<number> {
  const row = await db
    .selectFrom('applications')
    .select((eb) => eb.fn.max('access_token_lifetime').as('longest'))
    .where('realm_id', '=', realmId)
    .executeTakeFirst();
  return row?.longest ?? 0;
}

/**
 * Realms whose keys want attention: no next key, a current one that signed for long enough, or a previous one on which
 * perhaps nothing hangs any more. Up to `limit` of them after `last`, by id.
 */
export async function selectDue(
  db: Db,
  at: Date,
  standard: { rotationDays: number; verifiesSeconds: number },
  last: string,
  limit: number,
): Promise<string[]> {
  const { rows } = await sql<{ id: string }>`
    select r.id from realms r
    left join signing_key_settings s on s.realm_id = r.id
    where r.id > ${last} and r.deleted_at is null and (
      not exists (select 1 from signing_keys k where k.realm_id = r.id and k.status = 'NEXT')
      or exists (
        select 1 from signing_keys k where k.realm_id = r.id and k.status = 'CURRENT'
          and k.activated_at < ${at}::timestamptz - make_interval(days =>
            case when s.realm_id is null then ${standard.rotationDays}::int else s.rotation_days end))
      or exists (
        select 1 from signing_keys k where k.realm_id = r.id and k.status = 'PREVIOUS'
          and k.demoted_at < ${at}::timestamptz - make_interval(secs => ${standard.verifiesSeconds}::int)))
    order by r.id limit ${limit}`.execute(db);
  return rows.map((row) => row.id);
}
