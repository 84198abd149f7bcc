import { Arg, Args, Ctx, FieldResolver, ID, Mutation, Resolver, Root } from 'type-graphql';
import { type Connection, SearchArgs, toConnection } from '../../protocols/graphql/connection.js';
import type { GraphContext } from '../../protocols/graphql/context.js';
import { payload } from '../../protocols/graphql/errors.js';
import { Realm } from '../realms/realms.object.js';
import { presentResourceServer, ResourceServer } from '../resource-servers/resource-servers.object.js';
import {
  ApplicationPayload,
  CreateApplicationInput,
  CreateApplicationPayload,
  DeleteApplicationInput,
  DeleteApplicationPayload,
  UpdateApplicationInput,
} from './applications.inputs.js';
import {
  Application,
  ApplicationConnection,
  AuthenticatorKind,
  presentApplication,
} from './applications.object.js';

@Resolver(() => Realm)
export class RealmApplicationsResolver {
  @FieldResolver(() => ApplicationConnection, { description: 'Needs applications:read.' })
  async applications(
    @Root() realm: Realm,
    @Ctx() graph: GraphContext,
    @Args(() => SearchArgs) args: SearchArgs,
  ): Promise<Connection<Application>> {
    const ctx = await graph.enter(realm.id);
    const page = await graph.services.applications.list(ctx, args.query?.trim() || undefined, args);
    return toConnection(page, presentApplication);
  }

  @FieldResolver(() => Application, { nullable: true, description: 'Needs applications:read.' })
  async application(
    @Root() realm: Realm,
    @Ctx() graph: GraphContext,
    @Arg('id', () => ID) id: string,
  ): Promise<Application | null> {
    const row = await graph.services.applications.find(await graph.enter(realm.id), id);
    return row ? presentApplication(row) : null;
  }
}

@Resolver(() => Application)
export class ApplicationsResolver {
  @FieldResolver(() => ResourceServer, { nullable: true, description: 'Needs resource-servers:read.' })
  async resourceServer(
    @Root() application: Application,
    @Ctx() graph: GraphContext,
  ): Promise<ResourceServer | null> {
    const id = application.resourceServerId;
    if (id === null) return null;
    const ctx = await graph.enter(application.realmId);
    const loader = graph.loader(`resource servers ${application.realmId}`, (ids: readonly string[]) =>
      graph.services.resourceServers.findMany(ctx, ids),
    );
    const row = await loader.load(id);
    return row ? presentResourceServer(row) : null;
  }

  @FieldResolver(() => AuthenticatorKind)
  async authenticatorKind(
    @Root() application: Application,
    @Ctx() graph: GraphContext,
  ): Promise<keyof typeof AuthenticatorKind> {
    const loader = graph.loader(`authenticator kinds ${application.realmId}`, (ids: readonly string[]) =>
      graph.services.authenticatorConfigs.kindsOf(application.realmId, ids),
    );
    return loader.load(application.authenticatorConfigId);
  }

  @Mutation(() => CreateApplicationPayload, { description: 'Needs applications:create.' })
  createApplication(
    @Ctx() graph: GraphContext,
    @Arg('input', () => CreateApplicationInput) input: CreateApplicationInput,
  ): Promise<CreateApplicationPayload> {
    return payload(async () => {
      const wanted = {
        ...given(input),
        grantTypes: input.grantTypes.map((grant) => grant.toLowerCase()),
        tokenEndpointAuthMethod: input.tokenEndpointAuthMethod?.toLowerCase(),
      };
      const ctx = await graph.enter(input.realmId);
      const { application, secret } = await graph.services.applications.create(ctx, wanted);
      return { application: presentApplication(application), clientSecret: secret };
    });
  }

  @Mutation(() => ApplicationPayload, { description: 'Needs applications:update.' })
  updateApplication(
    @Ctx() graph: GraphContext,
    @Arg('input', () => UpdateApplicationInput) input: UpdateApplicationInput,
  ): Promise<ApplicationPayload> {
    return payload(async () => {
      const ctx = await graph.enter(input.realmId);
      return { application: presentApplication(await graph.services.applications.change(ctx, given(input))) };
    });
  }

  @Mutation(() => DeleteApplicationPayload, { description: 'Needs applications:delete.' })
  deleteApplication(
    @Ctx() graph: GraphContext,
    @Arg('input', () => DeleteApplicationInput) input: DeleteApplicationInput,
  ): Promise<DeleteApplicationPayload> {
    return payload(async () => ({
      deletedApplicationId: (
        await graph.services.applications.remove(await graph.enter(input.realmId), input)
      ).id,
    }));
  }
}

/** null means the same as left out here: nothing of an application can be emptied to null. */
const given = <T extends object>(input: T) =>
  Object.fromEntries(Object.entries(input).filter(([, value]) => value != null)) as Partial<T>;
