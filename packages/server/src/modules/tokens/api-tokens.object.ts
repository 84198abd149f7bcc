import { ArgsType, Field, ID, InputType, Int, ObjectType } from 'type-graphql';
import { connectionOf, SearchArgs } from '../../protocols/graphql/connection.js';
import { UserError } from '../../protocols/graphql/errors.js';
import { DateTimeScalar } from '../../protocols/graphql/scalars.js';
import type { ApiTokenRow } from './api-tokens.service.js';

@ObjectType({
  description: 'A named, long-lived access token of the Management API; its text is kept nowhere.',
})
export class ApiToken {
  @Field(() => ID)
  id!: string;
  @Field(() => String, { description: 'Of live ones no two have the same, unless one replaces another.' })
  name!: string;
  @Field(() => [String])
  scopes!: string[];
  @Field(() => String)
  createdByName!: string;
  @Field(() => ID, { nullable: true, description: 'The identity or application that made it, if known.' })
  createdById!: string | null;
  @Field(() => DateTimeScalar)
  createdAt!: Date;
  @Field(() => DateTimeScalar)
  expiresAt!: Date;
  @Field(() => DateTimeScalar, { nullable: true, description: 'Written at most once a minute.' })
  lastUsedAt!: Date | null;
  @Field(() => DateTimeScalar, { nullable: true })
  revokedAt!: Date | null;
}

export const ApiTokenConnection = connectionOf(ApiToken, 'ApiToken');

export const presentApiToken = (row: ApiTokenRow): ApiToken => ({
  id: row.id,
  name: row.name,
  scopes: row.scopes,
  createdByName: row.created_by_name,
  createdById: row.created_by_id,
  createdAt: row.created_at,
  expiresAt: row.expires_at,
  lastUsedAt: row.last_used_at,
  revokedAt: row.revoked_at,
});

@ArgsType()
export class ApiTokenArgs extends SearchArgs {
  @Field(() => Boolean, {
    nullable: true,
    description: 'true: only those that still open something; false: only revoked and expired ones.',
  })
  live?: boolean | null;
  @Field(() => ID, { nullable: true, description: 'Only those that this identity or application made.' })
  createdById?: string | null;
}

@InputType()
export class CreateApiTokenInput {
  @Field(() => ID, { description: 'The Admin Realm.' })
  realmId!: string;
  @Field(() => String)
  name!: string;
  @Field(() => [String], {
    description: 'Of the Management API; only what the caller holds for the whole tenant.',
  })
  scopes!: string[];
  @Field(() => Int, { nullable: true, description: '60 to 31,536,000; 7,776,000 (90 days) unless said.' })
  expiresInSeconds?: number | null;
  @Field(() => Boolean, {
    nullable: true,
    description:
      'Whether a live one may have the same name: its successor is the same provisioning client. The old one lives on until it is revoked.',
  })
  replace?: boolean | null;
}

@InputType()
export class RevokeApiTokenInput {
  @Field(() => ID)
  realmId!: string;
  @Field(() => ID)
  apiTokenId!: string;
}

@InputType({ description: 'Exactly one of the two.' })
export class RevokeApiTokensInput {
  @Field(() => ID)
  realmId!: string;
  @Field(() => ID, { nullable: true })
  applicationId?: string | null;
  @Field(() => ID, { nullable: true, description: 'The identity or application that made them.' })
  createdById?: string | null;
}

@ObjectType()
export class CreateApiTokenPayload {
  @Field(() => ApiToken, { nullable: true })
  apiToken?: ApiToken | null;
  @Field(() => String, { nullable: true, description: 'Shown this once.' })
  token?: string | null;
  @Field(() => [UserError])
  errors!: UserError[];
}

@ObjectType()
export class ApiTokenPayload {
  @Field(() => ApiToken, { nullable: true })
  apiToken?: ApiToken | null;
  @Field(() => [UserError])
  errors!: UserError[];
}

@ObjectType()
export class RevokeApiTokensPayload {
  @Field(() => Int, { nullable: true, description: 'How many were live.' })
  revoked?: number | null;
  @Field(() => [UserError])
  errors!: UserError[];
}
