import { z } from 'zod';
import { type Db, parseInput } from '../../kernel/command.js';
import { type RealmCtx, requireScope } from '../../kernel/context.js';
import { MAX_PAGE } from '../../kernel/page.js';
import { id } from '../../kernel/text.js';
import type { AttributeSchemasService } from '../attribute-schemas/attribute-schemas.service.js';
import type { createEventsService } from '../events/events.service.js';
import type { GroupsService } from '../groups/groups.service.js';
import { type IdentitiesService, type IdentityRow, profileOf } from '../identities/identities.service.js';
import {
  ATTRIBUTE,
  csvCell,
  EMAIL_COLUMN,
  GROUPS_COLUMN,
  isField,
  joinText,
  PROFILE_COLUMNS,
  TOLD_COLUMNS,
} from '../imports/columns.types.js';

interface Deps {
  db: Db;
  identities: Pick<IdentitiesService, 'list'>;
  groups: Pick<GroupsService, 'groupsOfMany'>;
  attributeSchemas: Pick<AttributeSchemasService, 'current'>;
  events: Pick<ReturnType<typeof createEventsService>, 'record'>;
}

const TOLD: ReadonlySet<string> = new Set(TOLD_COLUMNS);

const column = z.string().refine((name) => TOLD.has(name) || isField(name), 'There is no such column.');

const list = <T extends z.ZodType<unknown, string>>(item: T) =>
  z
    .string()
    .transform((text) => text.split(','))
    .pipe(z.array(item).min(1).max(200));

const time = z.iso
  .datetime({ offset: true, error: 'This is not an RFC 3339 time.' })
  .transform((text) => new Date(text));

/** As the parameters of an address. One that does not exist is refused, so that a slip exports nobody too many. */
const wanted = z.strictObject({
  format: z.enum(['csv', 'ndjson'], 'A format is csv or ndjson.'),
  /** All that there are unless said, but groups. */
  columns: list(column).optional(),
  query: z.string().trim().max(200).optional(),
  status: z.enum(['ACTIVE', 'SUSPENDED']).optional(),
  enrollmentStatus: list(z.enum(['ENROLLED', 'PENDING', 'INVITE_FAILED', 'UNENROLLED'])).optional(),
  groupId: id.optional(),
  notInGroupId: id.optional(),
  provisionedBy: id.optional(),
  createdAfter: time.optional(),
  createdBefore: time.optional(),
  updatedAfter: time.optional(),
  lastSignInAfter: time.optional(),
  lastSignInBefore: time.optional(),
  neverSignedIn: z
    .enum(['true', 'false'])
    .transform((text) => text === 'true')
    .optional(),
});
type Wanted = z.infer<typeof wanted>;

/** One identity, by the names of the columns; a column without a value is left out. */
type Told = Readonly<Record<string, unknown>>;

export type DirectoryExportsService = ReturnType<typeof createDirectoryExportsService>;

/** The directory as a file that an import takes: a page at a time, however many there are. */
export function createDirectoryExportsService({ db, identities, groups, attributeSchemas, events }: Deps) {
  const pageOf = (ctx: RealmCtx, { format, columns, query, ...filter }: Wanted, after: string | undefined) =>
    identities.list(ctx, { ...filter, query: query || undefined }, 'CREATED_AT_ASC', {
      first: MAX_PAGE,
      after,
    });

  async function columnsOf(ctx: RealmCtx, { columns }: Wanted): Promise<readonly string[]> {
    if (columns) return [...new Set(columns)];
    const { schema } = await attributeSchemas.current(db, ctx.realm.id);
    const attributes = Object.keys(schema.properties).map((name) => `${ATTRIBUTE}${name}`);
    return [...PROFILE_COLUMNS, ...attributes, ...TOLD_COLUMNS];
  }

  async function groupNames(ctx: RealmCtx, rows: readonly IdentityRow[]): Promise<string[][]> {
    const ids = rows.map((row) => row.id);
    const pages = await groups.groupsOfMany(ctx, ids, { first: MAX_PAGE });
    return Promise.all(
      pages.map(async (first, index) => {
        const names = first.items.map(({ node }) => node.display_name);
        let page = first;
        while (page.hasNextPage) {
          const after = page.items.at(-1)?.cursor;
          const [next] = await groups.groupsOfMany(ctx, [ids[index] ?? ''], { first: MAX_PAGE, after });
          if (!next) break;
          page = next;
          names.push(...page.items.map(({ node }) => node.display_name));
        }
        return names;
      }),
    );
  }

  async function* lines(ctx: RealmCtx, asked: Wanted, columns: readonly string[], first: Page) {
    const write = asked.format === 'csv' ? csvLine(columns) : ndjsonLine(columns);
    let count = 0;
    let complete = false;
    try {
      if (asked.format === 'csv') yield `${columns.map(csvCell).join(',')}\r\n`;
      for (let page = first; ; ) {
        const rows = page.items.map(({ node }) => node);
        const names = columns.includes(GROUPS_COLUMN) ? await groupNames(ctx, rows) : [];
        const text = rows.map((row, index) => write(toldOf(row, names[index]))).join('');
        count += rows.length;
        if (text !== '') yield text;
        if (!page.hasNextPage) break;
        page = await pageOf(ctx, asked, page.items.at(-1)?.cursor);
      }
      complete = true;
    } finally {
      // Whoever stops reading has taken that much all the same.
      const told = { format: asked.format, identities: count, complete };
      const { id: realmId, displayName } = ctx.realm;
      await events.record(ctx, 'directory.exported', told, {
        subject: { kind: 'REALM', id: realmId, name: displayName },
      });
    }
  }

  return {
    /**
     * Needs identities:read, and groups:read where the groups are asked for.
     * @returns the format, and the text in parts of a page each; the first page was read already
     */
    async open(
      ctx: RealmCtx,
      raw: unknown,
    ): Promise<{ format: Wanted['format']; text: AsyncIterable<string> }> {
      requireScope(ctx, 'identities:read');
      const asked = parseInput(wanted, raw);
      const columns = await columnsOf(ctx, asked);
      if (columns.includes(GROUPS_COLUMN)) requireScope(ctx, 'groups:read');
      return {
        format: asked.format,
        text: lines(ctx, asked, columns, await pageOf(ctx, asked, undefined)),
      };
    },
  };
}

type Page = Awaited<ReturnType<IdentitiesService['list']>>;

function toldOf(row: IdentityRow, groups: readonly string[] | undefined): Told {
  const { attributes, ...profile } = profileOf(row);
  const custom = Object.entries(attributes).map(([name, value]) => [`${ATTRIBUTE}${name}`, value]);
  return {
    ...profile,
    ...Object.fromEntries(custom),
    [EMAIL_COLUMN]: row.email,
    ...(groups ? { [GROUPS_COLUMN]: groups } : {}),
    id: row.id,
    enrollmentStatus: row.enrollment_status,
    createdAt: row.created_at.toISOString(),
    updatedAt: row.updated_at.toISOString(),
  };
}

/** RFC 4180. */
const csvLine =
  (columns: readonly string[]) =>
  (told: Told): string =>
    `${columns.map((name) => csvCell(name === GROUPS_COLUMN ? joinText(told[name] as string[]) : told[name])).join(',')}\r\n`;

const ndjsonLine =
  (columns: readonly string[]) =>
  (told: Told): string => {
    const said = columns.map((name) => [name, told[name]] as const).filter(([, value]) => isSaid(value));
    return `${JSON.stringify(Object.fromEntries(said))}\n`;
  };

const isSaid = (value: unknown): boolean =>
  value !== undefined && value !== null && !(Array.isArray(value) && value.length === 0);
