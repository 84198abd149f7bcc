import type { Insertable, Selectable } from 'kysely';
import type { AuthenticatorConfigsTable } from '../../database/schema.js';
import type { Db, Tx } from '../../kernel/command.js';

export type AuthenticatorConfigRow = Selectable<AuthenticatorConfigsTable>;

export const insertConfig = (
  tx: Tx,
  row: Insertable<AuthenticatorConfigsTable>,
): Promise<AuthenticatorConfigRow> =>
  tx.insertInto('authenticator_configs').values(row).returningAll().executeTakeFirstOrThrow();

const one = (db: Db | Tx, realmId: string, id: string) =>
  db.selectFrom('authenticator_configs').selectAll().where('realm_id', '=', realmId).where('id', '=', id);

export const selectConfig = (
  db: Db | Tx,
  realmId: string,
  id: string,
): Promise<AuthenticatorConfigRow | undefined> => one(db, realmId, id).executeTakeFirst();

export const selectHosted = (
  db: Db | Tx,
  realmId: string,
  managed: string,
): Promise<AuthenticatorConfigRow> =>
  db
    .selectFrom('authenticator_configs')
    .selectAll()
    .where('realm_id', '=', realmId)
    .where('managed', '=', managed)
    .executeTakeFirstOrThrow();

export const selectConfigKinds = (db: Db, realmId: string, ids: readonly string[]) =>
  db
    .selectFrom('authenticator_configs')
    .select(['id', 'kind'])
    .where('realm_id', '=', realmId)
    .where('id', 'in', [...ids])
    .execute();
