import { z } from 'zod';
import { now } from '../../kernel/clock.js';
import type { Db, Runner } from '../../kernel/command.js';
import type { RealmCtx } from '../../kernel/context.js';
import { DomainError, notFound } from '../../kernel/errors.js';
import { newId } from '../../kernel/ids.js';
import { id } from '../../kernel/text.js';
import { chained, type KeptLine, linesOf } from './imports.lines.js';
import * as queries from './imports.queries.js';
import { blocksOf, csvRows, ndjsonRows } from './imports.reader.js';
import { requireRights, subjectOf } from './imports.service.js';

type ImportRow = queries.ImportRow;

const BATCH = 500;

const conflict = (message: string) => new DomainError('conflict', 'WRONG_STATE', message);
const overtaken = () => conflict('This import was cancelled, or its file is being sent again meanwhile.');
const otherFile = (kept: number) =>
  conflict(`This is not the file of which ${kept} lines are kept. Send it with ?restart=true to begin anew.`);

export type ImportUploads = ReturnType<typeof createImportUploads>;

/** Takes a file in, a few lines at a time; what was kept stays kept when the connection breaks. */
export function createImportUploads({ db, command }: { db: Db; command: Runner }) {
  /** From now on this upload alone adds lines: one that hangs elsewhere can't mix its own into them. */
  const begin = command({
    name: 'imports.beginUpload',
    scope: 'identities:create',
    input: z.object({ importId: id, restart: z.boolean() }),
    body: async (work, { importId, restart }): Promise<ImportRow> => {
      const row = await queries.lockImport(work.tx, work.ctx.realm.id, importId);
      if (!row) throw notFound('import');
      requireRights(work.ctx, row);
      if (row.status !== 'UPLOADING')
        throw conflict(`This import is ${row.status}: its file was taken in already.`);
      work.unchanged();
      if (restart) await queries.deleteLines(work.tx, row);
      const anew = restart ? { lines: 0, last_line: 0, lines_digest: null } : {};
      return queries.updateImport(work.tx, row, { upload_id: newId(), ...anew }, now());
    },
  });

  const end = command({
    name: 'imports.endUpload',
    scope: 'identities:create',
    input: z.object({ importId: id, uploadId: id }),
    body: async (work, { importId, uploadId }): Promise<ImportRow> => {
      const row = await queries.lockImport(work.tx, work.ctx.realm.id, importId);
      if (row?.status !== 'UPLOADING' || row.upload_id !== uploadId) throw overtaken();
      work.record('import.uploaded', { name: row.name, lines: row.lines }, { subject: subjectOf(row) });
      return queries.updateImport(work.tx, row, { status: 'READY', upload_id: null }, now());
    },
  });

  return {
    /**
     * Reads a file whose first lines may be kept already: they are recognised and passed over.
     * @param file bytes as they come; no more is read than the database has taken
     * @throws DomainError INVALID_INPUT naming the line at fault; the lines before it stay kept
     */
    async receive(
      ctx: RealmCtx,
      input: { importId: string; restart: boolean },
      file: AsyncIterable<Buffer>,
    ): Promise<ImportRow> {
      const row = await begin(ctx, input);
      const uploadId = row.upload_id ?? '';
      const batch: KeptLine[] = [];
      let digest: Buffer | null = null;
      let seen = 0;
      const keep = async () => {
        if (batch.length === 0 || digest === null) return;
        if (!(await queries.appendLines(db, row, uploadId, batch, digest, now()))) throw overtaken();
        batch.length = 0;
      };
      try {
        for await (const line of read(row, file)) {
          digest = chained(digest, line);
          seen += 1;
          if (seen > row.lines) batch.push(line);
          else if (seen === row.lines && !row.lines_digest?.equals(digest)) throw otherFile(row.lines);
          if (batch.length === BATCH) await keep();
        }
      } finally {
        // Also of a file that breaks off, or has a fault further on.
        await keep();
      }
      if (seen < row.lines) throw otherFile(row.lines);
      return end(ctx, { importId: row.id, uploadId });
    },
  };
}

function read(row: ImportRow, file: AsyncIterable<Buffer>): AsyncIterable<KeptLine> {
  const blocks = blocksOf(file);
  return linesOf(row.format === 'CSV' ? csvRows(blocks, row.delimiter) : ndjsonRows(blocks), row.mapping);
}
