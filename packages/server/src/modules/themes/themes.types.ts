export type { MailTemplate } from '../../database/schema-mail.js';

import type { Colours, Scheme } from './contrast.js';
import type { LogoRow, LogoScheme, ThemeRow } from './themes.queries.js';

export interface Logo {
  /** On our own origin; another image has another one. */
  readonly path: string;
  /** In pixels. */
  readonly width: number;
  readonly height: number;
}

export interface Theme extends Colours {
  readonly displayName: string;
  readonly supportEmail: string | null;
  readonly supportUrl: string | null;
  /** For who does not see the logo; null: the display name. */
  readonly logoAlt: string | null;
  readonly logoLight: Logo | null;
  readonly logoDark: Logo | null;
  /** By the template of the mail; what is not here has our own words. */
  readonly mailSubjects: Readonly<Record<string, string>>;
  readonly version: number;
  readonly updatedAt: Date;
}

/** What a hosted page is told of the realm, and nothing more: it is public. */
export interface PageRealm {
  readonly id: string;
  readonly displayName: string;
  readonly supportEmail: string | null;
  readonly supportUrl: string | null;
  readonly primaryColor: string;
  readonly palette: { readonly light: Scheme; readonly dark: Scheme };
  readonly logo: {
    readonly alt: string;
    readonly light: Logo;
    /** Where the realm has none of its own for the dark, the one for the light. */
    readonly dark: Logo;
  } | null;
}

export function themeOf(row: ThemeRow, logos: readonly LogoRow[]): Theme {
  const logo = (scheme: LogoScheme): Logo | null => {
    const found = logos.find((each) => each.scheme === scheme);
    if (!found) return null;
    const path = `/realms/${row.realm_id}/theme/logos/${found.digest}`;
    return { path, width: found.width, height: found.height };
  };
  return {
    displayName: row.display_name,
    supportEmail: row.support_email,
    supportUrl: row.support_url,
    primaryColor: row.primary_color,
    backgroundLight: row.background_light,
    backgroundDark: row.background_dark,
    logoAlt: row.logo_alt,
    logoLight: logo('LIGHT'),
    logoDark: logo('DARK'),
    mailSubjects: row.mail_subjects,
    version: row.version,
    updatedAt: row.updated_at,
  };
}
