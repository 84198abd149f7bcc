import { Arg, Args, Ctx, FieldResolver, ID, Mutation, Resolver, Root } from 'type-graphql';
import { type Connection, SearchArgs, toConnection } from '../../protocols/graphql/connection.js';
import type { GraphContext } from '../../protocols/graphql/context.js';
import { payload } from '../../protocols/graphql/errors.js';
import { Application } from '../applications/applications.object.js';
import { Realm } from '../realms/realms.object.js';
import {
  AuthenticatorConfigPayload,
  CreateAuthenticatorConfigInput,
  DeleteAuthenticatorConfigInput,
  DeleteAuthenticatorConfigPayload,
  given,
  UpdateAuthenticatorConfigInput,
} from './authenticator-configs.inputs.js';
import {
  AuthenticatorConfig,
  AuthenticatorConfigConnection,
  presentConfig,
} from './authenticator-configs.object.js';

@Resolver(() => Realm)
export class RealmAuthenticatorConfigsResolver {
  @FieldResolver(() => AuthenticatorConfigConnection, { description: 'Needs authenticator-configs:read.' })
  async authenticatorConfigs(
    @Root() realm: Realm,
    @Ctx() graph: GraphContext,
    @Args(() => SearchArgs) args: SearchArgs,
  ): Promise<Connection<AuthenticatorConfig>> {
    const ctx = await graph.enter(realm.id);
    const page = await graph.services.configAdministration.list(ctx, args.query?.trim() || undefined, args);
    return toConnection(page, presentConfig);
  }

  @FieldResolver(() => AuthenticatorConfig, {
    nullable: true,
    description: 'Needs authenticator-configs:read.',
  })
  async authenticatorConfig(
    @Root() realm: Realm,
    @Ctx() graph: GraphContext,
    @Arg('id', () => ID) id: string,
  ): Promise<AuthenticatorConfig | null> {
    const row = await graph.services.configAdministration.find(await graph.enter(realm.id), id);
    return row ? presentConfig(row) : null;
  }
}

@Resolver(() => Application)
export class ApplicationAuthenticatorConfigResolver {
  @FieldResolver(() => AuthenticatorConfig, {
    nullable: true,
    description: 'Needs authenticator-configs:read.',
  })
  async authenticatorConfig(
    @Root() application: Application,
    @Ctx() graph: GraphContext,
  ): Promise<AuthenticatorConfig | null> {
    const ctx = await graph.enter(application.realmId);
    const loader = graph.loader(`authenticator configs ${application.realmId}`, (ids: readonly string[]) =>
      graph.services.configAdministration.findMany(ctx, ids),
    );
    const row = await loader.load(application.authenticatorConfigId);
    return row ? presentConfig(row) : null;
  }
}

@Resolver(() => AuthenticatorConfig)
export class AuthenticatorConfigsResolver {
  @Mutation(() => AuthenticatorConfigPayload, { description: 'Needs authenticator-configs:create.' })
  createAuthenticatorConfig(
    @Ctx() graph: GraphContext,
    @Arg('input', () => CreateAuthenticatorConfigInput) input: CreateAuthenticatorConfigInput,
  ): Promise<AuthenticatorConfigPayload> {
    return answer(async () => {
      const ctx = await graph.enter(input.realmId);
      const row = await graph.services.configAdministration.create(ctx, given(input));
      return { authenticatorConfig: presentConfig(row), warnings: [] };
    });
  }

  @Mutation(() => AuthenticatorConfigPayload, {
    description:
      'In the Admin Realm refused with ADMIN_LOCKOUT where nobody could sign in to the console any more. Needs authenticator-configs:update.',
  })
  updateAuthenticatorConfig(
    @Ctx() graph: GraphContext,
    @Arg('input', () => UpdateAuthenticatorConfigInput) input: UpdateAuthenticatorConfigInput,
  ): Promise<AuthenticatorConfigPayload> {
    return answer(async () => {
      const ctx = await graph.enter(input.realmId);
      const { config, warnings } = await graph.services.configAdministration.change(ctx, given(input));
      return { authenticatorConfig: presentConfig(config), warnings };
    });
  }

  @Mutation(() => DeleteAuthenticatorConfigPayload, {
    description:
      'Refused with IN_USE, naming what uses it, while an application, the policy or an open binding link does. Needs authenticator-configs:delete.',
  })
  deleteAuthenticatorConfig(
    @Ctx() graph: GraphContext,
    @Arg('input', () => DeleteAuthenticatorConfigInput) input: DeleteAuthenticatorConfigInput,
  ): Promise<DeleteAuthenticatorConfigPayload> {
    return payload(async () => ({
      deletedAuthenticatorConfigId: (
        await graph.services.configAdministration.remove(await graph.enter(input.realmId), input)
      ).id,
    }));
  }
}

async function answer(
  run: () => Promise<Omit<AuthenticatorConfigPayload, 'errors'>>,
): Promise<AuthenticatorConfigPayload> {
  const made = await payload(run);
  return { ...made, warnings: made.warnings ?? [] };
}
