import {
  Arg,
  Args,
  ArgsType,
  Ctx,
  Field,
  FieldResolver,
  ID,
  InputType,
  ObjectType,
  Resolver,
  Root,
} from 'type-graphql';
import { invalid } from '../../kernel/errors.js';
import { isId } from '../../kernel/ids.js';
import {
  type Connection,
  ConnectionArgs,
  connectionOf,
  toConnection,
} from '../../protocols/graphql/connection.js';
import type { GraphContext } from '../../protocols/graphql/context.js';
import { DateTimeScalar, JsonScalar } from '../../protocols/graphql/scalars.js';
import { Realm } from '../realms/realms.object.js';
import type { EventFilter, EventRow } from './events.service.js';

@ObjectType({ description: 'Who or what, with the name as it was then.' })
class EventParty {
  @Field(() => String)
  kind!: string;
  @Field(() => ID, { nullable: true })
  id!: string | null;
  @Field(() => String)
  displayName!: string;
}

@ObjectType({ description: 'What happened, for ever as it was.' })
class Event {
  @Field(() => ID, { description: 'A UUIDv7: its order is the order in time.' })
  id!: string;
  @Field(() => String)
  type!: string;
  @Field(() => String)
  outcome!: string;
  @Field(() => DateTimeScalar)
  occurredAt!: Date;
  @Field(() => EventParty)
  actor!: EventParty;
  @Field(() => EventParty, { nullable: true })
  subject!: EventParty | null;
  @Field(() => String, { description: 'One id for a whole flow, from the first request to the last token.' })
  correlationId!: string;
  @Field(() => String, { nullable: true })
  ip!: string | null;
  @Field(() => String, { nullable: true })
  userAgent!: string | null;
  @Field(() => JsonScalar)
  data!: unknown;
}

@InputType('EventFilter')
class EventFilterInput {
  @Field(() => [String], { nullable: true })
  types?: string[] | null;
  @Field(() => String, { nullable: true })
  correlationId?: string | null;
  @Field(() => String, { nullable: true })
  outcome?: string | null;
  @Field(() => ID, { nullable: true, description: 'Events by this actor or about this subject.' })
  involvesId?: string | null;
  @Field(() => DateTimeScalar, { nullable: true })
  since?: Date | null;
  @Field(() => DateTimeScalar, { nullable: true })
  until?: Date | null;
}

@ArgsType()
class EventsArgs extends ConnectionArgs {
  @Field(() => EventFilterInput, { nullable: true })
  filter?: EventFilterInput | null;
}

const EventConnection = connectionOf(Event, 'Event');

const present = (row: EventRow): Event => ({
  id: row.id,
  type: row.type,
  outcome: row.outcome,
  occurredAt: row.occurred_at,
  actor: { kind: row.actor_kind, id: row.actor_id, displayName: row.actor_name },
  subject:
    row.subject_kind === null
      ? null
      : { kind: row.subject_kind, id: row.subject_id, displayName: row.subject_name ?? '' },
  correlationId: row.correlation_id,
  ip: row.ip,
  userAgent: row.user_agent,
  data: row.data,
});

@Resolver(() => Realm)
export class RealmEventsResolver {
  @FieldResolver(() => EventConnection, { description: 'Newest first. Needs events:read.' })
  async events(
    @Root() realm: Realm,
    @Ctx() graph: GraphContext,
    @Args(() => EventsArgs) args: EventsArgs,
  ): Promise<Connection<Event>> {
    const ctx = await graph.enter(realm.id);
    return toConnection(await graph.services.events.list(ctx, filterOf(args.filter), args), present);
  }

  @FieldResolver(() => Event, { nullable: true, description: 'Needs events:read.' })
  async event(
    @Root() realm: Realm,
    @Ctx() graph: GraphContext,
    @Arg('id', () => ID) id: string,
  ): Promise<Event | null> {
    const row = await graph.services.events.find(await graph.enter(realm.id), id);
    return row ? present(row) : null;
  }
}

function filterOf(input: EventFilterInput | null | undefined): EventFilter {
  for (const name of ['correlationId', 'involvesId'] as const) {
    const value = input?.[name];
    if (value && !isId(value)) throw invalid('This is not an id.', 'filter', name);
  }
  return {
    types: input?.types?.slice(0, 100) ?? undefined,
    correlationId: input?.correlationId ?? undefined,
    outcome: input?.outcome ?? undefined,
    involvesId: input?.involvesId ?? undefined,
    since: input?.since ?? undefined,
    until: input?.until ?? undefined,
  };
}
