import { z } from 'zod';
import { now } from '../../kernel/clock.js';
import type { Db, Runner, Work } from '../../kernel/command.js';
import { actorName, type RealmCtx, requireScope } from '../../kernel/context.js';
import { DomainError, invalid, notFound } from '../../kernel/errors.js';
import { isId, newId } from '../../kernel/ids.js';
import { type Page, type PageArgs, pageById, pageOf, sliceOf } from '../../kernel/page.js';
import { id, line } from '../../kernel/text.js';
import * as queries from './imports.queries.js';
import { starterOf } from './imports.starter.js';
import {
  IMPORT_FORMATS,
  IMPORT_MODES,
  type ImportStatus,
  type LineStatus,
  MATCHES,
  MOST_IMPORTS,
  mapping,
} from './imports.types.js';

export type { ImportRow, LineRow } from './imports.queries.js';

type ImportRow = queries.ImportRow;

const DAY_MS = 86_400_000;
const KEPT_DAYS = 30;

const newImport = z.object({
  name: line(200),
  format: z.enum(IMPORT_FORMATS),
  mode: z.enum(IMPORT_MODES),
  matchBy: z.enum(MATCHES).nullish(),
  delimiter: z
    .string()
    .refine((text) => /^[,;|\t]$/.test(text), 'A delimiter is one of , ; | and the tabulator.')
    .nullish(),
  mapping: mapping.nullish(),
});
const theImport = z.object({ importId: id });

const wrongState = (row: ImportRow, what: string) =>
  new DomainError('precondition', 'WRONG_STATE', `This import is ${row.status}, so ${what}.`);

export const subjectOf = (row: ImportRow) => ({ kind: 'IMPORT' as const, id: row.id, name: row.name });

/** @throws DomainError FORBIDDEN for who may not do all that the lines of the import can do */
export function requireRights(ctx: RealmCtx, of: Pick<ImportRow, 'mode' | 'mapping'>): void {
  requireScope(ctx, 'identities:create');
  if (of.mode === 'UPSERT') requireScope(ctx, 'identities:update');
  if (of.mapping?.some(({ field }) => field === 'groups')) requireScope(ctx, 'groups:update');
}

export type ImportsService = ReturnType<typeof createImportsService>;

/** Imports as administrators see them; the file arrives in the upload service, the lines are done in the runs service. */
export function createImportsService({
  db,
  command,
  publicUrl,
}: {
  db: Db;
  command: Runner;
  publicUrl: string;
}) {
  async function lock(work: Work, importId: string): Promise<ImportRow> {
    const row = await queries.lockImport(work.tx, work.ctx.realm.id, importId);
    if (!row) throw notFound('import');
    return row;
  }

  /** One step from one of these states to another, with its event. */
  const step = (
    name: string,
    from: readonly ImportStatus[],
    refused: string,
    to: (work: Work, row: ImportRow) => Parameters<typeof queries.updateImport>[2],
  ) =>
    command({
      name: `imports.${name}`,
      scope: 'identities:create',
      input: theImport,
      body: async (work, { importId }): Promise<ImportRow> => {
        const row = await lock(work, importId);
        if (!from.includes(row.status)) throw wrongState(row, refused);
        return queries.updateImport(work.tx, row, to(work, row), now());
      },
    });

  /** All lines are waiting again, whatever an earlier pass said of them. */
  function newPass(work: Work, row: ImportRow, dryRun: boolean) {
    requireRights(work.ctx, row);
    work.record(
      'import.started',
      { name: row.name, dryRun, lines: row.lines },
      { subject: subjectOf(row), correlationId: row.correlation_id },
    );
    return {
      ...NOTHING_DONE,
      status: dryRun ? ('CHECKING' as const) : ('RUNNING' as const),
      pass: row.pass + 1,
      dry_run: dryRun,
      starter: JSON.stringify(starterOf(work.ctx)),
      started_at: now(),
      finished_at: null,
    };
  }

  return {
    uploadUrl: (row: ImportRow): string => `${publicUrl}/realms/${row.realm_id}/imports/${row.id}/file`,

    create: command({
      name: 'imports.create',
      scope: 'identities:create',
      input: newImport,
      body: async (work, input): Promise<ImportRow> => {
        requireRights(work.ctx, { mode: input.mode, mapping: input.mapping ?? null });
        const matchBy = input.matchBy ?? MATCHES.USERNAME;
        const key = matchBy === 'USERNAME' ? 'username' : 'externalId';
        const needed = input.mode === 'CREATE' ? 'username' : key;
        if (input.mapping && !input.mapping.some(({ field }) => field === needed))
          throw invalid(`No column is mapped to ${needed}.`, 'mapping');
        if ((await queries.countImports(work.tx, work.ctx.realm.id, MOST_IMPORTS)) === MOST_IMPORTS)
          throw new DomainError(
            'conflict',
            'LIMIT_REACHED',
            `A realm keeps at most ${MOST_IMPORTS} imports. Delete one first.`,
          );
        const row = await queries.insertImport(work.tx, {
          realm_id: work.ctx.realm.id,
          id: newId(),
          name: input.name,
          format: input.format,
          mode: input.mode,
          match_by: matchBy,
          delimiter: input.delimiter ?? ',',
          mapping: JSON.stringify(input.mapping ?? null),
          created_by_name: actorName(work.ctx.actor),
          correlation_id: work.ctx.correlationId,
        });
        const data = { name: row.name, format: row.format, mode: row.mode };
        work.record('import.created', data, { subject: subjectOf(row) });
        return row;
      },
    }),

    check: step('check', ['READY', 'CHECKED'], 'it can’t be checked', (work, row) =>
      newPass(work, row, true),
    ),
    run: step('run', ['READY', 'CHECKED'], 'it can’t be run', (work, row) => newPass(work, row, false)),

    pause: step('pause', ['CHECKING', 'RUNNING'], 'there is nothing to pause', (work, row) => {
      work.record('import.paused', { name: row.name, reason: null }, { subject: subjectOf(row) });
      return { status: 'PAUSED', paused_reason: null };
    }),

    /** Goes on in the name and with the rights of whoever resumes it. */
    resume: step('resume', ['PAUSED'], 'there is nothing to resume', (work, row) => {
      requireRights(work.ctx, row);
      work.record('import.resumed', { name: row.name }, { subject: subjectOf(row) });
      return {
        status: row.dry_run ? 'CHECKING' : 'RUNNING',
        paused_reason: null,
        attempts: 0,
        starter: JSON.stringify(starterOf(work.ctx)),
      };
    }),

    /** What was done stays done; no line begins after this has answered. */
    cancel: step(
      'cancel',
      ['UPLOADING', 'READY', 'CHECKING', 'CHECKED', 'RUNNING', 'PAUSED'],
      'there is nothing to cancel',
      (work, row) => {
        const { name, processed, lines } = row;
        work.record('import.cancelled', { name, processed, lines }, { subject: subjectOf(row) });
        return { status: 'CANCELLED', upload_id: null, finished_at: now() };
      },
    ),

    remove: command({
      name: 'imports.remove',
      scope: 'identities:create',
      input: theImport,
      body: async (work, { importId }): Promise<ImportRow> => {
        const row = await lock(work, importId);
        if (row.status === 'CHECKING' || row.status === 'RUNNING')
          throw wrongState(row, 'pause or cancel it before you delete it');
        await queries.deleteImport(work.tx, row);
        work.record('import.deleted', { name: row.name }, { subject: subjectOf(row) });
        return row;
      },
    }),

    async find(ctx: RealmCtx, importId: string): Promise<ImportRow | undefined> {
      requireScope(ctx, 'identities:read');
      return isId(importId) ? queries.selectImport(db, ctx.realm.id, importId) : undefined;
    },

    async list(ctx: RealmCtx, args: PageArgs): Promise<Page<ImportRow>> {
      requireScope(ctx, 'identities:read');
      const slice = sliceOf(args);
      return pageById(slice, await queries.selectImports(db, ctx.realm.id, slice));
    },

    /** The report: what each line came to in the latest check or run. */
    async rows(
      ctx: RealmCtx,
      of: ImportRow,
      status: LineStatus | undefined,
      args: PageArgs,
    ): Promise<Page<queries.LineRow>> {
      requireScope(ctx, 'identities:read');
      const slice = sliceOf(args);
      const [from] = slice.from ?? [];
      if (from !== undefined && !/^\d{1,9}$/.test(from))
        throw invalid('This cursor does not belong to this list.', 'after');
      const rows = await queries.selectLines(db, of, slice, status);
      return pageOf(
        slice,
        rows,
        (row) => row,
        (row) => [String(row.line)],
      );
    },

    /** Lines hold people's data: 30 days after the last change of an import they are deleted. */
    purge: (): Promise<number> =>
      queries.purgeLines(db, new Date(now().getTime() - KEPT_DAYS * DAY_MS), now(), 20),
  };
}

const NOTHING_DONE = {
  done_to_line: 0,
  processed: 0,
  created: 0,
  updated: 0,
  unchanged: 0,
  failed: 0,
  attempts: 0,
  lease_id: null,
  leased_until: null,
  paused_reason: null,
} as const;
