import { Field, ID, InputType, Int, ObjectType, registerEnumType } from 'type-graphql';
import { connectionOf } from '../../protocols/graphql/connection.js';
import { UserError, UserWarning } from '../../protocols/graphql/errors.js';
import { DateTimeScalar } from '../../protocols/graphql/scalars.js';
import type { ErasureRow } from './erasure.service.js';

const ErasureStates = { RUNNING: 'RUNNING', SETTLING: 'SETTLING', DONE: 'DONE' } as const;
registerEnumType(ErasureStates, {
  name: 'ErasureState',
  description:
    'RUNNING: old events are being erased. SETTLING: all that were found are; they are looked through once more later. DONE: nothing is left.',
});

@ObjectType({
  description: 'A person who was forgotten for good. The directory is free of them from the start.',
})
export class Erasure {
  @Field(() => ID)
  id!: string;
  @Field(() => ID)
  identityId!: string;
  @Field(() => String)
  reason!: string;
  @Field(() => ErasureStates)
  state!: ErasureRow['state'];
  @Field(() => Int, { description: 'How many old events had something of the person in them.' })
  eventsErased!: number;
  @Field(() => DateTimeScalar)
  startedAt!: Date;
  @Field(() => DateTimeScalar, { nullable: true })
  finishedAt!: Date | null;
}

export const ErasureConnection = connectionOf(Erasure, 'Erasure');

export const presentErasure = (row: ErasureRow): Erasure => ({
  id: row.id,
  identityId: row.identity_id,
  reason: row.reason,
  state: row.state,
  eventsErased: row.events_erased,
  startedAt: row.started_at,
  finishedAt: row.finished_at,
});

@InputType()
export class EraseIdentityInput {
  @Field(() => ID)
  realmId!: string;
  @Field(() => ID)
  identityId!: string;
  @Field(() => String, { description: 'Kept in the event of the erasure: why, never who.' })
  reason!: string;
}

@ObjectType()
export class EraseIdentityPayload {
  @Field(() => Erasure, { nullable: true })
  erasure?: Erasure | null;
  @Field(() => [UserError])
  errors!: UserError[];
  @Field(() => [UserWarning])
  warnings!: readonly UserWarning[];
}
