import { Arg, Args, Ctx, FieldResolver, Mutation, Resolver, Root } from 'type-graphql';
import { type Connection, SearchArgs, toConnection } from '../../protocols/graphql/connection.js';
import type { GraphContext } from '../../protocols/graphql/context.js';
import { payload, toUserErrors } from '../../protocols/graphql/errors.js';
import { Realm } from '../realms/realms.object.js';
import {
  type DeletedIdentity,
  DeletedIdentityConnection,
  presentDeleted,
  presentSkipped,
  RestoreIdentitiesInput,
  RestoreIdentitiesPayload,
  RestoreIdentityInput,
  RestoreIdentityPayload,
  type RestoreIdentityResult,
} from './deletion.object.js';
import type { RestoreResult } from './deletion.service.js';
import { Identity, presentIdentity } from './identities.object.js';

@Resolver(() => Realm)
export class RealmDeletionResolver {
  @FieldResolver(() => DeletedIdentityConnection, {
    description: 'Those who can still be brought back, the last deleted first. Needs identities:read.',
  })
  async deletedIdentities(
    @Root() realm: Realm,
    @Ctx() graph: GraphContext,
    @Args(() => SearchArgs) args: SearchArgs,
  ): Promise<Connection<DeletedIdentity>> {
    const ctx = await graph.enter(realm.id);
    const page = await graph.services.deletion.list(ctx, args.query?.trim() || undefined, args);
    return toConnection(page, presentDeleted);
  }
}

@Resolver(() => Identity)
export class DeletionResolver {
  @Mutation(() => RestoreIdentityPayload, {
    description:
      'Brings a deleted identity back with its passkeys, groups and roles, for 7 days; no session or link comes back. Needs identities:create.',
  })
  async restoreIdentity(
    @Ctx() graph: GraphContext,
    @Arg('input', () => RestoreIdentityInput) input: RestoreIdentityInput,
  ): Promise<RestoreIdentityPayload> {
    const made = await payload(async () => {
      const ctx = await graph.enter(input.realmId);
      const { identity, skipped } = await graph.services.deletion.restore(ctx, input);
      return { identity: presentIdentity(identity), skipped: skipped.map(presentSkipped) };
    });
    return { ...made, skipped: made.skipped ?? [] };
  }

  @Mutation(() => RestoreIdentitiesPayload, { description: 'The same for many. Needs identities:create.' })
  async restoreIdentities(
    @Ctx() graph: GraphContext,
    @Arg('input', () => RestoreIdentitiesInput) input: RestoreIdentitiesInput,
  ): Promise<RestoreIdentitiesPayload> {
    const made = await payload(async () => {
      const ctx = await graph.enter(input.realmId);
      return { results: (await graph.services.deletion.restoreMany(ctx, input)).map(presentResult) };
    });
    return { ...made, results: made.results ?? [] };
  }
}

const presentResult = ({ identityId, identity, skipped, error }: RestoreResult): RestoreIdentityResult => ({
  identityId,
  identity: identity ? presentIdentity(identity) : null,
  skipped: (skipped ?? []).map(presentSkipped),
  error: (error && toUserErrors(error)[0]) ?? null,
});
