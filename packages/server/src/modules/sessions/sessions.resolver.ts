import {
  Arg,
  Args,
  Ctx,
  Field,
  FieldResolver,
  ID,
  InputType,
  Int,
  Mutation,
  ObjectType,
  Resolver,
  Root,
} from 'type-graphql';
import { type Connection, FirstArgs, toConnection } from '../../protocols/graphql/connection.js';
import type { GraphContext } from '../../protocols/graphql/context.js';
import { payload, UserError } from '../../protocols/graphql/errors.js';
import { Application, presentApplication } from '../applications/applications.object.js';
import { Identity, presentIdentity } from '../identities/identities.object.js';
import { Credential, presentCredential } from '../passkeys/credentials.object.js';
import { Realm } from '../realms/realms.object.js';
import { presentSession, Session, SessionConnection, SessionSettingsObject } from './sessions.object.js';

@InputType()
class UpdateSessionSettingsInput {
  @Field(() => ID)
  realmId!: string;
  @Field(() => Int, { nullable: true, description: '300 to 31,536,000; left as it is unless said.' })
  absoluteSeconds?: number | null;
  @Field(() => Int, {
    nullable: true,
    description: '300 to `absoluteSeconds`; null takes the limit away, left as it is unless said.',
  })
  idleSeconds?: number | null;
  @Field(() => Int, { nullable: true })
  ifVersion?: number | null;
}

@ObjectType()
class SessionSettingsPayload {
  @Field(() => SessionSettingsObject, { nullable: true })
  sessionSettings?: SessionSettingsObject | null;
  @Field(() => [UserError])
  errors!: UserError[];
}

@InputType()
class EndSessionInput {
  @Field(() => ID)
  realmId!: string;
  @Field(() => ID)
  sessionId!: string;
}

@InputType()
class EndSessionsInput {
  @Field(() => ID)
  realmId!: string;
  @Field(() => ID)
  identityId!: string;
}

@ObjectType()
class EndSessionsPayload {
  @Field(() => Identity, { nullable: true })
  identity?: Identity | null;
  @Field(() => Int, { nullable: true, description: 'How many were ended.' })
  ended?: number | null;
  @Field(() => [UserError])
  errors!: UserError[];
}

@Resolver(() => Realm)
export class RealmSessionsResolver {
  @FieldResolver(() => SessionSettingsObject, { description: 'Needs realms:read.' })
  async sessionSettings(@Root() realm: Realm, @Ctx() graph: GraphContext): Promise<SessionSettingsObject> {
    return graph.services.sessionSettings.get(await graph.enter(realm.id));
  }
}

@Resolver(() => Identity)
export class IdentitySessionsResolver {
  @FieldResolver(() => SessionConnection, { description: 'Those that count now. Needs identities:read.' })
  async sessions(
    @Root() identity: Identity,
    @Ctx() graph: GraphContext,
    @Args(() => FirstArgs) args: FirstArgs,
  ): Promise<Connection<Session>> {
    const ctx = await graph.enter(identity.realmId);
    const loader = graph.loader(
      `sessions ${identity.realmId} ${JSON.stringify([args.first, args.after])}`,
      (ids: readonly string[]) => graph.services.sessionAdministration.ofMany(ctx, ids, args),
    );
    return toConnection(await loader.load(identity.id), presentSession);
  }
}

@Resolver(() => Session)
export class SessionsResolver {
  @FieldResolver(() => Credential, {
    nullable: true,
    description: 'The passkey that opened it. Needs credentials:read.',
  })
  async credential(@Root() session: Session, @Ctx() graph: GraphContext): Promise<Credential | null> {
    const row = await graph.services.passkeys.find(await graph.enter(session.realmId), session.passkeyId);
    return row ? presentCredential(row) : null;
  }

  @FieldResolver(() => [Application], {
    description: 'Those that hold a grant or a token of it. Needs applications:read.',
  })
  async applications(@Root() session: Session, @Ctx() graph: GraphContext): Promise<Application[]> {
    const { realmId } = session;
    const ctx = await graph.enter(realmId);
    const held = graph.loader(`applications of sessions ${realmId}`, (ids: readonly string[]) =>
      graph.services.sessionAdministration.applicationIds(ctx, ids),
    );
    const byId = graph.loader(`applications by id ${realmId}`, (ids: readonly string[]) =>
      Promise.all(ids.map((id) => graph.services.applications.find(ctx, id))),
    );
    const rows = await byId.loadMany(await held.load(session.id));
    return rows.flatMap((row) =>
      row === undefined || row instanceof Error ? [] : [presentApplication(row)],
    );
  }

  @Mutation(() => SessionSettingsPayload, {
    description: 'Holds at once, for sessions that are open too. Needs realms:update.',
  })
  updateSessionSettings(
    @Ctx() graph: GraphContext,
    @Arg('input', () => UpdateSessionSettingsInput) input: UpdateSessionSettingsInput,
  ): Promise<SessionSettingsPayload> {
    return payload(async () => ({
      sessionSettings: await graph.services.sessionSettings.update(await graph.enter(input.realmId), input),
    }));
  }

  @Mutation(() => EndSessionsPayload, {
    description: 'Refresh tokens and grants of it die with it. Needs identities:update.',
  })
  endSession(
    @Ctx() graph: GraphContext,
    @Arg('input', () => EndSessionInput) input: EndSessionInput,
  ): Promise<EndSessionsPayload> {
    return payload(async () => {
      const ctx = await graph.enter(input.realmId);
      const { identityId } = await graph.services.sessionAdministration.end(ctx, input);
      return { identity: presentIdentity(await graph.identity(input.realmId, identityId)), ended: 1 };
    });
  }

  @Mutation(() => EndSessionsPayload, {
    description: 'Signs a person out everywhere. Needs identities:update.',
  })
  endSessions(
    @Ctx() graph: GraphContext,
    @Arg('input', () => EndSessionsInput) input: EndSessionsInput,
  ): Promise<EndSessionsPayload> {
    return payload(async () => {
      const ctx = await graph.enter(input.realmId);
      const { identityId, ended } = await graph.services.sessionAdministration.endAll(ctx, input);
      return { identity: presentIdentity(await graph.identity(input.realmId, identityId)), ended };
    });
  }
}
