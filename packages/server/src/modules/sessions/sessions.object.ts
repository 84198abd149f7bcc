import { Field, ID, Int, ObjectType } from 'type-graphql';
import { connectionOf } from '../../protocols/graphql/connection.js';
import { DateTimeScalar } from '../../protocols/graphql/scalars.js';
import type { SessionRow } from './sessions.service.js';
import type { SessionSettings } from './sessions.types.js';

@ObjectType('SessionSettings', { description: 'How long people stay signed in to a realm.' })
export class SessionSettingsObject implements SessionSettings {
  @Field(() => Int, { description: 'From the sign-in on, whatever happens. 50,400 (14 hours) unless said.' })
  absoluteSeconds!: number;
  @Field(() => Int, {
    nullable: true,
    description: 'Without a sign of the person; null for no such limit. Counted to the minute.',
  })
  idleSeconds!: number | null;
  @Field(() => Int)
  version!: number;
}

@ObjectType({
  description: 'A sign-in that still counts: applications are reached from it without a new one.',
})
export class Session {
  @Field(() => ID)
  id!: string;
  @Field(() => DateTimeScalar)
  createdAt!: Date;
  @Field(() => DateTimeScalar, { description: 'Written at most once a minute.' })
  lastSeenAt!: Date;
  @Field(() => DateTimeScalar, { description: 'When it ends if the person is not seen again.' })
  expiresAt!: Date;
  @Field(() => String, { nullable: true, description: 'Where it was opened from.' })
  ip!: string | null;
  @Field(() => String, { nullable: true })
  userAgent!: string | null;
  realmId!: string;
  identityId!: string;
  passkeyId!: string;
}

export const SessionConnection = connectionOf(Session, 'Session');

export const presentSession = (row: SessionRow): Session => ({
  id: row.id,
  createdAt: row.created_at,
  lastSeenAt: row.last_seen_at,
  expiresAt: row.expires_at,
  ip: row.ip,
  userAgent: row.user_agent,
  realmId: row.realm_id,
  identityId: row.identity_id,
  passkeyId: row.passkey_id,
});
