import {
  Args,
  Ctx,
  Field,
  FieldResolver,
  ID,
  Int,
  ObjectType,
  Resolver,
  Root,
  registerEnumType,
} from 'type-graphql';
import {
  type Connection,
  ConnectionArgs,
  connectionOf,
  toConnection,
} from '../../protocols/graphql/connection.js';
import type { GraphContext } from '../../protocols/graphql/context.js';
import { DateTimeScalar } from '../../protocols/graphql/scalars.js';
import { Realm } from '../realms/realms.object.js';
import type { MailRow } from './mail.types.js';

const MailStates = { FAILED: 'FAILED', QUEUED: 'QUEUED', SENT: 'SENT', WITHDRAWN: 'WITHDRAWN' } as const;
registerEnumType(MailStates, {
  name: 'MailState',
  description: 'WITHDRAWN: what it was about ended before it was sent.',
});

@ObjectType({ description: 'A mail to a person, kept for 30 days; never its text or its link.' })
class Mail {
  @Field(() => ID)
  id!: string;
  @Field(() => String)
  to!: string;
  @Field(() => String)
  subject!: string;
  @Field(() => MailStates)
  state!: keyof typeof MailStates;
  @Field(() => Int)
  attempts!: number;
  @Field(() => String, {
    nullable: true,
    description: 'A code, with the mail server’s number where it gave one.',
  })
  lastError!: string | null;
  @Field(() => DateTimeScalar, { nullable: true })
  nextAttemptAt!: Date | null;
  @Field(() => ID, { nullable: true, description: 'Null where it brings no binding link.' })
  credentialBindingJobId!: string | null;
  @Field(() => DateTimeScalar)
  createdAt!: Date;
  @Field(() => DateTimeScalar, { nullable: true })
  sentAt!: Date | null;
}

const presentMail = (row: MailRow): Mail => ({
  id: row.id,
  to: row.recipient,
  subject: row.subject,
  state: row.state,
  attempts: row.attempts,
  lastError: row.last_error,
  nextAttemptAt: row.state === 'QUEUED' ? row.next_attempt_at : null,
  credentialBindingJobId: row.binding_job_id,
  createdAt: row.created_at,
  sentAt: row.sent_at,
});

const MailConnection = connectionOf(Mail, 'Mail');

@Resolver(() => Realm)
export class RealmOutboxResolver {
  @FieldResolver(() => MailConnection, {
    description: 'The last ones first. Needs realms:read and identities:read.',
  })
  async outbox(
    @Root() realm: Realm,
    @Ctx() graph: GraphContext,
    @Args(() => ConnectionArgs) args: ConnectionArgs,
  ): Promise<Connection<Mail>> {
    return toConnection(await graph.services.mail.list(await graph.enter(realm.id), args), presentMail);
  }

  @FieldResolver(() => Boolean, {
    description: 'Whether a mail server is configured; without one all mails wait in the outbox.',
  })
  sendsMail(@Ctx() graph: GraphContext): boolean {
    return graph.services.mail.delivers;
  }
}
