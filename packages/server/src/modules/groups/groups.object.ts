import { Field, ID, Int, ObjectType, registerEnumType } from 'type-graphql';
import { connectionOf } from '../../protocols/graphql/connection.js';
import { DateTimeScalar } from '../../protocols/graphql/scalars.js';
import type { GroupOrder, GroupRow } from './groups.service.js';

export const GroupOrders: { [O in GroupOrder]: O } = {
  CREATED_AT_ASC: 'CREATED_AT_ASC',
  CREATED_AT_DESC: 'CREATED_AT_DESC',
  NAME_ASC: 'NAME_ASC',
  NAME_DESC: 'NAME_DESC',
};
registerEnumType(GroupOrders, { name: 'GroupOrder' });

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
  @Field(() => String, { nullable: true, description: 'What the provisioning client knows it by.' })
  externalId!: string | null;
  @Field(() => ID, {
    nullable: true,
    description: 'The provisioning client that it belongs to; null when people made it.',
  })
  provisionedBy!: string | null;
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
  externalId: row.external_id,
  provisionedBy: row.provisioned_by,
  version: row.version,
  createdAt: row.created_at,
  updatedAt: row.updated_at,
  realmId: row.realm_id,
});

export const GroupConnection = connectionOf(Group, 'Group');
