import { Arg, Args, Ctx, FieldResolver, ID, Mutation, Resolver, Root } from 'type-graphql';
import { type Connection, toConnection } from '../../protocols/graphql/connection.js';
import type { GraphContext } from '../../protocols/graphql/context.js';
import { payload } from '../../protocols/graphql/errors.js';
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
import type { Changed } from './identities.service.js';
import { type Profile, withEmail } from './identities.types.js';

@Resolver(() => Realm)
export class RealmIdentitiesResolver {
  @FieldResolver(() => IdentityConnection, { description: 'Needs identities:read.' })
  async identities(
    @Root() realm: Realm,
    @Ctx() graph: GraphContext,
    @Args(() => IdentitiesArgs) args: IdentitiesArgs,
  ): Promise<Connection<Identity>> {
    const ctx = await graph.enter(realm.id);
    const filter = {
      query: args.query?.trim() || undefined,
      status: args.filter?.status ?? undefined,
      groupId: args.filter?.groupId ?? undefined,
    };
    const page = await graph.services.identities.list(ctx, filter, args.orderBy ?? undefined, args);
    return toConnection(page, presentIdentity);
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
  @Mutation(() => IdentityPayload, { description: 'Needs identities:create.' })
  createIdentity(
    @Ctx() graph: GraphContext,
    @Arg('input', () => CreateIdentityInput) input: CreateIdentityInput,
  ): Promise<IdentityPayload> {
    return warned(async () => {
      const { realmId, email, ...given } = input;
      const wanted = { ...given, ...(email == null ? {} : { emails: withEmail([], email) }) };
      const identity = await graph.services.identities.create(await graph.enter(realmId), wanted);
      return { identity: presentIdentity(identity), warnings: [] };
    });
  }

  @Mutation(() => IdentityPayload, { description: 'Needs identities:update.' })
  updateIdentity(
    @Ctx() graph: GraphContext,
    @Arg('input', () => UpdateIdentityInput) input: UpdateIdentityInput,
  ): Promise<IdentityPayload> {
    return warned(async () => {
      const { realmId, identityId, ifVersion, email, ...fields } = input;
      const given = Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));
      const change = (current: Profile) => ({
        ...current,
        ...given,
        ...(email === undefined ? {} : { emails: withEmail(current.emails, email) }),
      });
      const ctx = await graph.enter(realmId);
      return shown(await graph.services.identities.change(ctx, { id: identityId, ifVersion, change }));
    });
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

/** A payload whose warnings are an empty list when it failed; a fault in an address is one of the field `email`. */
async function warned<T extends { warnings: Changed['warnings'] }>(run: () => Promise<T>) {
  const made = await payload(run);
  const errors = made.errors.map((error) =>
    error.path?.[0] === 'emails' ? { ...error, path: ['email'] } : error,
  );
  return { ...made, errors, warnings: made.warnings ?? [] };
}
