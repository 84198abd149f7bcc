import { ArgsType, Field, ID, InputType, Int, ObjectType } from 'type-graphql';
import { SearchArgs } from '../../protocols/graphql/connection.js';
import { UserError, UserWarning } from '../../protocols/graphql/errors.js';
import { HolderKinds, Role } from './roles.object.js';
import type { HolderKind } from './roles.types.js';

@InputType()
class RoleFilterInput {
  @Field(() => ID, { nullable: true })
  resourceServerId?: string | null;
}

@ArgsType()
export class RolesArgs extends SearchArgs {
  @Field(() => RoleFilterInput, { nullable: true })
  filter?: RoleFilterInput | null;
}

@InputType()
export class CreateRoleInput {
  @Field(() => ID)
  realmId!: string;
  @Field(() => ID)
  resourceServerId!: string;
  @Field(() => String)
  displayName!: string;
  @Field(() => String, { nullable: true })
  description?: string | null;
  @Field(() => [String], { description: 'Of that resource server.' })
  scopes!: string[];
}

@InputType({ description: 'A field left out stays; a description of null empties it.' })
export class UpdateRoleInput {
  @Field(() => ID)
  realmId!: string;
  @Field(() => ID)
  roleId!: string;
  @Field(() => Int, { nullable: true })
  ifVersion?: number | null;
  @Field(() => String, { nullable: true })
  displayName?: string | null;
  @Field(() => String, { nullable: true })
  description?: string | null;
  @Field(() => [String], { nullable: true, description: 'All that it gives from now on.' })
  scopes?: string[] | null;
}

@InputType()
export class DeleteRoleInput {
  @Field(() => ID)
  realmId!: string;
  @Field(() => ID)
  roleId!: string;
  @Field(() => Int, { nullable: true })
  ifVersion?: number | null;
  @Field(() => Boolean, { nullable: true, description: 'Also from everybody who holds it.' })
  cascade?: boolean | null;
}

@InputType()
export class UnassignRoleInput {
  @Field(() => ID)
  realmId!: string;
  @Field(() => ID)
  roleId!: string;
  @Field(() => [ID], { nullable: true, description: 'With groupIds at most 1,000.' })
  identityIds?: string[] | null;
  @Field(() => [ID], { nullable: true })
  groupIds?: string[] | null;
}

@InputType()
export class AssignRoleInput extends UnassignRoleInput {
  @Field(() => [ID], {
    nullable: true,
    description:
      'Roles of the Management API: the realms that it reaches; left out it reaches the whole tenant.',
  })
  reachesRealmIds?: string[] | null;
}

@ObjectType()
export class RolePayload {
  @Field(() => Role, { nullable: true })
  role?: Role | null;
  @Field(() => [UserWarning])
  warnings!: readonly UserWarning[];
  @Field(() => [UserError])
  errors!: UserError[];
}

@ObjectType()
export class DeleteRolePayload {
  @Field(() => ID, { nullable: true })
  deletedRoleId?: string | null;
  @Field(() => [UserWarning])
  warnings!: readonly UserWarning[];
  @Field(() => [UserError])
  errors!: UserError[];
}

@ObjectType()
class RoleHolderResult {
  @Field(() => HolderKinds)
  kind!: HolderKind;
  @Field(() => ID)
  id!: string;
  @Field(() => Boolean, { description: 'Whether it was another way before.' })
  changed!: boolean;
  @Field(() => UserError, { nullable: true })
  error!: UserError | null;
}

@ObjectType()
export class RoleHoldersPayload {
  @Field(() => Role, { nullable: true })
  role?: Role | null;
  @Field(() => [RoleHolderResult], { description: 'One for each id, identities first.' })
  results!: readonly RoleHolderResult[];
  @Field(() => [UserWarning])
  warnings!: readonly UserWarning[];
  @Field(() => [UserError])
  errors!: UserError[];
}
