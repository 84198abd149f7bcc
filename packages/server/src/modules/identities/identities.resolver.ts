import { Arg, Args, Ctx, FieldResolver, ID, Int, Mutation, Resolver, Root } from 'type-graphql';
import { invalid } from '../../kernel/errors.js';
import { isId } from '../../kernel/ids.js';
import { type Connection, toConnection } from '../../protocols/graphql/connection.js';
import type { GraphContext } from '../../protocols/graphql/context.js';
import { payload } from '../../protocols/graphql/errors.js';
import { DateTimeScalar } from '../../protocols/graphql/scalars.js';
import { Realm } from '../realms/realms.object.js';
import {
  CreateIdentityInput,
  DeleteIdentityPayload,
  IdentitiesArgs,
  IdentityActionInput,
  IdentityPayload,
  UpdateIdentityInput,
} from './identities.inputs.js';
import { Identity, IdentityConnection, presentIdentity } from './identities.object.js';
import type { Changed, IdentityFilter } from './identities.service.js';
import { NEW_PROFILE, type Profile } from './identities.types.js';
import { changedBy } from './profile.inputs.js';

@Resolver(() => Realm)
export class RealmIdentitiesResolver {
  @FieldResolver(() => IdentityConnection, { description: 'Needs identities:read.' })
  async identities(
    @Root() realm: Realm,
    @Ctx() graph: GraphContext,
    @Args(() => IdentitiesArgs) args: IdentitiesArgs,
  ): Promise<Connection<Identity>> {
    const ctx = await graph.enter(realm.id);
    const filter = filterOf(args);
    const page = await graph.services.identities.list(ctx, filter, args.orderBy ?? undefined, args);
    return toConnection(page, presentIdentity);
  }

  @FieldResolver(() => Int, {
    description: 'How many identities the realm holds; kept, not counted. Needs identities:read.',
  })
  async identityCount(@Root() realm: Realm, @Ctx() graph: GraphContext): Promise<number> {
    return graph.services.identities.count(await graph.enter(realm.id));
  }

  @FieldResolver(() => Identity, { nullable: true, description: 'Needs identities:read.' })
  async identity(
    @Root() realm: Realm,
    @Ctx() graph: GraphContext,
    @Arg('id', () => ID) id: string,
  ): Promise<Identity | null> {
    const row = await graph.services.identities.find(await graph.enter(realm.id), id);
    return row ? presentIdentity(row) : null;
  }
}

@Resolver(() => Identity)
export class IdentitiesResolver {
  @FieldResolver(() => Identity, {
    nullable: true,
    description: 'Whom `managerId` names, if it is an identity of this realm. Needs identities:read.',
  })
  async manager(@Root() identity: Identity, @Ctx() graph: GraphContext): Promise<Identity | null> {
    const { managerId, realmId } = identity;
    if (managerId == null || !isId(managerId)) return null;
    const row = await graph.findIdentity(realmId, managerId);
    return row ? presentIdentity(row) : null;
  }

  @FieldResolver(() => DateTimeScalar, {
    nullable: true,
    description: 'When any of their passkeys was last used. Needs identities:read.',
  })
  async lastSignInAt(@Root() identity: Identity, @Ctx() graph: GraphContext): Promise<Date | null> {
    const ctx = await graph.enter(identity.realmId);
    const loader = graph.loader(`last sign-ins ${identity.realmId}`, (ids: readonly string[]) =>
      graph.services.identities.lastSignIns(ctx, ids),
    );
    return loader.load(identity.id);
  }

  @Mutation(() => IdentityPayload, { description: 'Needs identities:create.' })
  createIdentity(
    @Ctx() graph: GraphContext,
    @Arg('input', () => CreateIdentityInput) input: CreateIdentityInput,
  ): Promise<IdentityPayload> {
    return warned(async () => {
      const { realmId, ...given } = input;
      const wanted = changedBy({ ...NEW_PROFILE, username: given.username }, given);
      const identity = await graph.services.identities.create(await graph.enter(realmId), wanted);
      return { identity: presentIdentity(identity), warnings: [] };
    }, input);
  }

  @Mutation(() => IdentityPayload, { description: 'Needs identities:update.' })
  updateIdentity(
    @Ctx() graph: GraphContext,
    @Arg('input', () => UpdateIdentityInput) input: UpdateIdentityInput,
  ): Promise<IdentityPayload> {
    return warned(async () => {
      const { realmId, identityId, ifVersion, ...given } = input;
      const change = (current: Profile) => changedBy(current, given);
      const ctx = await graph.enter(realmId);
      return shown(await graph.services.identities.change(ctx, { id: identityId, ifVersion, change }));
    }, input);
  }

  @Mutation(() => IdentityPayload, {
    description:
      'Ends sessions, tokens and open binding links in the same transaction. Needs identities:update.',
  })
  suspendIdentity(
    @Ctx() graph: GraphContext,
    @Arg('input', () => IdentityActionInput) input: IdentityActionInput,
  ): Promise<IdentityPayload> {
    return warned(async () =>
      shown(await graph.services.identities.suspend(await graph.enter(input.realmId), input)),
    );
  }

  @Mutation(() => IdentityPayload, { description: 'Needs identities:update.' })
  activateIdentity(
    @Ctx() graph: GraphContext,
    @Arg('input', () => IdentityActionInput) input: IdentityActionInput,
  ): Promise<IdentityPayload> {
    return warned(async () =>
      shown(await graph.services.identities.activate(await graph.enter(input.realmId), input)),
    );
  }

  @Mutation(() => DeleteIdentityPayload, { description: 'Needs identities:delete.' })
  deleteIdentity(
    @Ctx() graph: GraphContext,
    @Arg('input', () => IdentityActionInput) input: IdentityActionInput,
  ): Promise<DeleteIdentityPayload> {
    return warned(async () => {
      const { identity, warnings } = await graph.services.identities.remove(
        await graph.enter(input.realmId),
        input,
      );
      return { deletedIdentityId: identity.id, warnings };
    });
  }
}

const shown = ({ identity, warnings }: Changed) => ({ identity: presentIdentity(identity), warnings });

/** A payload whose warnings are an empty list when it failed; a fault in the one address given is one of `email`. */
async function warned<T extends { warnings: Changed['warnings'] }>(
  run: () => Promise<T>,
  given?: Pick<CreateIdentityInput, 'email' | 'emails'>,
) {
  const made = await payload(run);
  const short = given?.email != null && given.emails == null;
  const errors = made.errors.map((error) =>
    short && error.path?.[0] === 'emails' ? { ...error, path: ['email'] } : error,
  );
  return { ...made, errors, warnings: made.warnings ?? [] };
}

function filterOf({ query, filter }: IdentitiesArgs): IdentityFilter {
  const given = Object.entries(filter ?? {}).filter(([, value]) => value !== null && value !== undefined);
  const wanted: IdentityFilter = { ...Object.fromEntries(given), query: query?.trim() || undefined };
  for (const name of ['groupId', 'notInGroupId', 'provisionedBy'] as const) {
    const id = wanted[name];
    if (id !== undefined && !isId(id)) throw invalid('This is not an id.', 'filter', name);
  }
  return wanted;
}
