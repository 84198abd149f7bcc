import { z } from 'zod';
import { isField } from './columns.types.js';

export const IMPORT_FORMATS = { CSV: 'CSV', NDJSON: 'NDJSON' } as const;
export type ImportFormat = keyof typeof IMPORT_FORMATS;

export const IMPORT_MODES = { CREATE: 'CREATE', UPSERT: 'UPSERT' } as const;
export type ImportMode = keyof typeof IMPORT_MODES;

export const MATCHES = { USERNAME: 'USERNAME', EXTERNAL_ID: 'EXTERNAL_ID' } as const;
export type ImportMatch = keyof typeof MATCHES;

export const IMPORT_STATUSES = {
  UPLOADING: 'UPLOADING',
  READY: 'READY',
  CHECKING: 'CHECKING',
  CHECKED: 'CHECKED',
  RUNNING: 'RUNNING',
  PAUSED: 'PAUSED',
  COMPLETED: 'COMPLETED',
  COMPLETED_WITH_ERRORS: 'COMPLETED_WITH_ERRORS',
  CANCELLED: 'CANCELLED',
} as const;
export type ImportStatus = keyof typeof IMPORT_STATUSES;

/** What a line came to, or would come to; WAITING until it was looked at. */
export const LINE_STATUSES = {
  WAITING: 'WAITING',
  CREATED: 'CREATED',
  UPDATED: 'UPDATED',
  UNCHANGED: 'UNCHANGED',
  FAILED: 'FAILED',
} as const;
export type LineStatus = keyof typeof LINE_STATUSES;
export type LineOutcome = Exclude<LineStatus, 'WAITING'>;

export const FILE_LIMITS = {
  fileBytes: 2 * 1024 ** 3,
  /** Of one line, and of one record that has several. */
  lineBytes: 64 * 1024,
  columns: 200,
} as const;

/** How many imports a realm keeps; older ones are deleted by whoever needs the room. */
export const MOST_IMPORTS = 200;

/** A column of the file, and the field that it is for. */
export interface MappedColumn {
  readonly column: string;
  readonly field: string;
}

const mapped = z.object({
  column: z.string().min(1).max(200),
  field: z.string().refine(isField, 'There is no such field.'),
});

export const mapping = z
  .array(mapped)
  .min(1, 'Map at least one column.')
  .max(FILE_LIMITS.columns)
  .refine(
    (columns) => new Set(columns.map(({ field }) => field)).size === columns.length,
    'Two columns are mapped to one field.',
  );
