import { Field, ID, InputType, ObjectType, registerEnumType } from 'type-graphql';
import { connectionOf } from '../../protocols/graphql/connection.js';
import { UserError } from '../../protocols/graphql/errors.js';
import { DateTimeScalar } from '../../protocols/graphql/scalars.js';
import type { DeletedIdentityRow, Skipped } from './deletion.service.js';
import { Identity } from './identities.object.js';

@ObjectType({ description: 'Someone who was deleted and can be brought back.' })
export class DeletedIdentity {
  @Field(() => ID)
  id!: string;
  @Field(() => String, { description: 'As it was; someone else may have taken it meanwhile.' })
  username!: string;
  @Field(() => String)
  displayName!: string;
  @Field(() => String, { nullable: true })
  externalId!: string | null;
  @Field(() => DateTimeScalar)
  deletedAt!: Date;
  @Field(() => String, { description: 'Who did it, with the name as it was then.' })
  deletedBy!: string;
  @Field(() => DateTimeScalar, { description: 'From then on nobody can bring them back.' })
  restorableUntil!: Date;
}

export const DeletedIdentityConnection = connectionOf(DeletedIdentity, 'DeletedIdentity');

export const presentDeleted = (row: DeletedIdentityRow): DeletedIdentity => ({
  id: row.id,
  username: row.username,
  displayName: row.display_name,
  externalId: row.external_id,
  deletedAt: row.deleted_at,
  deletedBy: row.deleted_by_name,
  restorableUntil: row.purge_at,
});

const SkippedKinds = { CREDENTIAL: 'CREDENTIAL', GROUP: 'GROUP', ROLE: 'ROLE' } as const;
registerEnumType(SkippedKinds, { name: 'SkippedKind' });

@ObjectType({ description: 'What could not be put back, because it is gone or taken.' })
export class SkippedInRestore {
  @Field(() => SkippedKinds)
  kind!: Skipped['kind'];
  @Field(() => ID)
  id!: string;
  @Field(() => String, { description: 'As it was when the identity was deleted.' })
  displayName!: string;
}

export const presentSkipped = ({ kind, id, name }: Skipped): SkippedInRestore => ({
  kind,
  id,
  displayName: name,
});

@InputType()
export class RestoreIdentityInput {
  @Field(() => ID)
  realmId!: string;
  @Field(() => ID)
  identityId!: string;
}

@InputType()
export class RestoreIdentitiesInput {
  @Field(() => ID)
  realmId!: string;
  @Field(() => [ID], { description: 'Up to 1,000.' })
  identityIds!: string[];
}

@ObjectType()
export class RestoreIdentityPayload {
  @Field(() => Identity, { nullable: true })
  identity?: Identity | null;
  @Field(() => [SkippedInRestore])
  skipped!: SkippedInRestore[];
  @Field(() => [UserError])
  errors!: UserError[];
}

@ObjectType()
export class RestoreIdentityResult {
  @Field(() => ID)
  identityId!: string;
  @Field(() => Identity, { nullable: true })
  identity!: Identity | null;
  @Field(() => [SkippedInRestore])
  skipped!: SkippedInRestore[];
  @Field(() => UserError, { nullable: true })
  error!: UserError | null;
}

@ObjectType({ description: 'One answer per id, in the order asked; each succeeds or fails by itself.' })
export class RestoreIdentitiesPayload {
  @Field(() => [RestoreIdentityResult])
  results!: RestoreIdentityResult[];
  @Field(() => [UserError])
  errors!: UserError[];
}
