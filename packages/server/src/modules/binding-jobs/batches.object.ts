import { Field, ID, Int, ObjectType } from 'type-graphql';
import { DateTimeScalar } from '../../protocols/graphql/scalars.js';
import type { BatchProgress, BindingBatchRow } from './batches.service.js';

@ObjectType({
  description:
    'How far the jobs of a batch have come. Each is in exactly one of waiting, opened, completed, expired, revoked and failed.',
})
export class CredentialBindingProgress {
  @Field(() => Int)
  jobs!: number;
  @Field(() => Int, { description: 'Open, and not yet opened by the person.' })
  waiting!: number;
  @Field(() => Int)
  opened!: number;
  @Field(() => Int)
  completed!: number;
  @Field(() => Int)
  expired!: number;
  @Field(() => Int)
  revoked!: number;
  @Field(() => Int)
  failed!: number;
  @Field(() => Int, { description: 'Taken by a mail server.' })
  sent!: number;
  @Field(() => Int, { description: 'In the outbox.' })
  queued!: number;
  @Field(() => Int, { description: 'Given up: no mail server took them.' })
  failedToSend!: number;
}

@ObjectType({ description: 'Binding jobs that were made together.' })
export class CredentialBindingBatch {
  @Field(() => ID)
  id!: string;
  @Field(() => String, { nullable: true, description: 'A paragraph of its own in the mails.' })
  message!: string | null;
  @Field(() => String)
  createdByName!: string;
  @Field(() => DateTimeScalar)
  createdAt!: Date;
  realmId!: string;
}

export const presentBatch = (row: BindingBatchRow): CredentialBindingBatch => ({
  id: row.id,
  message: row.message,
  createdByName: row.created_by_name,
  createdAt: row.created_at,
  realmId: row.realm_id,
});

export const presentProgress = ({ failed_to_send, ...counts }: BatchProgress): CredentialBindingProgress => ({
  ...counts,
  failedToSend: failed_to_send,
});
