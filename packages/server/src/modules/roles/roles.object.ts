import { Field, ID, Int, ObjectType, registerEnumType } from 'type-graphql';
import { connectionOf } from '../../protocols/graphql/connection.js';
import { DateTimeScalar } from '../../protocols/graphql/scalars.js';
import type { AssignmentRow } from './role-assignments.service.js';
import type { RoleRow } from './roles.service.js';
import type { HolderKind } from './roles.types.js';

export const HolderKinds: { [K in HolderKind]: K } = { IDENTITY: 'IDENTITY', GROUP: 'GROUP' };
registerEnumType(HolderKinds, { name: 'RoleHolderKind' });

@ObjectType({ description: 'A named set of scopes of one resource server.' })
export class Role {
  @Field(() => ID)
  id!: string;
  @Field(() => String)
  displayName!: string;
  @Field(() => String, { nullable: true })
  description!: string | null;
  @Field(() => Boolean, {
    description: 'Of Keyrealm itself: it can be given and taken, and stays what it is.',
  })
  managed!: boolean;
  @Field(() => Int)
  version!: number;
  @Field(() => DateTimeScalar)
  createdAt!: Date;
  @Field(() => DateTimeScalar)
  updatedAt!: Date;
  realmId!: string;
  serverId!: string;
}

@ObjectType({ description: 'That an identity or a group holds a role.' })
export class RoleAssignment {
  @Field(() => ID)
  id!: string;
  @Field(() => HolderKinds)
  holderKind!: HolderKind;
  @Field(() => ID)
  holderId!: string;
  @Field(() => [ID], {
    nullable: true,
    description: 'Of roles of the Management API: the realms that it reaches; null is the whole tenant.',
  })
  reachesRealmIds!: readonly string[] | null;
  @Field(() => DateTimeScalar)
  createdAt!: Date;
  realmId!: string;
  roleId!: string;
  row!: AssignmentRow;
}

@ObjectType({ description: 'One way in which an identity came to a scope.' })
class ScopePath {
  @Field(() => ID)
  roleId!: string;
  @Field(() => String)
  roleName!: string;
  @Field(() => ID, {
    nullable: true,
    description: 'The group that has the role; null where it was given directly.',
  })
  groupId!: string | null;
  @Field(() => String, { nullable: true })
  groupName!: string | null;
  @Field(() => [ID], { nullable: true })
  reachesRealmIds!: readonly string[] | null;
}

@ObjectType({ description: 'A scope that an identity holds at this moment.' })
export class EffectiveScope {
  @Field(() => String)
  scope!: string;
  @Field(() => [ID], { nullable: true, description: 'The realms that it reaches; null is the whole tenant.' })
  reachesRealmIds!: readonly string[] | null;
  @Field(() => [ScopePath])
  through!: readonly ScopePath[];
}

export const presentRole = (row: RoleRow): Role => ({
  id: row.id,
  displayName: row.display_name,
  description: row.description,
  managed: row.managed !== null,
  version: row.version,
  createdAt: row.created_at,
  updatedAt: row.updated_at,
  realmId: row.realm_id,
  serverId: row.resource_server_id,
});

export const presentAssignment = (row: AssignmentRow): RoleAssignment => ({
  id: row.id,
  holderKind: row.group_id === null ? 'IDENTITY' : 'GROUP',
  holderId: row.group_id ?? row.identity_id ?? '',
  reachesRealmIds: row.reaches_realm_ids,
  createdAt: row.created_at,
  realmId: row.realm_id,
  roleId: row.role_id,
  row,
});

export const RoleConnection = connectionOf(Role, 'Role');
export const RoleAssignmentConnection = connectionOf(RoleAssignment, 'RoleAssignment');
