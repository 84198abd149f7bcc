import { Field, ID, InputType, Int, ObjectType } from 'type-graphql';
import { UserError } from '../../protocols/graphql/errors.js';
import { ResourceServer } from './resource-servers.object.js';

@InputType()
export class ResourceServerScopeInput {
  @Field(() => String, {
    description: 'RFC 6749, section 3.3; at most 128 characters, for example pets:read.',
  })
  name!: string;
  @Field(() => String, { nullable: true, description: 'What it allows, for people; at most 500 characters.' })
  description?: string | null;
}

@InputType()
export class CreateResourceServerInput {
  @Field(() => ID)
  realmId!: string;
  @Field(() => String)
  displayName!: string;
  @Field(() => String, {
    description: 'Becomes `aud`; unique in the realm. For example https://api.example.com.',
  })
  identifier!: string;
  @Field(() => [ResourceServerScopeInput], { nullable: true, description: 'At most 500.' })
  scopes?: ResourceServerScopeInput[] | null;
}

@InputType({ description: 'A field left out stays.' })
export class UpdateResourceServerInput {
  @Field(() => ID)
  realmId!: string;
  @Field(() => ID)
  resourceServerId!: string;
  @Field(() => Int, { nullable: true })
  ifVersion?: number | null;
  @Field(() => String, { nullable: true })
  displayName?: string | null;
  @Field(() => String, {
    nullable: true,
    description: 'Tokens that were issued keep the audience that they have.',
  })
  identifier?: string | null;
}

@InputType()
export class AddResourceServerScopesInput {
  @Field(() => ID)
  realmId!: string;
  @Field(() => ID)
  resourceServerId!: string;
  @Field(() => Int, { nullable: true })
  ifVersion?: number | null;
  @Field(() => [ResourceServerScopeInput])
  scopes!: ResourceServerScopeInput[];
}

@InputType()
export class DescribeResourceServerScopeInput {
  @Field(() => ID)
  realmId!: string;
  @Field(() => ID)
  resourceServerId!: string;
  @Field(() => String)
  name!: string;
  @Field(() => String)
  description!: string;
}

@InputType()
export class RemoveResourceServerScopesInput {
  @Field(() => ID)
  realmId!: string;
  @Field(() => ID)
  resourceServerId!: string;
  @Field(() => Int, { nullable: true })
  ifVersion?: number | null;
  @Field(() => [String])
  names!: string[];
  @Field(() => Boolean, {
    nullable: true,
    description: 'Also from the roles and applications that have them.',
  })
  cascade?: boolean | null;
}

@InputType()
export class DeleteResourceServerInput {
  @Field(() => ID)
  realmId!: string;
  @Field(() => ID)
  resourceServerId!: string;
  @Field(() => Int, { nullable: true })
  ifVersion?: number | null;
  @Field(() => Boolean, {
    nullable: true,
    description: 'Its roles go with it; its applications go on without a resource server and without scopes.',
  })
  cascade?: boolean | null;
}

@ObjectType()
export class ResourceServerPayload {
  @Field(() => ResourceServer, { nullable: true })
  resourceServer?: ResourceServer | null;
  @Field(() => [UserError])
  errors!: UserError[];
}

@ObjectType()
export class DeleteResourceServerPayload {
  @Field(() => ID, { nullable: true })
  deletedResourceServerId?: string | null;
  @Field(() => [UserError])
  errors!: UserError[];
}
