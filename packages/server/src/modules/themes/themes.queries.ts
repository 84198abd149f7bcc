import type { Insertable, Selectable } from 'kysely';
import type { ThemeLogosTable, ThemesTable } from '../../database/schema-themes.js';
import type { Db, Tx } from '../../kernel/command.js';

export type ThemeRow = Selectable<ThemesTable>;
/** Without its content. */
export type LogoRow = Omit<Selectable<ThemeLogosTable>, 'content' | 'created_at'>;
export type LogoScheme = LogoRow['scheme'];

export const insertTheme = (tx: Tx, realmId: string, displayName: string) =>
  tx
    .insertInto('themes')
    .values({ realm_id: realmId, display_name: displayName, support_email: null })
    .execute();

export const selectTheme = (db: Db | Tx, realmId: string): Promise<ThemeRow | undefined> =>
  db.selectFrom('themes').selectAll().where('realm_id', '=', realmId).executeTakeFirst();

export const lockTheme = (tx: Tx, realmId: string): Promise<ThemeRow | undefined> =>
  tx.selectFrom('themes').selectAll().where('realm_id', '=', realmId).forUpdate().executeTakeFirst();

type Changes = Partial<
  Pick<
    ThemeRow,
    | 'display_name'
    | 'support_email'
    | 'support_url'
    | 'primary_color'
    | 'background_light'
    | 'background_dark'
    | 'logo_alt'
  >
> & { mail_subjects?: string; updated_at: Date };

export const updateTheme = (tx: Tx, row: ThemeRow, set: Changes): Promise<ThemeRow> =>
  tx
    .updateTable('themes')
    .set({ ...set, version: row.version + 1 })
    .where('realm_id', '=', row.realm_id)
    .returningAll()
    .executeTakeFirstOrThrow();

export const selectLogos = (db: Db | Tx, realmId: string): Promise<LogoRow[]> =>
  db
    .selectFrom('theme_logos')
    .select(['realm_id', 'scheme', 'digest', 'media_type', 'width', 'height'])
    .where('realm_id', '=', realmId)
    .execute();

export const selectLogo = (
  db: Db,
  realmId: string,
  digest: string,
): Promise<Pick<Selectable<ThemeLogosTable>, 'media_type' | 'content'> | undefined> =>
  db
    .selectFrom('theme_logos')
    .select(['media_type', 'content'])
    .where('realm_id', '=', realmId)
    .where('digest', '=', digest)
    .limit(1)
    .executeTakeFirst();

export async function replaceLogo(tx: Tx, row: Insertable<ThemeLogosTable>): Promise<void> {
  await deleteLogo(tx, row.realm_id, row.scheme);
  await tx.insertInto('theme_logos').values(row).execute();
}

export const deleteLogo = (tx: Tx, realmId: string, scheme: LogoScheme) =>
  tx.deleteFrom('theme_logos').where('realm_id', '=', realmId).where('scheme', '=', scheme).execute();
