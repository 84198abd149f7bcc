import {
  Args,
  Ctx,
  Field,
  FieldResolver,
  ID,
  ObjectType,
  Query,
  Resolver,
  Root,
  registerEnumType,
} from 'type-graphql';
import { DomainError } from '../../kernel/errors.js';
import { type Connection, SearchArgs, toConnection } from '../../protocols/graphql/connection.js';
import type { GraphContext } from '../../protocols/graphql/context.js';
import { presentRealm, presentRealmRef, Realm, RealmConnection } from '../realms/realms.object.js';
import { Tenant } from './tenants.object.js';
import type { TenantRow } from './tenants.service.js';

const ActorKind = {
  ANONYMOUS: 'ANONYMOUS',
  APPLICATION: 'APPLICATION',
  IDENTITY: 'IDENTITY',
  SYSTEM: 'SYSTEM',
} as const;
registerEnumType(ActorKind, { name: 'ActorKind' });

@ObjectType({ description: 'Who is asking, and what they hold.' })
class Viewer {
  @Field(() => ID)
  id!: string;
  @Field(() => ActorKind)
  kind!: keyof typeof ActorKind;
  @Field(() => String)
  displayName!: string;
  @Field(() => String, { nullable: true })
  username!: string | null;
  @Field(() => [String], { description: 'Scopes held at this moment, in at least one realm.' })
  scopes!: string[];
}

const present = (row: TenantRow): Tenant => ({
  id: row.id,
  displayName: row.display_name,
  createdAt: row.created_at,
});

@Resolver(() => Viewer)
export class ViewerResolver {
  @Query(() => Viewer)
  viewer(@Ctx() { ctx }: GraphContext): Viewer {
    const { actor } = ctx;
    if (actor.kind === 'ANONYMOUS' || !('id' in actor))
      throw new DomainError('unauthenticated', 'UNAUTHENTICATED', 'Sign in to do this.');
    return {
      id: actor.id,
      kind: actor.kind,
      displayName: actor.displayName,
      username: actor.kind === 'IDENTITY' ? actor.username : null,
      scopes: [...ctx.grants.keys()].sort(),
    };
  }

  @FieldResolver(() => Tenant)
  async tenant(@Ctx() graph: GraphContext): Promise<Tenant> {
    return present(await graph.services.tenants.get(graph.ctx));
  }
}

@Resolver(() => Tenant)
export class TenantsResolver {
  @Query(() => Tenant)
  async tenant(@Ctx() graph: GraphContext): Promise<Tenant> {
    return present(await graph.services.tenants.get(graph.ctx));
  }

  @FieldResolver(() => Realm)
  async adminRealm(@Ctx() graph: GraphContext): Promise<Realm> {
    return presentRealmRef((await graph.enterAdmin()).realm);
  }

  @FieldResolver(() => RealmConnection, { description: 'Needs realms:read.' })
  async realms(
    @Root() _tenant: Tenant,
    @Ctx() graph: GraphContext,
    @Args(() => SearchArgs) args: SearchArgs,
  ): Promise<Connection<Realm>> {
    const ctx = await graph.enterAdmin();
    return toConnection(await graph.services.realms.list(ctx, args.query, args), presentRealm);
  }
}
