import { type Insertable, type Selectable, sql } from 'kysely';
import type { SessionsTable } from '../../database/schema.js';
import type { Db, Tx } from '../../kernel/command.js';

export type SessionRow = Selectable<SessionsTable>;

export const insertSession = (tx: Tx, row: Insertable<SessionsTable>): Promise<SessionRow> =>
  tx.insertInto('sessions').values(row).returningAll().executeTakeFirstOrThrow();

export const selectSession = (db: Db | Tx, realmId: string, id: string): Promise<SessionRow | undefined> =>
  db
    .selectFrom('sessions')
    .selectAll()
    .where('realm_id', '=', realmId)
    .where('id', '=', id)
    .executeTakeFirst();

const deletion = (tx: Tx, realmId: string) => tx.deleteFrom('sessions').where('realm_id', '=', realmId);

export const deleteSession = async (tx: Tx, realmId: string, id: string): Promise<number> =>
  Number((await deletion(tx, realmId).where('id', '=', id).executeTakeFirst()).numDeletedRows);

export const deleteOfIdentity = async (tx: Tx, realmId: string, identityId: string): Promise<number> =>
  Number(
    (await deletion(tx, realmId).where('identity_id', '=', identityId).executeTakeFirst()).numDeletedRows,
  );

export const deleteOfPasskey = async (tx: Tx, realmId: string, passkeyId: string): Promise<number> =>
  Number((await deletion(tx, realmId).where('passkey_id', '=', passkeyId).executeTakeFirst()).numDeletedRows);

export async function deleteOfPasskeys(
  tx: Tx,
  realmId: string,
  passkeyIds: readonly string[],
): Promise<Map<string, number>> {
  const rows = await deletion(tx, realmId)
    .where('passkey_id', '=', sql<string>`any(${sql.val([...passkeyIds])}::uuid[])`)
    .returning('passkey_id')
    .execute();
  const ended = Map.groupBy(rows, (row) => row.passkey_id);
  return new Map([...ended].map(([id, sessions]) => [id, sessions.length]));
}

/** Grants, codes and refresh tokens that no session stands behind die with the identity's access too. */
export const deleteModelsOfIdentity = (tx: Tx, realmId: string, identityId: string) =>
  tx
    .deleteFrom('oidc_models')
    .where('realm_id', '=', realmId)
    .where('identity_id', '=', identityId)
    .execute();

export const closeBindingJobs = (tx: Tx, realmId: string, identityId: string) =>
  tx
    .updateTable('credential_binding_jobs')
    .set({ status: 'REVOKED' })
    .where('realm_id', '=', realmId)
    .where('identity_id', '=', identityId)
    .where('status', 'in', ['LINK_SENT', 'LINK_OPENED', 'CHALLENGED'])
    .execute();
