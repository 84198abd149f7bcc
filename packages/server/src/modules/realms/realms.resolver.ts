import {
  Arg,
  Ctx,
  Field,
  FieldResolver,
  ID,
  InputType,
  Int,
  Mutation,
  ObjectType,
  Query,
  Resolver,
  Root,
} from 'type-graphql';
import type { GraphContext } from '../../protocols/graphql/context.js';
import { payload, UserError } from '../../protocols/graphql/errors.js';
import { DateTimeScalar } from '../../protocols/graphql/scalars.js';
import { presentRealm, presentRealmRef, Realm } from './realms.object.js';

@InputType()
class CreateRealmInput {
  @Field(() => String)
  displayName!: string;
}

@InputType()
class UpdateRealmInput {
  @Field(() => ID)
  realmId!: string;
  @Field(() => String, { nullable: true })
  displayName?: string | null;
  @Field(() => Int, { nullable: true })
  ifVersion?: number | null;
}

@ObjectType()
class RealmPayload {
  @Field(() => Realm, { nullable: true })
  realm?: Realm | null;
  @Field(() => [UserError])
  errors!: UserError[];
}

@Resolver(() => Realm)
export class RealmsResolver {
  @Query(() => Realm, {
    nullable: true,
    description: 'A realm that the caller reaches; null for any other id.',
  })
  async realm(@Ctx() graph: GraphContext, @Arg('id', () => ID) id: string): Promise<Realm | null> {
    const ctx = await graph.tryEnter(id);
    return ctx ? presentRealmRef(ctx.realm) : null;
  }

  @FieldResolver(() => Int)
  async version(@Root() realm: Realm, @Ctx() graph: GraphContext): Promise<number> {
    return (await rowOf(realm, graph)).version;
  }

  @FieldResolver(() => DateTimeScalar)
  async createdAt(@Root() realm: Realm, @Ctx() graph: GraphContext): Promise<Date> {
    return (await rowOf(realm, graph)).created_at;
  }

  @FieldResolver(() => DateTimeScalar)
  async updatedAt(@Root() realm: Realm, @Ctx() graph: GraphContext): Promise<Date> {
    return (await rowOf(realm, graph)).updated_at;
  }

  @FieldResolver(() => String, { description: 'The OpenID Connect issuer of this realm.' })
  issuer(@Root() realm: Realm, @Ctx() graph: GraphContext): string {
    return graph.services.realms.issuer(realm.id);
  }

  @FieldResolver(() => String, { description: 'OpenID Connect Discovery 1.0.' })
  discoveryUrl(@Root() realm: Realm, @Ctx() graph: GraphContext): string {
    return `${graph.services.realms.issuer(realm.id)}/.well-known/openid-configuration`;
  }

  @FieldResolver(() => String, { description: 'Base address of the SCIM 2.0 server of this realm.' })
  scimUrl(@Root() realm: Realm, @Ctx() graph: GraphContext): string {
    return `${graph.services.realms.issuer(realm.id)}/scim/v2`;
  }

  @Mutation(() => RealmPayload, { description: 'Needs realms:create.' })
  createRealm(
    @Ctx() graph: GraphContext,
    @Arg('input', () => CreateRealmInput) input: CreateRealmInput,
  ): Promise<RealmPayload> {
    return payload(async () => ({
      realm: presentRealm(await graph.services.realms.create(await graph.enterAdmin(), input)),
    }));
  }

  @Mutation(() => RealmPayload, { description: 'Needs realms:update.' })
  updateRealm(
    @Ctx() graph: GraphContext,
    @Arg('input', () => UpdateRealmInput) input: UpdateRealmInput,
  ): Promise<RealmPayload> {
    return payload(async () => ({
      realm: presentRealm(await graph.services.realms.update(await graph.enter(input.realmId), input)),
    }));
  }
}

async function rowOf(realm: Realm, graph: GraphContext) {
  realm.row ??= await graph.services.realms.get(await graph.enter(realm.id));
  return realm.row;
}
