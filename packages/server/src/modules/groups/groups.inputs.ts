import { ArgsType, Field, ID, InputType, Int, ObjectType } from 'type-graphql';
import { SearchArgs } from '../../protocols/graphql/connection.js';
import { UserError, UserWarning } from '../../protocols/graphql/errors.js';
import { Group, GroupOrders } from './groups.object.js';
import type { GroupOrder } from './groups.service.js';

@InputType()
class GroupFilter {
  @Field(() => Boolean, { nullable: true, description: 'Those of Keyrealm itself, or those of people.' })
  managed?: boolean | null;
}

@ArgsType()
export class GroupsArgs extends SearchArgs {
  @Field(() => GroupFilter, { nullable: true })
  filter?: GroupFilter | null;
  @Field(() => GroupOrders, { nullable: true, description: 'NAME_ASC unless said.' })
  orderBy?: GroupOrder | null;
}

@InputType()
export class CreateGroupInput {
  @Field(() => ID)
  realmId!: string;
  @Field(() => String)
  displayName!: string;
  @Field(() => String, { nullable: true })
  description?: string | null;
}

@InputType({ description: 'A field left out stays; null empties it.' })
export class UpdateGroupInput {
  @Field(() => ID)
  realmId!: string;
  @Field(() => ID)
  groupId!: string;
  @Field(() => Int, { nullable: true })
  ifVersion?: number | null;
  @Field(() => String, { nullable: true })
  displayName?: string | null;
  @Field(() => String, { nullable: true })
  description?: string | null;
}

@InputType()
export class DeleteGroupInput {
  @Field(() => ID)
  realmId!: string;
  @Field(() => ID)
  groupId!: string;
  @Field(() => Int, { nullable: true })
  ifVersion?: number | null;
}

@InputType()
export class GroupMembersInput {
  @Field(() => ID)
  realmId!: string;
  @Field(() => ID)
  groupId!: string;
  @Field(() => [ID], { description: 'Up to 1,000.' })
  identityIds!: string[];
}

@ObjectType()
export class GroupPayload {
  @Field(() => Group, { nullable: true })
  group?: Group | null;
  @Field(() => [UserError])
  errors!: UserError[];
}

@ObjectType()
export class DeleteGroupPayload {
  @Field(() => ID, { nullable: true })
  deletedGroupId?: string | null;
  @Field(() => [UserError])
  errors!: UserError[];
}

@ObjectType()
export class GroupMemberResult {
  @Field(() => ID)
  identityId!: string;
  @Field(() => Boolean)
  changed!: boolean;
  @Field(() => UserError, { nullable: true })
  error!: UserError | null;
}

@ObjectType({
  description: 'One answer per id, in the order asked; changed is false when there was nothing to do.',
})
export class GroupMembersPayload {
  @Field(() => Group, { nullable: true })
  group?: Group | null;
  @Field(() => [GroupMemberResult])
  results!: GroupMemberResult[];
  @Field(() => [UserError])
  errors!: UserError[];
  @Field(() => [UserWarning])
  warnings!: readonly UserWarning[];
}
