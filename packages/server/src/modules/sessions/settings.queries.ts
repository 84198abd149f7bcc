import type { Selectable } from 'kysely';
import type { SessionSettingsTable } from '../../database/schema-sessions.js';
import type { Db, Tx } from '../../kernel/command.js';

export type SettingsRow = Selectable<SessionSettingsTable>;

const one = (db: Db | Tx, realmId: string) =>
  db.selectFrom('session_settings').selectAll().where('realm_id', '=', realmId);

export const selectSettings = (db: Db | Tx, realmId: string): Promise<SettingsRow | undefined> =>
  one(db, realmId).executeTakeFirst();

/** With its lock; made now where the realm had said nothing yet. */
export async function lockSettings(
  tx: Tx,
  realmId: string,
  initial: Pick<SettingsRow, 'absolute_seconds' | 'idle_seconds'>,
): Promise<SettingsRow> {
  await tx
    .insertInto('session_settings')
    .values({ realm_id: realmId, ...initial })
    .onConflict((oc) => oc.doNothing())
    .execute();
  return one(tx, realmId).forUpdate().executeTakeFirstOrThrow();
}

/** What has ended ends for good, so that a longer limit brings nothing back. */
export const deleteEnded = (tx: Tx, realmId: string) =>
  tx
    .deleteFrom('sessions')
    .where('realm_id', '=', realmId)
    .where((eb) =>
      eb.not(
        eb.exists(
          eb
            .selectFrom('live_sessions')
            .select('live_sessions.id')
            .whereRef('live_sessions.realm_id', '=', 'sessions.realm_id')
            .whereRef('live_sessions.id', '=', 'sessions.id'),
        ),
      ),
    )
    .execute();

export const updateSettings = (
  tx: Tx,
  row: SettingsRow,
  set: Pick<SettingsRow, 'absolute_seconds' | 'idle_seconds' | 'updated_at'>,
): Promise<SettingsRow> =>
  tx
    .updateTable('session_settings')
    .set({ ...set, version: row.version + 1 })
    .where('realm_id', '=', row.realm_id)
    .returningAll()
    .executeTakeFirstOrThrow();
