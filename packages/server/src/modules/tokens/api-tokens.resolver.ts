import { Arg, Args, Ctx, FieldResolver, Mutation, Resolver, Root } from 'type-graphql';
import { type Connection, toConnection } from '../../protocols/graphql/connection.js';
import type { GraphContext } from '../../protocols/graphql/context.js';
import { payload } from '../../protocols/graphql/errors.js';
import { Realm } from '../realms/realms.object.js';
import {
  ApiToken,
  ApiTokenArgs,
  ApiTokenConnection,
  ApiTokenPayload,
  CreateApiTokenInput,
  CreateApiTokenPayload,
  presentApiToken,
  RevokeApiTokenInput,
  RevokeApiTokensInput,
  RevokeApiTokensPayload,
} from './api-tokens.object.js';

@Resolver(() => Realm)
export class RealmApiTokensResolver {
  @FieldResolver(() => ApiTokenConnection, {
    description: 'The newest first; only the Admin Realm has any. Needs tokens:read.',
  })
  async apiTokens(
    @Root() realm: Realm,
    @Ctx() graph: GraphContext,
    @Args(() => ApiTokenArgs) args: ApiTokenArgs,
  ): Promise<Connection<ApiToken>> {
    const filter = {
      query: args.query?.trim() || undefined,
      live: args.live ?? undefined,
      createdById: args.createdById ?? undefined,
    };
    const page = await graph.services.apiTokens.list(await graph.enter(realm.id), filter, args);
    return toConnection(page, presentApiToken);
  }
}

@Resolver(() => ApiToken)
export class ApiTokensResolver {
  @Mutation(() => CreateApiTokenPayload, { description: 'Needs tokens:create.' })
  createApiToken(
    @Ctx() graph: GraphContext,
    @Arg('input', () => CreateApiTokenInput) input: CreateApiTokenInput,
  ): Promise<CreateApiTokenPayload> {
    return payload(async () => {
      const { expiresInSeconds, replace, ...wanted } = input;
      const minted = await graph.services.tokens.mint(await graph.enter(input.realmId), {
        ...wanted,
        expiresInSeconds: expiresInSeconds ?? undefined,
        replace: replace ?? undefined,
      });
      return { apiToken: presentApiToken(minted.row), token: minted.token };
    });
  }

  @Mutation(() => ApiTokenPayload, {
    description: 'From now on it opens nothing, anywhere. Needs tokens:revoke.',
  })
  revokeApiToken(
    @Ctx() graph: GraphContext,
    @Arg('input', () => RevokeApiTokenInput) input: RevokeApiTokenInput,
  ): Promise<ApiTokenPayload> {
    return payload(async () => {
      const row = await graph.services.apiTokens.revoke(await graph.enter(input.realmId), input);
      return { apiToken: presentApiToken(row) };
    });
  }

  @Mutation(() => RevokeApiTokensPayload, { description: 'Needs tokens:revoke.' })
  revokeApiTokens(
    @Ctx() graph: GraphContext,
    @Arg('input', () => RevokeApiTokensInput) input: RevokeApiTokensInput,
  ): Promise<RevokeApiTokensPayload> {
    return payload(async () => ({
      revoked: await graph.services.apiTokens.revokeAll(await graph.enter(input.realmId), input),
    }));
  }
}
