import { Field, ID, InputType, Int, ObjectType } from 'type-graphql';
import { UserError } from '../../protocols/graphql/errors.js';
import {
  Application,
  ApplicationType,
  GrantType,
  SubjectSource,
  TokenEndpointAuthMethod,
} from './applications.object.js';

@InputType()
export class CreateApplicationInput {
  @Field(() => ID)
  realmId!: string;
  @Field(() => String)
  displayName!: string;
  @Field(() => ApplicationType)
  type!: keyof typeof ApplicationType;
  @Field(() => [GrantType])
  grantTypes!: string[];
  @Field(() => [String], { nullable: true })
  redirectUris?: string[] | null;
  @Field(() => [String], { nullable: true })
  postLogoutRedirectUris?: string[] | null;
  @Field(() => TokenEndpointAuthMethod, { nullable: true })
  tokenEndpointAuthMethod?: string | null;
  @Field(() => ID, { nullable: true })
  resourceServerId?: string | null;
  @Field(() => [String], { nullable: true })
  allowedScopes?: string[] | null;
  @Field(() => ID, {
    nullable: true,
    description: 'Of this realm; unless said our hosted page, or none where nobody signs in.',
  })
  authenticatorConfigId?: string | null;
  @Field(() => SubjectSource, { nullable: true })
  subject?: keyof typeof SubjectSource | null;
  @Field(() => Int, { nullable: true, description: 'Seconds; 900 unless said.' })
  accessTokenLifetime?: number | null;
  @Field(() => Int, { nullable: true, description: 'Seconds; 1,209,600 unless said.' })
  refreshTokenLifetime?: number | null;
}

@InputType({ description: 'A field left out stays.' })
export class UpdateApplicationInput {
  @Field(() => ID)
  realmId!: string;
  @Field(() => ID)
  applicationId!: string;
  @Field(() => Int, { nullable: true })
  ifVersion?: number | null;
  @Field(() => String, { nullable: true })
  displayName?: string | null;
  @Field(() => [String], { nullable: true })
  redirectUris?: string[] | null;
  @Field(() => [String], { nullable: true })
  postLogoutRedirectUris?: string[] | null;
  @Field(() => [String], { nullable: true })
  allowedScopes?: string[] | null;
  @Field(() => ID, { nullable: true })
  authenticatorConfigId?: string | null;
  @Field(() => Int, { nullable: true })
  accessTokenLifetime?: number | null;
  @Field(() => Int, { nullable: true })
  refreshTokenLifetime?: number | null;
}

@InputType()
export class DeleteApplicationInput {
  @Field(() => ID)
  realmId!: string;
  @Field(() => ID)
  applicationId!: string;
  @Field(() => Int, { nullable: true })
  ifVersion?: number | null;
}

@ObjectType()
export class CreateApplicationPayload {
  @Field(() => Application, { nullable: true })
  application?: Application | null;
  @Field(() => String, {
    nullable: true,
    description:
      'Shown this once; null for a public application, and without applications:read-secrets: then none was made.',
  })
  clientSecret?: string | null;
  @Field(() => [UserError])
  errors!: UserError[];
}

@ObjectType()
export class ApplicationPayload {
  @Field(() => Application, { nullable: true })
  application?: Application | null;
  @Field(() => [UserError])
  errors!: UserError[];
}

@ObjectType()
export class DeleteApplicationPayload {
  @Field(() => ID, { nullable: true })
  deletedApplicationId?: string | null;
  @Field(() => [UserError])
  errors!: UserError[];
}
