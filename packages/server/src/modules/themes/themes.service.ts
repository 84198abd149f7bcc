import { createHash } from 'node:crypto';
import { z } from 'zod';
import { now } from '../../kernel/clock.js';
import type { Db, Runner, Tx, Work } from '../../kernel/command.js';
import { type RealmCtx, type RealmRef, requireScope } from '../../kernel/context.js';
import { invalid, notFound, versionMismatch } from '../../kernel/errors.js';
import { ifVersion } from '../../kernel/text.js';
import { paletteOf } from './contrast.js';
import { readImage } from './image.js';
import { requireReadable, scheme, updateInput } from './rules.js';
import * as queries from './themes.queries.js';
import { type PageRealm, type Theme, themeOf } from './themes.types.js';

export { inkOn } from './contrast.js';
export type { PageRealm, Theme } from './themes.types.js';

const MAX_BYTES = 262_144;
const MAX_SIDE = 2048;
const TOO_LARGE = 'A logo has at most 256 KB.';
const DEFAULTS = { primaryColor: '#2f5bea', backgroundLight: '#f3f4f8', backgroundDark: '#0f1117' };

export type ThemesService = ReturnType<typeof createThemesService>;

export function createThemesService({ db, command }: { db: Db; command: Runner }) {
  async function find(realmId: string, source: Db | Tx = db): Promise<Theme | undefined> {
    const row = await queries.selectTheme(source, realmId);
    return row && themeOf(row, await queries.selectLogos(source, realmId));
  }

  return {
    createFor: (tx: Tx, realmId: string, displayName: string) =>
      queries.insertTheme(tx, realmId, displayName),

    /** Public: hosted pages and mails show it to everyone. */
    find,

    /** What a hosted page of the realm is told of it. */
    forPage: async (realm: Pick<RealmRef, 'id' | 'displayName'>): Promise<PageRealm> =>
      pageRealmOf(realm, await find(realm.id)),

    /** Public, by its digest. */
    logo: (realmId: string, digest: string) => queries.selectLogo(db, realmId, digest),

    async get(ctx: RealmCtx): Promise<Theme> {
      requireScope(ctx, 'themes:read');
      const theme = await find(ctx.realm.id);
      if (!theme) throw notFound('theme');
      return theme;
    },

    /** What is undefined stays; null takes away what may be absent. */
    update: command({
      name: 'themes.update',
      scope: 'themes:update',
      input: updateInput,
      body: async (work, input): Promise<Theme> => {
        const row = await lockFor(work, input.ifVersion);
        const wanted = wantedOf(row, input);
        const changed = changedOf(row, wanted);
        if (changed.some((name) => name === 'primaryColor' || name.startsWith('background')))
          requireReadable({
            primaryColor: wanted.primary_color,
            backgroundLight: wanted.background_light,
            backgroundDark: wanted.background_dark,
          });
        return changed.length === 0
          ? unchanged(work, row)
          : save(work, row, changed, { ...wanted, mail_subjects: JSON.stringify(wanted.mail_subjects) });
      },
    }),

    /** @throws DomainError for what is no image of the three kinds, is over 256 KB, or over 2,048 pixels a side */
    uploadLogo: command({
      name: 'themes.uploadLogo',
      scope: 'themes:update',
      input: z.object({
        scheme,
        image: z.string().max(Math.ceil(MAX_BYTES / 3) * 4 + 4, TOO_LARGE),
        ifVersion,
      }),
      body: async (work, input): Promise<Theme> => {
        const row = await lockFor(work, input.ifVersion);
        const logo = logoOf(input.image);
        const logos = await queries.selectLogos(work.tx, row.realm_id);
        if (logos.some((each) => each.scheme === input.scheme && each.digest === logo.digest))
          return unchanged(work, row);
        await queries.replaceLogo(work.tx, { realm_id: row.realm_id, scheme: input.scheme, ...logo });
        return save(work, row, [fieldOf(input.scheme)]);
      },
    }),

    removeLogo: command({
      name: 'themes.removeLogo',
      scope: 'themes:update',
      input: z.object({ scheme, ifVersion }),
      body: async (work, input): Promise<Theme> => {
        const row = await lockFor(work, input.ifVersion);
        const logos = await queries.selectLogos(work.tx, row.realm_id);
        if (!logos.some((each) => each.scheme === input.scheme)) return unchanged(work, row);
        await queries.deleteLogo(work.tx, row.realm_id, input.scheme);
        return save(work, row, [fieldOf(input.scheme)]);
      },
    }),
  };
}

const fieldOf = (of: queries.LogoScheme): string => (of === 'LIGHT' ? 'logoLight' : 'logoDark');

async function lockFor({ ctx, tx }: Work, version: number | null | undefined): Promise<queries.ThemeRow> {
  const row = await queries.lockTheme(tx, ctx.realm.id);
  if (!row) throw notFound('theme');
  if (version != null && version !== row.version) throw versionMismatch('theme');
  return row;
}

const current = async (work: Work, row: queries.ThemeRow): Promise<Theme> =>
  themeOf(row, await queries.selectLogos(work.tx, row.realm_id));

function unchanged(work: Work, row: queries.ThemeRow): Promise<Theme> {
  work.unchanged();
  return current(work, row);
}

async function save(
  work: Work,
  row: queries.ThemeRow,
  changed: string[],
  set: Omit<Parameters<typeof queries.updateTheme>[2], 'updated_at'> = {},
): Promise<Theme> {
  const updated = await queries.updateTheme(work.tx, row, { ...set, updated_at: now() });
  const { realm } = work.ctx;
  work.record(
    'theme.updated',
    { changed },
    { subject: { kind: 'REALM', id: realm.id, name: realm.displayName } },
  );
  return current(work, updated);
}

type Wanted = ReturnType<typeof wantedOf>;

const kept = <T>(given: T | undefined, before: T): T => (given === undefined ? before : given);

const wantedOf = (row: queries.ThemeRow, input: z.infer<typeof updateInput>) => ({
  display_name: input.displayName ?? row.display_name,
  support_email: kept(input.supportEmail, row.support_email),
  support_url: kept(input.supportUrl, row.support_url),
  primary_color: input.primaryColor ?? row.primary_color,
  background_light: input.backgroundLight ?? row.background_light,
  background_dark: input.backgroundDark ?? row.background_dark,
  logo_alt: kept(input.logoAlt, row.logo_alt),
  mail_subjects: subjectsOf(row, input.mailSubjects ?? []),
});

const FIELDS: readonly (readonly [keyof Wanted, string])[] = [
  ['display_name', 'displayName'],
  ['support_email', 'supportEmail'],
  ['support_url', 'supportUrl'],
  ['primary_color', 'primaryColor'],
  ['background_light', 'backgroundLight'],
  ['background_dark', 'backgroundDark'],
  ['logo_alt', 'logoAlt'],
];

function changedOf(row: queries.ThemeRow, wanted: Wanted): string[] {
  const changed = FIELDS.filter(([column]) => row[column] !== wanted[column]).map(([, field]) => field);
  const templates = new Set([...Object.keys(row.mail_subjects), ...Object.keys(wanted.mail_subjects)]);
  const reworded = [...templates].some((name) => row.mail_subjects[name] !== wanted.mail_subjects[name]);
  return reworded ? [...changed, 'mailSubjects'] : changed;
}

function subjectsOf(
  row: queries.ThemeRow,
  given: readonly { template: string; subject?: string | null | undefined }[],
): Record<string, string> {
  const subjects = new Map(Object.entries(row.mail_subjects));
  for (const { template, subject } of given)
    if (subject == null) subjects.delete(template);
    else subjects.set(template, subject);
  return Object.fromEntries(subjects);
}

function logoOf(base64: string) {
  const content = Buffer.from(base64, 'base64');
  if (content.length > MAX_BYTES) throw invalid(TOO_LARGE, 'image');
  const image = readImage(content);
  if (!image || content.toString('base64').replace(/=+$/, '') !== base64.replace(/=+$/, ''))
    throw invalid('A logo is a PNG, JPEG or WebP image, written in base64.', 'image');
  if (image.width > MAX_SIDE || image.height > MAX_SIDE)
    throw invalid(`A logo is at most ${MAX_SIDE} pixels wide and high.`, 'image');
  return {
    digest: createHash('sha256').update(content).digest('base64url'),
    media_type: image.mediaType,
    width: image.width,
    height: image.height,
    content,
  };
}

function pageRealmOf(realm: Pick<RealmRef, 'id' | 'displayName'>, theme: Theme | undefined): PageRealm {
  const { displayName, supportEmail, supportUrl, primaryColor } = {
    displayName: realm.displayName,
    supportEmail: null,
    supportUrl: null,
    ...DEFAULTS,
    ...theme,
  };
  const light = theme?.logoLight ?? theme?.logoDark ?? null;
  const dark = theme?.logoDark ?? light;
  return {
    id: realm.id,
    displayName,
    supportEmail,
    supportUrl,
    primaryColor,
    palette: paletteOf(theme ?? DEFAULTS),
    logo: light && dark && { alt: theme?.logoAlt ?? displayName, light, dark },
  };
}
