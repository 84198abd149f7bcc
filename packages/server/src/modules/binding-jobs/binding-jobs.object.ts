import { Field, ID, Int, ObjectType, registerEnumType } from 'type-graphql';
import { connectionOf } from '../../protocols/graphql/connection.js';
import { DateTimeScalar } from '../../protocols/graphql/scalars.js';
import { type BindingJobRow, statusOf } from './binding-jobs.service.js';

export const BindingDelivery = { EMAIL: 'EMAIL', RETURN: 'RETURN' } as const;
registerEnumType(BindingDelivery, { name: 'BindingDelivery' });

const BindingJobStatus = {
  CHALLENGED: 'CHALLENGED',
  COMPLETED: 'COMPLETED',
  EXPIRED: 'EXPIRED',
  FAILED: 'FAILED',
  FAILED_TO_SEND: 'FAILED_TO_SEND',
  LINK_OPENED: 'LINK_OPENED',
  LINK_SENT: 'LINK_SENT',
  REVOKED: 'REVOKED',
} as const;
registerEnumType(BindingJobStatus, { name: 'BindingJobStatus' });

@ObjectType({ description: 'The errand of binding one passkey through a link that works once.' })
export class CredentialBindingJob {
  @Field(() => ID)
  id!: string;
  @Field(() => BindingDelivery)
  delivery!: keyof typeof BindingDelivery;
  @Field(() => BindingJobStatus)
  status!: keyof typeof BindingJobStatus;
  @Field(() => String, { nullable: true })
  redirectUri!: string | null;
  @Field(() => DateTimeScalar)
  createdAt!: Date;
  @Field(() => DateTimeScalar)
  expiresAt!: Date;
  @Field(() => DateTimeScalar, { nullable: true })
  openedAt!: Date | null;
  @Field(() => DateTimeScalar, {
    nullable: true,
    description:
      'When a mail server took the link; null while it waits in the outbox, and where it was returned.',
  })
  sentAt!: Date | null;
  @Field(() => DateTimeScalar, { nullable: true })
  completedAt!: Date | null;
  @Field(() => Int, { description: 'How often it was sent again by hand; at most 5 times.' })
  resends!: number;
  @Field(() => DateTimeScalar, { nullable: true, description: 'When it last went out anew.' })
  resentAt!: Date | null;
  @Field(() => ID, { nullable: true, description: 'Of those that were made together.' })
  batchId!: string | null;
  @Field(() => ID, {
    nullable: true,
    description: 'On whose page the passkey is bound; null is the realm’s hosted page.',
  })
  authenticatorConfigId!: string | null;
  @Field(() => String)
  createdByName!: string;
  realmId!: string;
  identityId!: string;
}

export const CredentialBindingJobConnection = connectionOf(CredentialBindingJob, 'CredentialBindingJob');

export const presentJob = (row: BindingJobRow): CredentialBindingJob => ({
  id: row.id,
  delivery: row.delivery,
  status: statusOf(row),
  redirectUri: row.redirect_uri,
  createdAt: row.created_at,
  expiresAt: row.expires_at,
  openedAt: row.opened_at,
  sentAt: row.sent_at,
  completedAt: row.completed_at,
  resends: row.resends,
  resentAt: row.resent_at,
  batchId: row.batch_id,
  authenticatorConfigId: row.authenticator_config_id,
  createdByName: row.created_by_name,
  realmId: row.realm_id,
  identityId: row.identity_id,
});
