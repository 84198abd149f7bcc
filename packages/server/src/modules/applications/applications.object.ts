import { Field, ID, Int, ObjectType, registerEnumType } from 'type-graphql';
import { connectionOf } from '../../protocols/graphql/connection.js';
import { DateTimeScalar } from '../../protocols/graphql/scalars.js';
import type { ApplicationRow } from './applications.service.js';

const enumOf = <T extends string>(name: string, ...values: T[]): { [K in T]: K } => {
  const object = Object.fromEntries(values.map((value) => [value, value])) as { [K in T]: K };
  registerEnumType(object, { name });
  return object;
};

export const ApplicationType = enumOf('ApplicationType', 'CONFIDENTIAL', 'PUBLIC');
export const AuthenticatorKind = enumOf('AuthenticatorKind', 'EMBEDDED', 'HOSTED_WEB', 'NONE');
export const GrantType = enumOf('GrantType', 'AUTHORIZATION_CODE', 'CLIENT_CREDENTIALS', 'REFRESH_TOKEN');
export const SubjectSource = enumOf('SubjectSource', 'EMAIL', 'ID', 'USERNAME');
export const TokenEndpointAuthMethod = enumOf(
  'TokenEndpointAuthMethod',
  'CLIENT_SECRET_BASIC',
  'CLIENT_SECRET_POST',
  'NONE',
);

@ObjectType({ description: 'An OAuth 2.0 / OpenID Connect client.' })
export class Application {
  @Field(() => ID)
  id!: string;
  @Field(() => String, { description: 'The OAuth 2.0 client_id.' })
  clientId!: string;
  @Field(() => String)
  displayName!: string;
  @Field(() => ApplicationType)
  type!: keyof typeof ApplicationType;
  @Field(() => Boolean)
  managed!: boolean;
  @Field(() => Int)
  version!: number;
  @Field(() => DateTimeScalar)
  createdAt!: Date;
  @Field(() => DateTimeScalar)
  updatedAt!: Date;
  @Field(() => [GrantType])
  grantTypes!: string[];
  @Field(() => [String], { description: 'Compared exactly (RFC 9700, section 2.1).' })
  redirectUris!: string[];
  @Field(() => [String])
  postLogoutRedirectUris!: string[];
  @Field(() => TokenEndpointAuthMethod)
  tokenEndpointAuthMethod!: string;
  @Field(() => SubjectSource)
  subject!: keyof typeof SubjectSource;
  @Field(() => [String])
  allowedScopes!: string[];
  @Field(() => Int, { description: 'Seconds.' })
  accessTokenLifetime!: number;
  @Field(() => Int, { description: 'Seconds.' })
  refreshTokenLifetime!: number;
  realmId!: string;
  resourceServerId!: string | null;
  authenticatorConfigId!: string;
}

export const presentApplication = (row: ApplicationRow): Application => ({
  id: row.id,
  clientId: row.id,
  displayName: row.display_name,
  type: row.type,
  managed: row.managed !== null,
  version: row.version,
  createdAt: row.created_at,
  updatedAt: row.updated_at,
  grantTypes: row.grant_types.map((grant) => grant.toUpperCase()),
  redirectUris: row.redirect_uris,
  postLogoutRedirectUris: row.post_logout_redirect_uris,
  tokenEndpointAuthMethod: row.token_endpoint_auth_method.toUpperCase(),
  subject: row.subject,
  allowedScopes: row.allowed_scopes,
  accessTokenLifetime: row.access_token_lifetime,
  refreshTokenLifetime: row.refresh_token_lifetime,
  realmId: row.realm_id,
  resourceServerId: row.resource_server_id,
  authenticatorConfigId: row.authenticator_config_id,
});

export const ApplicationConnection = connectionOf(Application, 'Application');
