import { ArgsType, Field, ID, InputType, Int, ObjectType, registerEnumType } from 'type-graphql';
import { SearchArgs } from '../../protocols/graphql/connection.js';
import { UserError, UserWarning } from '../../protocols/graphql/errors.js';
import { DateTimeScalar } from '../../protocols/graphql/scalars.js';
import { EnrollmentStatus, Identity, IdentityStatus } from './identities.object.js';
import type { IdentityOrder } from './identities.service.js';
import { ProfileInput } from './profile.inputs.js';

const IdentityOrders: { [O in IdentityOrder]: O } = {
  BEST_MATCH: 'BEST_MATCH',
  CREATED_AT_ASC: 'CREATED_AT_ASC',
  CREATED_AT_DESC: 'CREATED_AT_DESC',
  DISPLAY_NAME_ASC: 'DISPLAY_NAME_ASC',
  DISPLAY_NAME_DESC: 'DISPLAY_NAME_DESC',
  FAMILY_NAME_ASC: 'FAMILY_NAME_ASC',
  FAMILY_NAME_DESC: 'FAMILY_NAME_DESC',
  UPDATED_AT_ASC: 'UPDATED_AT_ASC',
  UPDATED_AT_DESC: 'UPDATED_AT_DESC',
  USERNAME_ASC: 'USERNAME_ASC',
  USERNAME_DESC: 'USERNAME_DESC',
};
registerEnumType(IdentityOrders, {
  name: 'IdentityOrder',
  description:
    'BEST_MATCH begins with the usernames that begin with what was typed, the others follow by age; without a query it is USERNAME_ASC. The one for searching as one types: in the order of a name a frequent word can take longer. FAMILY_NAME sorts who has none by the display name.',
});

@InputType('IdentityFilter', { description: 'All that is said must be met.' })
export class IdentityFilterInput {
  @Field(() => IdentityStatus, { nullable: true })
  status?: 'ACTIVE' | 'SUSPENDED' | null;
  @Field(() => [EnrollmentStatus], { nullable: true, description: 'Any of these.' })
  enrollmentStatus?: (keyof typeof EnrollmentStatus)[] | null;
  @Field(() => ID, { nullable: true, description: 'Members of this group only.' })
  groupId?: string | null;
  @Field(() => ID, { nullable: true, description: 'Those who are no members of this group.' })
  notInGroupId?: string | null;
  @Field(() => ID, { nullable: true, description: 'Those who belong to this provisioning client.' })
  provisionedBy?: string | null;
  @Field(() => DateTimeScalar, { nullable: true, description: 'At this moment or later.' })
  createdAfter?: Date | null;
  @Field(() => DateTimeScalar, { nullable: true, description: 'Before this moment.' })
  createdBefore?: Date | null;
  @Field(() => DateTimeScalar, { nullable: true, description: 'At this moment or later.' })
  updatedAfter?: Date | null;
  @Field(() => DateTimeScalar, { nullable: true, description: 'At this moment or later.' })
  lastSignInAfter?: Date | null;
  @Field(() => DateTimeScalar, {
    nullable: true,
    description: 'Before this moment and never since; who never signed in is not among them.',
  })
  lastSignInBefore?: Date | null;
  @Field(() => Boolean, { nullable: true })
  neverSignedIn?: boolean | null;
}

@ArgsType()
export class IdentitiesArgs extends SearchArgs {
  @Field(() => IdentityFilterInput, { nullable: true })
  filter?: IdentityFilterInput | null;
  @Field(() => IdentityOrders, {
    nullable: true,
    description: 'Unless said, BEST_MATCH with a query and USERNAME_ASC without.',
  })
  orderBy?: IdentityOrder | null;
}

@InputType()
export class CreateIdentityInput extends ProfileInput {
  @Field(() => ID)
  realmId!: string;
  @Field(() => String)
  username!: string;
}

@InputType({ description: 'A field left out stays; null empties it.' })
export class UpdateIdentityInput extends ProfileInput {
  @Field(() => ID)
  realmId!: string;
  @Field(() => ID)
  identityId!: string;
  @Field(() => Int, { nullable: true })
  ifVersion?: number | null;
  @Field(() => String, { nullable: true })
  username?: string | null;
}

@InputType()
export class IdentityActionInput {
  @Field(() => ID)
  realmId!: string;
  @Field(() => ID)
  identityId!: string;
  @Field(() => Int, { nullable: true })
  ifVersion?: number | null;
}

@ObjectType()
export class IdentityPayload {
  @Field(() => Identity, { nullable: true })
  identity?: Identity | null;
  @Field(() => [UserError])
  errors!: UserError[];
  @Field(() => [UserWarning])
  warnings!: readonly UserWarning[];
}

@ObjectType()
export class DeleteIdentityPayload {
  @Field(() => ID, { nullable: true })
  deletedIdentityId?: string | null;
  @Field(() => [UserError])
  errors!: UserError[];
  @Field(() => [UserWarning])
  warnings!: readonly UserWarning[];
}
