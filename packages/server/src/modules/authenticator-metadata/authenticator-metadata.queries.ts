import type { Insertable, Selectable } from 'kysely';
import type { AuthenticatorMetadataTable, AuthenticatorModelsTable } from '../../database/schema-metadata.js';
import type { Db, Tx } from '../../kernel/command.js';

export type MetadataRow = Selectable<AuthenticatorMetadataTable>;
export type ModelRow = Selectable<AuthenticatorModelsTable>;

export const selectMetadata = (db: Db | Tx): Promise<MetadataRow | undefined> =>
  db.selectFrom('authenticator_metadata').selectAll().executeTakeFirst();

export const selectModel = (db: Db | Tx, aaguid: string): Promise<ModelRow | undefined> =>
  db.selectFrom('authenticator_models').selectAll().where('aaguid', '=', aaguid).executeTakeFirst();

/** @returns undefined when what is there has a higher number, or this one */
export const upsertMetadata = (
  tx: Tx,
  row: Insertable<AuthenticatorMetadataTable>,
): Promise<MetadataRow | undefined> =>
  tx
    .insertInto('authenticator_metadata')
    .values(row)
    .onConflict((conflict) =>
      conflict.column('singleton').doUpdateSet(row).where('authenticator_metadata.number', '<', row.number),
    )
    .returningAll()
    .executeTakeFirst();

const ROWS_AT_ONCE = 500;

export async function replaceModels(tx: Tx, rows: readonly Insertable<AuthenticatorModelsTable>[]) {
  await tx.deleteFrom('authenticator_models').execute();
  for (let at = 0; at < rows.length; at += ROWS_AT_ONCE)
    await tx
      .insertInto('authenticator_models')
      .values(rows.slice(at, at + ROWS_AT_ONCE))
      .execute();
}
