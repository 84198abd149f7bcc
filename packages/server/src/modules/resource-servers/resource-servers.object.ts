import { Field, ID, ObjectType } from 'type-graphql';
import { connectionOf } from '../../protocols/graphql/connection.js';
import type { ResourceServerRow } from './resource-servers.service.js';

@ObjectType()
export class ResourceServerScope {
  @Field(() => String)
  name!: string;
  @Field(() => String)
  description!: string;
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
  realmId!: string;
}

export const presentResourceServer = (row: ResourceServerRow): ResourceServer => ({
  id: row.id,
  displayName: row.display_name,
  identifier: row.identifier,
  managed: row.managed !== null,
  realmId: row.realm_id,
});

export const ResourceServerConnection = connectionOf(ResourceServer, 'ResourceServer');
