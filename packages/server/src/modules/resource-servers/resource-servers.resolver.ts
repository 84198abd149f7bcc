import { Arg, Args, Ctx, FieldResolver, ID, Mutation, Resolver, Root } from 'type-graphql';
import { isScope, SENSITIVE_SCOPES } from '../../kernel/permissions.js';
import { type Connection, SearchArgs, toConnection } from '../../protocols/graphql/connection.js';
import type { GraphContext } from '../../protocols/graphql/context.js';
import { payload } from '../../protocols/graphql/errors.js';
import { Realm } from '../realms/realms.object.js';
import {
  AddResourceServerScopesInput,
  CreateResourceServerInput,
  DeleteResourceServerInput,
  DeleteResourceServerPayload,
  DescribeResourceServerScopeInput,
  RemoveResourceServerScopesInput,
  ResourceServerPayload,
  type ResourceServerScopeInput,
  UpdateResourceServerInput,
} from './resource-servers.inputs.js';
import {
  presentResourceServer,
  ResourceServer,
  ResourceServerConnection,
  ResourceServerScope,
  ResourceServerUsage,
} from './resource-servers.object.js';
import type { ResourceServerRow } from './resource-servers.service.js';

@Resolver(() => Realm)
export class RealmResourceServersResolver {
  @FieldResolver(() => ResourceServerConnection, {
    description: 'Oldest first. Needs resource-servers:read.',
  })
  async resourceServers(
    @Root() realm: Realm,
    @Ctx() graph: GraphContext,
    @Args(() => SearchArgs) args: SearchArgs,
  ): Promise<Connection<ResourceServer>> {
    const page = await graph.services.resourceServers.list(await graph.enter(realm.id), args.query, args);
    return toConnection(page, presentResourceServer);
  }

  @FieldResolver(() => ResourceServer, { nullable: true, description: 'Needs resource-servers:read.' })
  async resourceServer(
    @Root() realm: Realm,
    @Ctx() graph: GraphContext,
    @Arg('id', () => ID) id: string,
  ): Promise<ResourceServer | null> {
    const row = await graph.services.resourceServers.find(await graph.enter(realm.id), id);
    return row ? presentResourceServer(row) : null;
  }
}

@Resolver(() => ResourceServer)
export class ResourceServersResolver {
  @FieldResolver(() => [ResourceServerScope], { description: 'By name.' })
  async scopes(@Root() server: ResourceServer, @Ctx() graph: GraphContext): Promise<ResourceServerScope[]> {
    const ctx = await graph.enter(server.realmId);
    const loader = graph.loader(`scopes ${server.realmId}`, (ids: readonly string[]) =>
      graph.services.resourceServers.scopesFor(ctx, ids),
    );
    return (await loader.load(server.id)).map((scope) => ({
      ...scope,
      sensitive: (server.managed && isScope(scope.name) && SENSITIVE_SCOPES[scope.name]) || null,
    }));
  }

  @FieldResolver(() => ResourceServerUsage, {
    description:
      'Who uses it, or one of the named scopes. Needs resource-servers:read, roles:read and applications:read.',
  })
  async usage(
    @Root() server: ResourceServer,
    @Ctx() graph: GraphContext,
    @Arg('scopes', () => [String], { nullable: true }) scopes: string[] | null,
  ): Promise<ResourceServerUsage> {
    const ctx = await graph.enter(server.realmId);
    return graph.services.resourceServers.usageOf(ctx, server.id, scopes ?? undefined);
  }

  @Mutation(() => ResourceServerPayload, { description: 'Needs resource-servers:create.' })
  createResourceServer(
    @Ctx() graph: GraphContext,
    @Arg('input', () => CreateResourceServerInput) { realmId, scopes, ...input }: CreateResourceServerInput,
  ): Promise<ResourceServerPayload> {
    return shown(async () =>
      graph.services.resourceServers.create(await graph.enter(realmId), {
        ...input,
        scopes: scopes ? described(scopes) : undefined,
      }),
    );
  }

  @Mutation(() => ResourceServerPayload, { description: 'Needs resource-servers:update.' })
  updateResourceServer(
    @Ctx() graph: GraphContext,
    @Arg('input', () => UpdateResourceServerInput) { realmId, ...input }: UpdateResourceServerInput,
  ): Promise<ResourceServerPayload> {
    return shown(async () =>
      graph.services.resourceServers.update(await graph.enter(realmId), {
        ...input,
        displayName: input.displayName ?? undefined,
        identifier: input.identifier ?? undefined,
      }),
    );
  }

  @Mutation(() => ResourceServerPayload, {
    description: 'Scopes that are there already stay as they are. Needs resource-servers:update.',
  })
  addResourceServerScopes(
    @Ctx() graph: GraphContext,
    @Arg('input', () => AddResourceServerScopesInput) { realmId, ...input }: AddResourceServerScopesInput,
  ): Promise<ResourceServerPayload> {
    return shown(async () =>
      graph.services.resourceServers.addScopes(await graph.enter(realmId), {
        ...input,
        scopes: described(input.scopes),
      }),
    );
  }

  @Mutation(() => ResourceServerPayload, { description: 'Needs resource-servers:update.' })
  describeResourceServerScope(
    @Ctx() graph: GraphContext,
    @Arg('input', () => DescribeResourceServerScopeInput)
    { realmId, ...input }: DescribeResourceServerScopeInput,
  ): Promise<ResourceServerPayload> {
    return shown(async () => graph.services.resourceServers.describeScope(await graph.enter(realmId), input));
  }

  @Mutation(() => ResourceServerPayload, {
    description:
      'Refused with IN_USE, naming who has them, unless cascade is set. Needs resource-servers:update.',
  })
  removeResourceServerScopes(
    @Ctx() graph: GraphContext,
    @Arg('input', () => RemoveResourceServerScopesInput)
    { realmId, ...input }: RemoveResourceServerScopesInput,
  ): Promise<ResourceServerPayload> {
    return shown(async () => graph.services.resourceServers.removeScopes(await graph.enter(realmId), input));
  }

  @Mutation(() => DeleteResourceServerPayload, {
    description:
      'Refused with IN_USE, naming who uses it, unless cascade is set. Needs resource-servers:delete.',
  })
  deleteResourceServer(
    @Ctx() graph: GraphContext,
    @Arg('input', () => DeleteResourceServerInput) { realmId, ...input }: DeleteResourceServerInput,
  ): Promise<DeleteResourceServerPayload> {
    return payload(async () => ({
      deletedResourceServerId: (
        await graph.services.resourceServers.remove(await graph.enter(realmId), input)
      ).id,
    }));
  }
}

const described = (scopes: readonly ResourceServerScopeInput[]) =>
  scopes.map(({ name, description }) => ({ name, description: description ?? '' }));

const shown = (run: () => Promise<ResourceServerRow>): Promise<ResourceServerPayload> =>
  payload(async () => ({ resourceServer: presentResourceServer(await run()) }));
