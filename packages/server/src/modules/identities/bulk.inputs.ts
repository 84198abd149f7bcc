import { Field, ID, InputType, Int, ObjectType } from 'type-graphql';
import { UserError, UserWarning } from '../../protocols/graphql/errors.js';
import { Identity } from './identities.object.js';
import { ProfileInput } from './profile.inputs.js';

@InputType()
export class NewIdentityInput extends ProfileInput {
  @Field(() => String)
  username!: string;
}

@InputType()
export class CreateIdentitiesInput {
  @Field(() => ID)
  realmId!: string;
  @Field(() => [NewIdentityInput], { description: 'Up to 1,000.' })
  identities!: NewIdentityInput[];
}

@InputType()
export class IdentitiesActionInput {
  @Field(() => ID)
  realmId!: string;
  @Field(() => [ID], { description: 'Up to 1,000.' })
  identityIds!: string[];
}

@ObjectType()
class CreatedIdentityResult {
  @Field(() => Int, { description: 'Which of those given, from 0.' })
  index!: number;
  @Field(() => Identity, { nullable: true })
  identity!: Identity | null;
  @Field(() => UserError, { nullable: true, description: 'Its path begins inside the item.' })
  error!: UserError | null;
}

@ObjectType({
  description: 'One answer for each, in the order given; a failure of one takes no other with it.',
})
export class CreateIdentitiesPayload {
  @Field(() => [CreatedIdentityResult])
  results!: CreatedIdentityResult[];
  @Field(() => [UserError], { description: 'Why nothing was done at all.' })
  errors!: UserError[];
}

@ObjectType()
class IdentityActionResult {
  @Field(() => ID)
  identityId!: string;
  @Field(() => Identity, { nullable: true, description: 'As it is now; null when it failed or was deleted.' })
  identity!: Identity | null;
  @Field(() => UserError, { nullable: true })
  error!: UserError | null;
}

@ObjectType({
  description: 'One answer for each id, in the order given; a failure of one takes no other with it.',
})
export class IdentitiesActionPayload {
  @Field(() => [IdentityActionResult])
  results!: IdentityActionResult[];
  @Field(() => [UserError], { description: 'Why nothing was done at all.' })
  errors!: UserError[];
  @Field(() => [UserWarning])
  warnings!: readonly UserWarning[];
}
