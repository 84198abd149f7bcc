import { isUtf8 } from 'node:buffer';
import { finished } from 'node:stream/promises';
import { CsvError, parse } from 'csv-parse';
import { DomainError, invalid } from '../../kernel/errors.js';
import { FILE_LIMITS } from './imports.types.js';

/** What a file says in one line: cells of CSV, members of JSON, or why it says nothing. `line` counts from 1. */
export type FileRow =
  | { readonly line: number; readonly cells: readonly string[] }
  | { readonly line: number; readonly members: Readonly<Record<string, unknown>> }
  | { readonly line: number; readonly problem: string };

const NEWLINE = 0x0a;

const at = (line: number, what: string) => invalid(`Line ${line}: ${what}`, 'file');
const tooLong = (line: number) => at(line, `it is longer than ${FILE_LIMITS.lineBytes / 1024} KiB.`);

/**
 * The bytes of a file in blocks of whole lines, each known to be UTF-8. No more of it is held than one block.
 * @throws DomainError INVALID_INPUT with the line at fault, LIMIT_REACHED for a file that is too large
 */
export async function* blocksOf(file: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  let carried: Buffer = Buffer.alloc(0);
  let line = 1;
  let bytes = 0;
  for await (const chunk of file) {
    bytes += chunk.length;
    if (bytes > FILE_LIMITS.fileBytes)
      throw new DomainError('invalid', 'LIMIT_REACHED', 'A file has at most 2 GiB.', { path: ['file'] });
    const end = chunk.lastIndexOf(NEWLINE) + 1;
    const whole = end === 0 ? Buffer.alloc(0) : Buffer.concat([carried, chunk.subarray(0, end)]);
    carried = end === 0 ? Buffer.concat([carried, chunk]) : Buffer.from(chunk.subarray(end));
    if (whole.length > 0) {
      yield checked(whole, line);
      line += linesIn(whole);
    }
    if (carried.length > FILE_LIMITS.lineBytes) throw tooLong(line);
  }
  if (carried.length > 0) yield checked(carried, line);
}

function checked(block: Buffer, firstLine: number): Buffer {
  if (isUtf8(block)) return block;
  let line = firstLine;
  for (const part of partsOf(block)) {
    if (!isUtf8(part)) break;
    line += 1;
  }
  throw at(line, 'it is not UTF-8. Save the file as UTF-8, then send it again.');
}

function* partsOf(block: Buffer): Generator<Buffer> {
  for (let from = 0; from < block.length; ) {
    const end = block.indexOf(NEWLINE, from);
    const to = end < 0 ? block.length : end;
    yield block.subarray(from, to);
    from = to + 1;
  }
}

function linesIn(block: Buffer): number {
  let count = 0;
  for (let from = block.indexOf(NEWLINE); from >= 0; from = block.indexOf(NEWLINE, from + 1)) count += 1;
  return count;
}

/** The records of a CSV file (RFC 4180), its header first; `line` is where the record begins. */
export async function* csvRows(blocks: AsyncIterable<Buffer>, delimiter: string): AsyncGenerator<FileRow> {
  let read: FileRow[] = [];
  let next = 1;
  let empty = 0;
  const parser = parse({
    bom: true,
    delimiter,
    record_delimiter: ['\r\n', '\n'],
    relax_column_count: true,
    skip_empty_lines: true,
    max_record_size: FILE_LIMITS.lineBytes,
    // Taken as they are found: what the parser has buffered when it meets a fault is lost.
    on_record: (cells: string[], { empty_lines }) => {
      const line = next + empty_lines - empty;
      empty = empty_lines;
      next = line + 1 + cells.reduce((sum, cell) => sum + newlinesIn(cell), 0);
      read.push({ line, cells });
      return null;
    },
  });
  const taken = () => {
    const rows = read;
    read = [];
    return rows;
  };
  let fault: Error | null = null;
  parser.on('error', (error) => {
    fault = error;
  });
  parser.resume();
  try {
    for await (const block of blocks) {
      await new Promise<void>((done) => parser.write(block, () => done()));
      yield* taken();
      if (fault) break;
    }
    if (!fault) {
      parser.end();
      await finished(parser).catch(() => undefined);
      yield* taken();
    }
  } finally {
    parser.destroy();
  }
  if (fault) throw csvFault(fault, next + parser.info.empty_lines - empty);
}

function newlinesIn(cell: string): number {
  let count = 0;
  for (let from = cell.indexOf('\n'); from >= 0; from = cell.indexOf('\n', from + 1)) count += 1;
  return count;
}

function csvFault(error: Error, line: number): Error {
  if (!(error instanceof CsvError)) return error;
  if (error.code === 'CSV_MAX_RECORD_SIZE') return tooLong(line);
  if (error.code === 'CSV_QUOTE_NOT_CLOSED') return at(line, 'a quotation mark is never closed.');
  if (/QUOTE/.test(error.code))
    return at(line, 'a quotation mark is out of place. Inside a quoted cell it is written twice (RFC 4180).');
  return at(line, 'it is not CSV as RFC 4180 describes it.');
}

/** The objects of an NDJSON file, one a line; empty lines say nothing. */
export async function* ndjsonRows(blocks: AsyncIterable<Buffer>): AsyncGenerator<FileRow> {
  let line = 0;
  for await (const block of blocks)
    for (const part of partsOf(block)) {
      line += 1;
      if (part.length > FILE_LIMITS.lineBytes) throw tooLong(line);
      const text = part.toString().replace(line === 1 ? /^\uFEFF/ : '', '');
      if (text.trim() !== '') yield { line, ...membersOf(text) };
    }
}

function membersOf(text: string): { members: Record<string, unknown> } | { problem: string } {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === 'object' && value !== null && !Array.isArray(value))
      return { members: { ...value } };
  } catch {
    // Said below, as for every other line that is no object.
  }
  return { problem: 'This line is not a JSON object.' };
}
