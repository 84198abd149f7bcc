import { Field, ID, Int, ObjectType } from 'type-graphql';
import { connectionOf } from '../../protocols/graphql/connection.js';
import { DateTimeScalar } from '../../protocols/graphql/scalars.js';
import type { ResourceServerRow } from './resource-servers.service.js';
import type { Use } from './resource-servers.types.js';

@ObjectType()
export class ResourceServerScope {
  @Field(() => String)
  name!: string;
  @Field(() => String)
  description!: string;
  @Field(() => String, {
    nullable: true,
    description: 'Of the Management API: why whoever gets it can come to hold more than it says.',
  })
  sensitive!: string | null;
}

@ObjectType({ description: 'An API that tokens are for.' })
export class ResourceServer {
  @Field(() => ID)
  id!: string;
  @Field(() => String)
  displayName!: string;
  @Field(() => String, { description: 'Becomes aud of access tokens.' })
  identifier!: string;
  @Field(() => Boolean)
  managed!: boolean;
  @Field(() => Int)
  version!: number;
  @Field(() => DateTimeScalar)
  createdAt!: Date;
  @Field(() => DateTimeScalar)
  updatedAt!: Date;
  realmId!: string;
}

@ObjectType()
class ResourceServerUse {
  @Field(() => ID)
  id!: string;
  @Field(() => String)
  displayName!: string;
}

@ObjectType({ description: 'Who would lose something if it went.' })
export class ResourceServerUsage {
  @Field(() => [ResourceServerUse])
  roles!: readonly Use[];
  @Field(() => [ResourceServerUse])
  applications!: readonly Use[];
}

export const presentResourceServer = (row: ResourceServerRow): ResourceServer => ({
  id: row.id,
  displayName: row.display_name,
  identifier: row.identifier,
  managed: row.managed !== null,
  version: row.version,
  createdAt: row.created_at,
  updatedAt: row.updated_at,
  realmId: row.realm_id,
});

export const ResourceServerConnection = connectionOf(ResourceServer, 'ResourceServer');
