import { Field, ID, InputType, Int, ObjectType } from 'type-graphql';
import { UserError } from '../../protocols/graphql/errors.js';
import { DateTimeScalar } from '../../protocols/graphql/scalars.js';
import { Campaign } from './campaigns.object.js';

@InputType()
export class CreateCampaignInput {
  @Field(() => ID)
  realmId!: string;
  @Field(() => String)
  name!: string;
  @Field(() => ID, { nullable: true, description: 'The whole realm unless said.' })
  groupId?: string | null;
  @Field(() => DateTimeScalar)
  dueAt!: Date;
  @Field(() => [Int], { nullable: true, description: 'Days before the due date, up to 10 of 1 to 90.' })
  reminderDays?: number[] | null;
  @Field(() => String, {
    nullable: true,
    description: 'A paragraph for the mails: plain text, at most 1,000 characters.',
  })
  message?: string | null;
}

@InputType()
export class CampaignActionInput {
  @Field(() => ID)
  realmId!: string;
  @Field(() => ID)
  campaignId!: string;
}

@ObjectType()
export class CampaignPayload {
  @Field(() => Campaign, { nullable: true })
  campaign?: Campaign | null;
  @Field(() => [UserError])
  errors!: UserError[];
}

@InputType()
export class ExcludeFromCampaignInput {
  @Field(() => ID)
  realmId!: string;
  @Field(() => ID)
  campaignId!: string;
  @Field(() => [ID], { description: 'Up to 1,000.' })
  identityIds!: string[];
}

@ObjectType()
export class ExcludedFromCampaign {
  @Field(() => ID)
  identityId!: string;
  @Field(() => UserError, { nullable: true })
  error!: UserError | null;
}

@ObjectType({
  description: 'One answer for each id, in the order given; a failure of one takes no other with it.',
})
export class ExcludeFromCampaignPayload {
  @Field(() => [ExcludedFromCampaign])
  results!: ExcludedFromCampaign[];
  @Field(() => [UserError], { description: 'Why nothing was done at all.' })
  errors!: UserError[];
}
