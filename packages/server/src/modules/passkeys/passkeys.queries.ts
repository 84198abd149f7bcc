import { type Insertable, type Selectable, sql } from 'kysely';
import type { ChallengesTable, PasskeysTable } from '../../database/schema.js';
import type { Db, Tx } from '../../kernel/command.js';
import type { Slice } from '../../kernel/page.js';

export type PasskeyRow = Selectable<PasskeysTable>;
export type ChallengeRow = Selectable<ChallengesTable>;

/** @returns undefined where someone else has bound it at the same time */
export const insertPasskey = (tx: Tx, row: Insertable<PasskeysTable>): Promise<PasskeyRow | undefined> =>
  tx
    .insertInto('passkeys')
    .values(row)
    .onConflict((conflict) => conflict.columns(['realm_id', 'credential_id']).doNothing())
    .returningAll()
    .executeTakeFirst();

const one = (db: Db | Tx, realmId: string, id: string) =>
  db.selectFrom('passkeys').selectAll().where('realm_id', '=', realmId).where('id', '=', id);

export const selectPasskey = (db: Db | Tx, realmId: string, id: string): Promise<PasskeyRow | undefined> =>
  one(db, realmId, id).executeTakeFirst();

export const lockPasskey = (tx: Tx, realmId: string, id: string): Promise<PasskeyRow | undefined> =>
  one(tx, realmId, id).forUpdate().executeTakeFirst();

/** Without a lock: the identity comes first in the lock order. */
export const selectByCredentialId = (
  db: Db | Tx,
  realmId: string,
  credentialId: Buffer,
): Promise<PasskeyRow | undefined> =>
  db
    .selectFrom('passkeys')
    .selectAll()
    .where('realm_id', '=', realmId)
    .where('credential_id', '=', credentialId)
    .executeTakeFirst();

export const selectActiveOf = (db: Db | Tx, realmId: string, identityId: string): Promise<PasskeyRow[]> =>
  db
    .selectFrom('passkeys')
    .selectAll()
    .where('realm_id', '=', realmId)
    .where('identity_id', '=', identityId)
    .where('status', '=', 'ACTIVE')
    .limit(100)
    .execute();

export const updateUse = (
  tx: Tx,
  row: PasskeyRow,
  set: Pick<
    PasskeyRow,
    'sign_count' | 'backed_up' | 'last_used_at' | 'last_used_ip' | 'last_used_user_agent'
  >,
) =>
  tx.updateTable('passkeys').set(set).where('realm_id', '=', row.realm_id).where('id', '=', row.id).execute();

export const revokePasskey = (tx: Tx, row: PasskeyRow, at: Date): Promise<PasskeyRow> =>
  tx
    .updateTable('passkeys')
    .set({ status: 'REVOKED', revoked_at: at })
    .where('realm_id', '=', row.realm_id)
    .where('id', '=', row.id)
    .returningAll()
    .executeTakeFirstOrThrow();

export const renamePasskey = (tx: Tx, row: PasskeyRow, name: string, at: Date): Promise<PasskeyRow> =>
  tx
    .updateTable('passkeys')
    .set({ name, renamed_at: at })
    .where('realm_id', '=', row.realm_id)
    .where('id', '=', row.id)
    .returningAll()
    .executeTakeFirstOrThrow();

export const insertChallenge = (db: Db | Tx, row: Insertable<ChallengesTable>) =>
  db.insertInto('challenges').values(row).execute();

/** Taken out of the table as it is read: a challenge answers once. */
export const takeChallenge = (tx: Tx, realmId: string, id: string): Promise<ChallengeRow | undefined> =>
  tx
    .deleteFrom('challenges')
    .where('realm_id', '=', realmId)
    .where('id', '=', id)
    .returningAll()
    .executeTakeFirst();

/** The first of many identities in one statement. */
export async function selectPasskeysOfMany(
  db: Db,
  realmId: string,
  identityIds: readonly string[],
  slice: Slice,
): Promise<PasskeyRow[]> {
  const [from] = slice.from ?? [];
  const result = await sql<PasskeyRow>`
    select p.* from unnest(${sql.val([...identityIds])}::uuid[]) as i(identity_id)
    cross join lateral (
      select * from passkeys t
      where t.realm_id = ${realmId} and t.identity_id = i.identity_id
        and (${from ?? null}::uuid is null or t.id > ${from ?? null}::uuid)
      order by t.id asc limit ${slice.limit + 1}
    ) p`.execute(db);
  return result.rows;
}
