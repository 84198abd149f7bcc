import { type Insertable, type Selectable, sql } from 'kysely';
import type { SigningKeysTable } from '../../database/schema.js';
import type { Db, Tx } from '../../kernel/command.js';

export const insertKey = (tx: Tx, row: Insertable<SigningKeysTable>) =>
  tx.insertInto('signing_keys').values(row).execute();

export const selectKeys = (db: Db | Tx, realmId: string): Promise<Selectable<SigningKeysTable>[]> =>
  db
    .selectFrom('signing_keys')
    .selectAll()
    .where('realm_id', '=', realmId)
    .where('status', '!=', 'RETIRED')
    .orderBy(sql`status = 'CURRENT'`, 'desc')
    .orderBy('id')
    .execute();

export const selectAllKeys = (db: Db): Promise<Selectable<SigningKeysTable>[]> =>
  db.selectFrom('signing_keys').selectAll().where('status', '!=', 'RETIRED').execute();
