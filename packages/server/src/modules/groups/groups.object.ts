import { Field, ID, Int, ObjectType } from 'type-graphql';
import { connectionOf } from '../../protocols/graphql/connection.js';
import { DateTimeScalar } from '../../protocols/graphql/scalars.js';
import type { GroupRow } from './groups.service.js';

@ObjectType({ description: 'A set of identities of one realm.' })
export class Group {
  @Field(() => ID)
  id!: string;
  @Field(() => String)
  displayName!: string;
  @Field(() => String, { nullable: true })
  description!: string | null;
  @Field(() => Boolean, { description: "Set by Keyrealm itself; can't be renamed or deleted." })
  managed!: boolean;
  @Field(() => Int)
  version!: number;
  @Field(() => DateTimeScalar)
  createdAt!: Date;
  @Field(() => DateTimeScalar)
  updatedAt!: Date;
  realmId!: string;
}

export const presentGroup = (row: GroupRow): Group => ({
  id: row.id,
  displayName: row.display_name,
  description: row.description,
  managed: row.managed !== null,
  version: row.version,
  createdAt: row.created_at,
  updatedAt: row.updated_at,
  realmId: row.realm_id,
});

export const GroupConnection = connectionOf(Group, 'Group');
