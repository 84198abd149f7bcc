import type { Selectable } from 'kysely';
import type { ThemesTable } from '../../database/schema.js';
import type { Db, Tx } from '../../kernel/command.js';

export const insertTheme = (tx: Tx, realmId: string, displayName: string) =>
  tx
    .insertInto('themes')
    .values({ realm_id: realmId, display_name: displayName, support_email: null })
    .execute();

export const selectTheme = (db: Db | Tx, realmId: string): Promise<Selectable<ThemesTable> | undefined> =>
  db.selectFrom('themes').selectAll().where('realm_id', '=', realmId).executeTakeFirst();
