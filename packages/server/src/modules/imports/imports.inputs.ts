import { Field, ID, InputType, ObjectType } from 'type-graphql';
import { UserError } from '../../protocols/graphql/errors.js';
import { DirectoryImport } from './imports.object.js';
import {
  IMPORT_FORMATS,
  IMPORT_MODES,
  type ImportFormat,
  type ImportMatch,
  type ImportMode,
  MATCHES,
} from './imports.types.js';

@InputType()
class ColumnMappingInput {
  @Field(() => String, { description: 'Of CSV the name in the header, of NDJSON the name of the member.' })
  column!: string;
  @Field(() => String, {
    description: 'A field of the profile, email, groups, or attributes.<name of a custom attribute>.',
  })
  field!: string;
}

@InputType()
export class CreateDirectoryImportInput {
  @Field(() => ID)
  realmId!: string;
  @Field(() => String)
  name!: string;
  @Field(() => IMPORT_FORMATS)
  format!: ImportFormat;
  @Field(() => IMPORT_MODES)
  mode!: ImportMode;
  @Field(() => MATCHES, { nullable: true, description: 'USERNAME unless said; for UPSERT.' })
  matchBy?: ImportMatch | null;
  @Field(() => [ColumnMappingInput], {
    nullable: true,
    description: 'Columns that are not mapped are left out. Without it each column is named after its field.',
  })
  mapping?: ColumnMappingInput[] | null;
  @Field(() => String, { nullable: true, description: 'Of CSV: a comma unless said.' })
  delimiter?: string | null;
}

@InputType()
export class DirectoryImportActionInput {
  @Field(() => ID)
  realmId!: string;
  @Field(() => ID)
  importId!: string;
}

@ObjectType()
export class CreateDirectoryImportPayload {
  @Field(() => DirectoryImport, { nullable: true })
  directoryImport?: DirectoryImport | null;
  @Field(() => String, {
    nullable: true,
    description: 'Where to PUT the file, with the same bearer token. It can be sent again after a fault.',
  })
  uploadUrl?: string | null;
  @Field(() => [UserError])
  errors!: UserError[];
}

@ObjectType()
export class DirectoryImportPayload {
  @Field(() => DirectoryImport, { nullable: true })
  directoryImport?: DirectoryImport | null;
  @Field(() => [UserError])
  errors!: UserError[];
}

@ObjectType()
export class DeleteDirectoryImportPayload {
  @Field(() => ID, { nullable: true })
  deletedDirectoryImportId?: string | null;
  @Field(() => [UserError])
  errors!: UserError[];
}
