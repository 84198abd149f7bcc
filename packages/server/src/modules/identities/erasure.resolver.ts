import { Arg, Args, Ctx, FieldResolver, ID, Mutation, Resolver, Root } from 'type-graphql';
import { type Connection, ConnectionArgs, toConnection } from '../../protocols/graphql/connection.js';
import type { GraphContext } from '../../protocols/graphql/context.js';
import { payload } from '../../protocols/graphql/errors.js';
import { Realm } from '../realms/realms.object.js';
import {
  EraseIdentityInput,
  EraseIdentityPayload,
  Erasure,
  ErasureConnection,
  presentErasure,
} from './erasure.object.js';

@Resolver(() => Realm)
export class RealmErasureResolver {
  @FieldResolver(() => ErasureConnection, { description: 'The last first. Needs identities:erase.' })
  async erasures(
    @Root() realm: Realm,
    @Ctx() graph: GraphContext,
    @Args(() => ConnectionArgs) args: ConnectionArgs,
  ): Promise<Connection<Erasure>> {
    const ctx = await graph.enter(realm.id);
    return toConnection(await graph.services.erasure.list(ctx, args), presentErasure);
  }

  @FieldResolver(() => Erasure, { nullable: true, description: 'Needs identities:erase.' })
  async erasure(
    @Root() realm: Realm,
    @Ctx() graph: GraphContext,
    @Arg('id', () => ID) id: string,
  ): Promise<Erasure | null> {
    const row = await graph.services.erasure.find(await graph.enter(realm.id), id);
    return row ? presentErasure(row) : null;
  }
}

@Resolver(() => Erasure)
export class ErasureResolver {
  @Mutation(() => EraseIdentityPayload, {
    description:
      'Forgets a live or a deleted identity for good: nobody can bring it back, and old events keep a pseudonym in its place, under the same seal. Needs identities:erase.',
  })
  async eraseIdentity(
    @Ctx() graph: GraphContext,
    @Arg('input', () => EraseIdentityInput) input: EraseIdentityInput,
  ): Promise<EraseIdentityPayload> {
    const made = await payload(async () => {
      const { erasure, warnings } = await graph.services.erasure.erase(
        await graph.enter(input.realmId),
        input,
      );
      return { erasure: presentErasure(erasure), warnings };
    });
    return { ...made, warnings: made.warnings ?? [] };
  }
}
