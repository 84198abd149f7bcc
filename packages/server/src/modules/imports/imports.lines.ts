import { createHash } from 'node:crypto';
import { invalid } from '../../kernel/errors.js';
import { comparable } from '../../kernel/text.js';
import { isField, type LineValues, TOLD_COLUMNS, unguarded } from './columns.types.js';
import type { FileRow } from './imports.reader.js';
import { FILE_LIMITS, type MappedColumn } from './imports.types.js';

/** A line as it is kept until it is run. */
export interface KeptLine {
  readonly line: number;
  readonly data: LineValues;
  readonly problem: string | null;
  readonly username_key: string | null;
  readonly external_id: string | null;
}

const TOLD: ReadonlySet<string> = new Set(TOLD_COLUMNS);

/** Takes the mapped columns out of each row; the first record of a CSV file is its header. */
export async function* linesOf(
  rows: AsyncIterable<FileRow>,
  mapping: readonly MappedColumn[] | null,
): AsyncGenerator<KeptLine> {
  let header: { width: number; picked: readonly Picked[] } | undefined;
  for await (const row of rows) {
    if ('problem' in row) yield kept(row.line, {}, row.problem);
    else if ('members' in row) yield memberLine(row.line, row.members, mapping);
    else if (header) yield cellLine(row.line, row.cells, header);
    else header = { width: row.cells.length, picked: pick(row.cells, mapping) };
  }
}

interface Picked {
  readonly index: number;
  readonly field: string;
}

/** @throws DomainError INVALID_INPUT for a header that has not what the mapping names, or names what is no field */
function pick(header: readonly string[], mapping: readonly MappedColumn[] | null): Picked[] {
  const names = header.map((name) => name.trim());
  if (names.length > FILE_LIMITS.columns)
    throw invalid(`Line 1: a file has at most ${FILE_LIMITS.columns} columns.`, 'file');
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice !== undefined) throw invalid(`Line 1: two columns are named "${shown(twice)}".`, 'file');
  const wanted =
    mapping ?? names.filter((name) => !TOLD.has(name)).map((name) => ({ column: name, field: name }));
  return wanted.map(({ column, field }) => {
    const index = names.indexOf(column);
    if (index < 0) throw invalid(`Line 1: there is no column "${shown(column)}".`, 'file');
    if (!isField(field))
      throw invalid(`Line 1: "${shown(column)}" is no field. Map the columns that are to be taken.`, 'file');
    return { index, field };
  });
}

const shown = (name: string): string => (name.length > 100 ? `${name.slice(0, 100)}…` : name);

function cellLine(
  line: number,
  cells: readonly string[],
  { width, picked }: { width: number; picked: readonly Picked[] },
): KeptLine {
  if (cells.length !== width)
    return kept(line, {}, `This line has ${cells.length} columns, and the header has ${width}.`);
  const values: Record<string, unknown> = {};
  for (const { index, field } of picked) {
    const cell = cells[index];
    if (cell) values[field] = unguarded(cell);
  }
  return kept(line, values, null);
}

function memberLine(
  line: number,
  members: Readonly<Record<string, unknown>>,
  mapping: readonly MappedColumn[] | null,
): KeptLine {
  const values: Record<string, unknown> = {};
  if (mapping) {
    for (const { column, field } of mapping)
      if (Object.hasOwn(members, column)) values[field] = members[column];
    return kept(line, values, null);
  }
  for (const [name, value] of Object.entries(members)) {
    if (TOLD.has(name)) continue;
    if (!isField(name)) return kept(line, {}, `"${shown(name)}" is no field.`);
    values[name] = value;
  }
  return kept(line, values, null);
}

/** As JSON writes them: U+0000, and halves of characters that stand alone. No column of ours can keep those. */
const UNSTORABLE = /(?<!\\)(?:\\\\)*\\u(?:0000|d[89a-f][0-9a-f]{2})/;

function kept(line: number, data: LineValues, problem: string | null): KeptLine {
  if (UNSTORABLE.test(JSON.stringify(data)))
    return kept(line, {}, 'This line holds a character that is not allowed.');
  const { username, externalId } = data;
  return {
    line,
    data,
    problem,
    username_key: typeof username === 'string' && username.trim() ? comparable(username.trim()) : null,
    external_id: typeof externalId === 'string' && externalId ? externalId : null,
  };
}

/** One digest over all lines so far, so that the beginning of a file that is sent again can be recognised. */
export const chained = (before: Buffer | null, kept: KeptLine): Buffer =>
  createHash('sha256')
    .update(before ?? Buffer.alloc(0))
    .update(JSON.stringify([kept.line, kept.data, kept.problem]))
    .digest();
