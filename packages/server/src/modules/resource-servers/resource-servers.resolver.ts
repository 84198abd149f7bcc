import { Args, Ctx, FieldResolver, Resolver, Root } from 'type-graphql';
import { type Connection, ConnectionArgs, toConnection } from '../../protocols/graphql/connection.js';
import type { GraphContext } from '../../protocols/graphql/context.js';
import { Realm } from '../realms/realms.object.js';
import {
  presentResourceServer,
  ResourceServer,
  ResourceServerConnection,
  ResourceServerScope,
} from './resource-servers.object.js';

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
