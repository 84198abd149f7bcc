import { ArgsType, Field, ID, Int, ObjectType, registerEnumType } from 'type-graphql';
import { ConnectionArgs, connectionOf } from '../../protocols/graphql/connection.js';
import { DateTimeScalar } from '../../protocols/graphql/scalars.js';
import type { CampaignRow, Coverage, ListedPerson, PersonState, Preview } from './campaigns.service.js';

const Statuses: { [S in CampaignRow['status']]: S } = {
  DRAFT: 'DRAFT',
  ENDED: 'ENDED',
  PAUSED: 'PAUSED',
  RUNNING: 'RUNNING',
};
registerEnumType(Statuses, { name: 'CampaignStatus' });

type EndReason = NonNullable<CampaignRow['end_reason']>;
const EndReasons: { [R in EndReason]: R } = {
  BY_HAND: 'BY_HAND',
  DUE: 'DUE',
  GROUP_DELETED: 'GROUP_DELETED',
};
registerEnumType(EndReasons, { name: 'CampaignEndReason' });

const PersonStates: { [S in PersonState]: S } = {
  ADMINISTRATOR: 'ADMINISTRATOR',
  ENROLLED: 'ENROLLED',
  EXCLUDED: 'EXCLUDED',
  FAILED: 'FAILED',
  LAPSED: 'LAPSED',
  NO_ADDRESS: 'NO_ADDRESS',
  WAITING: 'WAITING',
};
registerEnumType(PersonStates, {
  name: 'CampaignPersonState',
  description:
    'ENROLLED: has a passkey. WAITING: has an open link. FAILED: the link could not be sent, or no passkey was accepted. LAPSED: the link is over. ADMINISTRATOR: is asked by another administrator only.',
});

@ObjectType({
  description: 'Everyone of a group, or of the realm, without a passkey is asked to bind one by a date.',
})
export class Campaign {
  @Field(() => ID)
  id!: string;
  @Field(() => String)
  name!: string;
  @Field(() => Statuses)
  status!: CampaignRow['status'];
  @Field(() => ID, { nullable: true, description: 'Null asks the whole realm.' })
  groupId!: string | null;
  @Field(() => String, { nullable: true, description: 'As it was when the campaign was made.' })
  groupName!: string | null;
  @Field(() => DateTimeScalar)
  dueAt!: Date;
  @Field(() => [Int], { description: 'Days before the due date, the most first.' })
  reminderDays!: number[];
  @Field(() => EndReasons, { nullable: true })
  endReason!: EndReason | null;
  @Field(() => String)
  createdByName!: string;
  @Field(() => DateTimeScalar)
  createdAt!: Date;
  @Field(() => DateTimeScalar, { nullable: true })
  startedAt!: Date | null;
  @Field(() => DateTimeScalar, { nullable: true })
  endedAt!: Date | null;
  row!: CampaignRow;
}

export const presentCampaign = (row: CampaignRow): Campaign => ({
  id: row.id,
  name: row.name,
  status: row.status,
  groupId: row.group_id,
  groupName: row.group_name,
  dueAt: row.due_at,
  reminderDays: row.reminder_days,
  endReason: row.end_reason,
  createdByName: row.created_by_name,
  createdAt: row.created_at,
  startedAt: row.started_at,
  endedAt: row.ended_at,
  row,
});

export const CampaignConnection = connectionOf(Campaign, 'Campaign');

@ObjectType({ description: 'How far a campaign has come, all of it at one moment.' })
export class CampaignCoverage {
  @Field(() => Int, { description: 'A link was made for them.' })
  asked!: number;
  @Field(() => Int, { description: 'Of those asked, who has a passkey now.' })
  enrolled!: number;
  @Field(() => Int, { description: 'They have an open link.' })
  waiting!: number;
  @Field(() => Int, { description: 'Their link could not be sent, or no passkey was accepted.' })
  failed!: number;
  @Field(() => Int, { description: 'Their link is over, or they are suspended.' })
  lapsed!: number;
  @Field(() => Int, { description: 'No mail can be sent to them.' })
  noAddress!: number;
  @Field(() => Int, { description: 'They administer, so another administrator hands them their link.' })
  administrators!: number;
  @Field(() => Int)
  excluded!: number;
  @Field(() => Int, { description: 'Reminded at least once.' })
  reminded!: number;
  @Field(() => Int, { description: 'To be asked, and not yet.' })
  unasked!: number;
}

export const presentCoverage = ({ no_address, ...counts }: Coverage): CampaignCoverage => ({
  ...counts,
  noAddress: no_address,
});

@ObjectType({ description: 'Whom a campaign would ask now.' })
export class CampaignPreview {
  @Field(() => Int)
  wouldAsk!: number;
  @Field(() => Int, { description: 'No mail can be sent to them; they are asked once they have an address.' })
  withoutAddress!: number;
  @Field(() => Int, { description: 'They have a passkey.' })
  enrolled!: number;
  @Field(() => Int)
  suspended!: number;
}

export const presentPreview = ({ would_ask, without_address, ...counts }: Preview): CampaignPreview => ({
  ...counts,
  wouldAsk: would_ask,
  withoutAddress: without_address,
});

@ObjectType({ description: 'A person in a campaign.' })
export class CampaignPerson {
  @Field(() => PersonStates)
  state!: PersonState;
  @Field(() => DateTimeScalar, { nullable: true })
  askedAt!: Date | null;
  @Field(() => DateTimeScalar, { nullable: true })
  remindedAt!: Date | null;
  @Field(() => Int)
  reminders!: number;
  @Field(() => ID)
  identityId!: string;
  @Field(() => ID, { nullable: true, description: 'The last link.' })
  credentialBindingJobId!: string | null;
  realmId!: string;
}

export const presentPerson = (row: ListedPerson): CampaignPerson => ({
  state: row.now,
  askedAt: row.state === 'ASKED' ? row.settled_at : null,
  remindedAt: row.reminded_at,
  reminders: row.reminders,
  identityId: row.identity_id,
  credentialBindingJobId: row.binding_job_id,
  realmId: row.realm_id,
});

export const CampaignPersonConnection = connectionOf(CampaignPerson, 'CampaignPerson');

@ArgsType()
export class CampaignPeopleArgs extends ConnectionArgs {
  @Field(() => [PersonStates], { nullable: true, description: 'Everyone without a passkey unless said.' })
  states?: PersonState[] | null;
}
