import type { Selectable } from 'kysely';
import type { RecoverySettingsTable } from '../../database/schema-recovery.js';
import type { Db, Tx } from '../../kernel/command.js';

export type SettingsRow = Selectable<RecoverySettingsTable>;

const one = (source: Db | Tx, realmId: string) =>
  source.selectFrom('recovery_settings').selectAll().where('realm_id', '=', realmId);

export const selectSettings = (source: Db | Tx, realmId: string): Promise<SettingsRow | undefined> =>
  one(source, realmId).executeTakeFirst();

/** Those of a realm that never changed them are made, so that there is something to lock. */
export async function lockSettings(tx: Tx, realmId: string): Promise<SettingsRow> {
  await tx
    .insertInto('recovery_settings')
    .values({ realm_id: realmId })
    .onConflict((conflict) => conflict.doNothing())
    .execute();
  return one(tx, realmId).forUpdate().executeTakeFirstOrThrow();
}

export const updateSettings = (
  tx: Tx,
  row: SettingsRow,
  set: Pick<SettingsRow, 'email_link' | 'waiting_minutes' | 'existing_passkeys' | 'updated_at'>,
): Promise<SettingsRow> =>
  tx
    .updateTable('recovery_settings')
    .set({ ...set, version: row.version + 1 })
    .where('realm_id', '=', row.realm_id)
    .returningAll()
    .executeTakeFirstOrThrow();
