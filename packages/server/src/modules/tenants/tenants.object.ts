import { Field, ID, ObjectType } from 'type-graphql';
import { DateTimeScalar } from '../../protocols/graphql/scalars.js';

@ObjectType({ description: 'An organisation: the root of its realms.' })
export class Tenant {
  @Field(() => ID)
  id!: string;
  @Field(() => String)
  displayName!: string;
  @Field(() => DateTimeScalar)
  createdAt!: Date;
}
