import type { Generated } from 'kysely';
import type { Json, Time, WithDefault } from './columns.js';

export interface ThemesTable {
  realm_id: string;
  display_name: string;
  support_email: string | null;
  support_url: WithDefault<string | null>;
  primary_color: Generated<string>;
  background_light: Generated<string>;
  background_dark: Generated<string>;
  logo_alt: WithDefault<string | null>;
  /** By the template of the mail. */
  mail_subjects: Json<Record<string, string>>;
  version: Generated<number>;
  updated_at: WithDefault<Date>;
}

export interface ThemeLogosTable {
  realm_id: string;
  scheme: 'LIGHT' | 'DARK';
  digest: string;
  media_type: 'image/png' | 'image/jpeg' | 'image/webp';
  width: number;
  height: number;
  content: Buffer;
  created_at: Time;
}
