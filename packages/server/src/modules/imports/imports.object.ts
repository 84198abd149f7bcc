import { ArgsType, Field, ID, Int, ObjectType, registerEnumType } from 'type-graphql';
import { ConnectionArgs, connectionOf } from '../../protocols/graphql/connection.js';
import { ErrorCodes } from '../../protocols/graphql/errors.js';
import { DateTimeScalar } from '../../protocols/graphql/scalars.js';
import type { ImportRow, LineRow } from './imports.service.js';
import {
  IMPORT_FORMATS,
  IMPORT_MODES,
  IMPORT_STATUSES,
  type ImportFormat,
  type ImportMatch,
  type ImportMode,
  type ImportStatus,
  LINE_STATUSES,
  type LineStatus,
  MATCHES,
} from './imports.types.js';

registerEnumType(IMPORT_FORMATS, { name: 'DirectoryImportFormat' });
registerEnumType(IMPORT_MODES, {
  name: 'DirectoryImportMode',
  description: 'CREATE makes an identity of each line; UPSERT changes the one that is there already.',
});
registerEnumType(MATCHES, { name: 'DirectoryImportMatch', description: 'What an identity is known by.' });
registerEnumType(IMPORT_STATUSES, { name: 'DirectoryImportStatus' });
registerEnumType(LINE_STATUSES, {
  name: 'DirectoryImportRowStatus',
  description: 'What a line came to, or would come to where it was only checked.',
});

@ObjectType()
export class ColumnMapping {
  @Field(() => String)
  column!: string;
  @Field(() => String)
  field!: string;
}

@ObjectType({ description: 'A file of people on its way into the directory.' })
export class DirectoryImport {
  @Field(() => ID)
  id!: string;
  @Field(() => String)
  name!: string;
  @Field(() => IMPORT_FORMATS)
  format!: ImportFormat;
  @Field(() => IMPORT_MODES)
  mode!: ImportMode;
  @Field(() => MATCHES)
  matchBy!: ImportMatch;
  @Field(() => [ColumnMapping], {
    nullable: true,
    description: 'Null: columns are named after their fields.',
  })
  mapping!: ColumnMapping[] | null;
  @Field(() => IMPORT_STATUSES)
  status!: ImportStatus;
  @Field(() => Int, { description: 'How many lines are kept of the file.' })
  lines!: number;
  @Field(() => Boolean, { description: 'Whether the latest pass only said what would happen.' })
  dryRun!: boolean;
  @Field(() => Int, { description: 'How many lines the latest check or run has done.' })
  processed!: number;
  @Field(() => Int)
  created!: number;
  @Field(() => Int)
  updated!: number;
  @Field(() => Int)
  unchanged!: number;
  @Field(() => Int)
  failed!: number;
  @Field(() => String, { nullable: true, description: 'Why it paused by itself.' })
  pausedReason!: string | null;
  @Field(() => String)
  createdByName!: string;
  @Field(() => DateTimeScalar)
  createdAt!: Date;
  @Field(() => DateTimeScalar, { nullable: true, description: 'When the latest check or run began.' })
  startedAt!: Date | null;
  @Field(() => DateTimeScalar, { nullable: true })
  finishedAt!: Date | null;
  @Field(() => DateTimeScalar, {
    nullable: true,
    description:
      'When its lines were deleted: 30 days after its last change, because they hold data of people.',
  })
  purgedAt!: Date | null;
  row!: ImportRow;
}

export const presentImport = (row: ImportRow): DirectoryImport => ({
  id: row.id,
  name: row.name,
  format: row.format,
  mode: row.mode,
  matchBy: row.match_by,
  mapping: row.mapping,
  status: row.status,
  lines: row.lines,
  dryRun: row.dry_run,
  processed: row.processed,
  created: row.created,
  updated: row.updated,
  unchanged: row.unchanged,
  failed: row.failed,
  pausedReason: row.paused_reason,
  createdByName: row.created_by_name,
  createdAt: row.created_at,
  startedAt: row.started_at,
  finishedAt: row.finished_at,
  purgedAt: row.purged_at,
  row,
});

export const DirectoryImportConnection = connectionOf(DirectoryImport, 'DirectoryImport');

@ObjectType({ description: 'A line of the file, in the report of the latest check or run.' })
export class DirectoryImportRow {
  @Field(() => Int, { description: 'Where it begins in the file, counted from 1.' })
  line!: number;
  @Field(() => LINE_STATUSES)
  status!: LineStatus;
  @Field(() => ErrorCodes, { nullable: true })
  code!: keyof typeof ErrorCodes | null;
  @Field(() => String, { nullable: true })
  message!: string | null;
  @Field(() => String, { nullable: true, description: 'The column at fault.' })
  column!: string | null;
  @Field(() => ID, { nullable: true, description: 'The identity that it made or changed.' })
  identityId!: string | null;
  @Field(() => String, { nullable: true, description: 'As the line gives it.' })
  username!: string | null;
}

export const presentLine =
  (of: ImportRow) =>
  (row: LineRow): DirectoryImportRow => {
    const done = row.pass === of.pass && row.status !== null;
    return {
      line: row.line,
      status: done && row.status ? row.status : LINE_STATUSES.WAITING,
      code: done ? (row.error_code as DirectoryImportRow['code']) : null,
      message: done ? row.error_message : null,
      column: done ? row.error_column : null,
      identityId: done ? row.identity_id : null,
      username: typeof row.data.username === 'string' ? row.data.username : null,
    };
  };

export const DirectoryImportRowConnection = connectionOf(DirectoryImportRow, 'DirectoryImportRow');

@ArgsType()
export class RowsArgs extends ConnectionArgs {
  @Field(() => LINE_STATUSES, { nullable: true })
  status?: LineStatus | null;
}
