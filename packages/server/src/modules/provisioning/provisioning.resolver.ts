import { Arg, Args, Ctx, FieldResolver, ID, Int, Mutation, Resolver, Root } from 'type-graphql';
import { invalid } from '../../kernel/errors.js';
import { isId } from '../../kernel/ids.js';
import { type Connection, ConnectionArgs, toConnection } from '../../protocols/graphql/connection.js';
import type { GraphContext } from '../../protocols/graphql/context.js';
import { payload } from '../../protocols/graphql/errors.js';
import { Realm } from '../realms/realms.object.js';
import {
  ProvisioningBrakeInput,
  ProvisioningClientPayload,
  type ProvisioningRequestFilter,
  ProvisioningRequestsArgs,
  UpdateProvisioningClientInput,
} from './provisioning.inputs.js';
import {
  ProvisioningBrake,
  ProvisioningClient,
  ProvisioningClientConnection,
  ProvisioningRequestConnection,
  ProvisioningRequestObject,
  presentClient,
  presentRequest,
  ScimServer,
} from './provisioning.object.js';
import type { RequestFilter } from './provisioning.types.js';

@Resolver(() => Realm)
export class RealmScimResolver {
  @FieldResolver(() => ScimServer)
  scim(@Root() realm: Realm, @Ctx() graph: GraphContext): ScimServer {
    return { endpoint: `${graph.services.realms.issuer(realm.id)}/scim/v2`, realmId: realm.id };
  }
}

@Resolver(() => ScimServer)
export class ScimServerResolver {
  @FieldResolver(() => ProvisioningClientConnection, { description: 'Oldest first. Needs realms:read.' })
  async clients(
    @Root() server: ScimServer,
    @Ctx() graph: GraphContext,
    @Args(() => ConnectionArgs) args: ConnectionArgs,
  ): Promise<Connection<ProvisioningClient>> {
    const ctx = await graph.enter(server.realmId);
    return toConnection(await graph.services.provisioning.list(ctx, args), presentClient);
  }

  @FieldResolver(() => ProvisioningClient, { nullable: true, description: 'Needs realms:read.' })
  async client(
    @Root() server: ScimServer,
    @Ctx() graph: GraphContext,
    @Arg('id', () => ID) id: string,
  ): Promise<ProvisioningClient | null> {
    const row = await graph.services.provisioning.find(await graph.enter(server.realmId), id);
    return row ? presentClient(row) : null;
  }

  @FieldResolver(() => ProvisioningRequestConnection, { description: 'Newest first. Needs events:read.' })
  async requests(
    @Root() server: ScimServer,
    @Ctx() graph: GraphContext,
    @Args(() => ProvisioningRequestsArgs) args: ProvisioningRequestsArgs,
  ): Promise<Connection<ProvisioningRequestObject>> {
    const ctx = await graph.enter(server.realmId);
    const page = await graph.services.provisioning.requests(ctx, filterOf(args.filter), args);
    return toConnection(page, presentRequest);
  }
}

@Resolver(() => ProvisioningRequestObject)
export class ProvisioningRequestResolver {
  @FieldResolver(() => ProvisioningClient, { nullable: true, description: 'Needs realms:read.' })
  async client(
    @Root() request: ProvisioningRequestObject,
    @Ctx() graph: GraphContext,
  ): Promise<ProvisioningClient | null> {
    if (request.clientId === null) return null;
    const ctx = await graph.enter(request.realmId);
    const loader = graph.loader(`provisioning clients ${request.realmId}`, (ids: readonly string[]) =>
      graph.services.provisioning.findMany(ctx, ids),
    );
    const row = await loader.load(request.clientId);
    return row ? presentClient(row) : null;
  }
}

@Resolver(() => ProvisioningBrake)
export class ProvisioningBrakeResolver {
  @FieldResolver(() => Int, {
    description: 'Deactivations and deletions that count at this moment. Needs realms:read.',
  })
  async counted(@Root() { client }: ProvisioningBrake, @Ctx() graph: GraphContext): Promise<number> {
    return graph.services.provisioning.deprovisionings(await graph.enter(client.realm_id), client);
  }
}

@Resolver(() => ProvisioningClient)
export class ProvisioningClientsResolver {
  @FieldResolver(() => Int, { description: 'Identities that belong to it. Needs realms:read.' })
  identityCount(@Root() client: ProvisioningClient, @Ctx() graph: GraphContext): Promise<number> {
    return owned(graph, client, 'ownedIdentities');
  }

  @FieldResolver(() => Int, { description: 'Groups that belong to it. Needs realms:read.' })
  groupCount(@Root() client: ProvisioningClient, @Ctx() graph: GraphContext): Promise<number> {
    return owned(graph, client, 'ownedGroups');
  }

  @Mutation(() => ProvisioningClientPayload, { description: 'Needs realms:update.' })
  updateProvisioningClient(
    @Ctx() graph: GraphContext,
    @Arg('input', () => UpdateProvisioningClientInput) input: UpdateProvisioningClientInput,
  ): Promise<ProvisioningClientPayload> {
    return payload(async () => {
      const wanted = {
        ...input,
        adoptsUnowned: input.adoptsUnowned ?? undefined,
        dryRun: input.dryRun ?? undefined,
      };
      const ctx = await graph.enter(input.realmId);
      return { client: presentClient(await graph.services.provisioning.updateClient(ctx, wanted)) };
    });
  }

  @Mutation(() => ProvisioningClientPayload, {
    description:
      'Lets a paused or rejected client go on; nothing is counted for one window. Also ahead of a planned off-boarding. Needs realms:update.',
  })
  releaseProvisioningBrake(
    @Ctx() graph: GraphContext,
    @Arg('input', () => ProvisioningBrakeInput) input: ProvisioningBrakeInput,
  ): Promise<ProvisioningClientPayload> {
    return payload(async () => {
      const ctx = await graph.enter(input.realmId);
      return { client: presentClient(await graph.services.provisioning.release(ctx, { ...input })) };
    });
  }

  @Mutation(() => ProvisioningClientPayload, {
    description:
      'Decides against the deactivations and deletions of a paused client: they are refused until it is released. Needs realms:update.',
  })
  rejectProvisioningBrake(
    @Ctx() graph: GraphContext,
    @Arg('input', () => ProvisioningBrakeInput) input: ProvisioningBrakeInput,
  ): Promise<ProvisioningClientPayload> {
    return payload(async () => {
      const ctx = await graph.enter(input.realmId);
      return { client: presentClient(await graph.services.provisioning.reject(ctx, { ...input })) };
    });
  }
}

/** For all clients of a page in one statement. */
async function owned(
  graph: GraphContext,
  client: ProvisioningClient,
  count: 'ownedIdentities' | 'ownedGroups',
): Promise<number> {
  const ctx = await graph.enter(client.realmId);
  const loader = graph.loader(`provisioning ${count} ${client.realmId}`, (ids: readonly string[]) =>
    graph.services.provisioning[count](ctx, ids),
  );
  return loader.load(client.id);
}

function filterOf(input: ProvisioningRequestFilter | null | undefined): RequestFilter {
  if (input?.clientId && !isId(input.clientId)) throw invalid('This is not an id.', 'filter', 'clientId');
  return {
    clientId: input?.clientId ?? undefined,
    method: input?.method?.toUpperCase() ?? undefined,
    statusClass: input?.statusClass ?? undefined,
    effectOnly: input?.effectOnly ?? undefined,
    since: input?.since ?? undefined,
    until: input?.until ?? undefined,
  };
}
