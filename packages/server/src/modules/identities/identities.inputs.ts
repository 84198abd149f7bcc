import { ArgsType, Field, ID, InputType, Int, ObjectType, registerEnumType } from 'type-graphql';
import { SearchArgs } from '../../protocols/graphql/connection.js';
import { UserError, UserWarning } from '../../protocols/graphql/errors.js';
import { Identity, IdentityStatus } from './identities.object.js';
import type { IdentityOrder } from './identities.service.js';

const IdentityOrders = {
  CREATED_AT_ASC: 'CREATED_AT_ASC',
  CREATED_AT_DESC: 'CREATED_AT_DESC',
  USERNAME_ASC: 'USERNAME_ASC',
  USERNAME_DESC: 'USERNAME_DESC',
} as const;
registerEnumType(IdentityOrders, { name: 'IdentityOrder' });

@InputType()
class IdentityFilter {
  @Field(() => IdentityStatus, { nullable: true })
  status?: 'ACTIVE' | 'SUSPENDED' | null;
  @Field(() => ID, { nullable: true, description: 'Members of this group only.' })
  groupId?: string | null;
}

@ArgsType()
export class IdentitiesArgs extends SearchArgs {
  @Field(() => IdentityFilter, { nullable: true })
  filter?: IdentityFilter | null;
  @Field(() => IdentityOrders, { nullable: true, description: 'USERNAME_ASC unless said.' })
  orderBy?: IdentityOrder | null;
}

@InputType()
export class CreateIdentityInput {
  @Field(() => ID)
  realmId!: string;
  @Field(() => String)
  username!: string;
  @Field(() => String, { nullable: true })
  displayName?: string | null;
  @Field(() => String, { nullable: true })
  givenName?: string | null;
  @Field(() => String, { nullable: true })
  familyName?: string | null;
  @Field(() => String, { nullable: true })
  email?: string | null;
  @Field(() => String, { nullable: true })
  externalId?: string | null;
}

@InputType({ description: 'A field left out stays; null empties it.' })
export class UpdateIdentityInput {
  @Field(() => ID)
  realmId!: string;
  @Field(() => ID)
  identityId!: string;
  @Field(() => Int, { nullable: true })
  ifVersion?: number | null;
  @Field(() => String, { nullable: true })
  username?: string | null;
  @Field(() => String, { nullable: true })
  displayName?: string | null;
  @Field(() => String, { nullable: true })
  givenName?: string | null;
  @Field(() => String, { nullable: true })
  familyName?: string | null;
  @Field(() => String, { nullable: true })
  email?: string | null;
  @Field(() => String, { nullable: true })
  externalId?: string | null;
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
