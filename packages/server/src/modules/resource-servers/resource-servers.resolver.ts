import { Args, Ctx, Field, FieldResolver, ID, ObjectType, Resolver, Root } from 'type-graphql';
import {
  type Connection,
  ConnectionArgs,
  connectionOf,
  toConnection,
} from '../../protocols/graphql/connection.js';
import type { GraphContext } from '../../protocols/graphql/context.js';
import { Realm } from '../realms/realms.object.js';
import type { ResourceServerRow } from './resource-servers.service.js';

@ObjectType()
class ResourceServerScope {
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

const ResourceServerConnection = connectionOf(ResourceServer, 'ResourceServer');

@Resolver(() => Realm)
export class RealmResourceServersResolver {
  @FieldResolver(() => ResourceServerConnection, { description: 'Needs resource-servers:read.' })
  async resourceServers(
    @Root() realm: Realm,
    @Ctx() graph: GraphContext,
    @Args(() => ConnectionArgs) args: ConnectionArgs,
  ): Promise<Connection<ResourceServer>> {
    const page = await graph.services.resourceServers.list(await graph.enter(realm.id), args);
    return toConnection(page, presentResourceServer);
  }
}

@Resolver(() => ResourceServer)
export class ResourceServersResolver {
  @FieldResolver(() => [ResourceServerScope])
  async scopes(@Root() server: ResourceServer, @Ctx() graph: GraphContext): Promise<ResourceServerScope[]> {
    const ctx = await graph.enter(server.realmId);
    const loader = graph.loader(`scopes ${server.realmId}`, (ids: readonly string[]) =>
      graph.services.resourceServers.scopesFor(ctx, ids),
    );
    return [...(await loader.load(server.id))];
  }
}
