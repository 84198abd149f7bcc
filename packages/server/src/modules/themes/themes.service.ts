import type { Db, Tx } from '../../kernel/command.js';
import { type RealmCtx, requireScope } from '../../kernel/context.js';
import { notFound } from '../../kernel/errors.js';
import { insertTheme, selectTheme } from './themes.queries.js';

export interface Theme {
  readonly displayName: string;
  readonly supportEmail: string | null;
  /** `#rrggbb` */
  readonly primaryColor: string;
}

export type ThemesService = ReturnType<typeof createThemesService>;

export function createThemesService({ db }: { db: Db }) {
  async function find(realmId: string, source: Db | Tx = db): Promise<Theme | undefined> {
    const row = await selectTheme(source, realmId);
    return (
      row && {
        displayName: row.display_name,
        supportEmail: row.support_email,
        primaryColor: row.primary_color,
      }
    );
  }

  return {
    createFor: (tx: Tx, realmId: string, displayName: string) => insertTheme(tx, realmId, displayName),

    /** Public: hosted pages show it to everyone. */
    find,

    async get(ctx: RealmCtx): Promise<Theme> {
      requireScope(ctx, 'themes:read');
      const theme = await find(ctx.realm.id);
      if (!theme) throw notFound('theme');
      return theme;
    },
  };
}
