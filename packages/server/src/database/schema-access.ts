import type { Generated } from 'kysely';
import type { Time, Versioned, WithDefault } from './columns.js';

export interface ResourceServersTable extends Versioned {
  realm_id: string;
  id: string;
  display_name: string;
  identifier: string;
  managed: string | null;
}

export interface ResourceServerScopesTable {
  realm_id: string;
  resource_server_id: string;
  name: string;
  description: Generated<string>;
}

export interface RolesTable extends Versioned {
  realm_id: string;
  id: string;
  resource_server_id: string;
  display_name: string;
  description: string | null;
  managed: string | null;
}

export interface RoleScopesTable {
  realm_id: string;
  role_id: string;
  resource_server_id: string;
  scope: string;
}

export interface RoleAssignmentsTable {
  realm_id: string;
  id: string;
  role_id: string;
  identity_id: string | null;
  group_id: string | null;
  reaches_realm_ids: string[] | null;
  created_at: Time;
}

export interface AuthenticatorConfigsTable extends Versioned {
  realm_id: string;
  id: string;
  display_name: string;
  kind: 'HOSTED_WEB' | 'EMBEDDED' | 'NONE';
  managed: string | null;
  /** EMBEDDED alone. */
  invocation: WithDefault<'AUTOMATIC' | 'MANUAL' | null>;
  invoke_url: WithDefault<string | null>;
  trusted_origins: Generated<string[]>;
  relying_party_id: WithDefault<string | null>;
  attestation: WithDefault<'NONE' | 'DIRECT'>;
  /** AAGUIDs; null is every model. */
  allowed_models: WithDefault<string[] | null>;
  denied_models: Generated<string[]>;
  sign_up: Generated<boolean>;
  sign_up_proof: WithDefault<'LINK' | 'CODE'>;
  /** Of e-mail addresses; null is every domain. */
  sign_up_domains: WithDefault<string[] | null>;
}

export interface ApplicationsTable extends Versioned {
  realm_id: string;
  id: string;
  display_name: string;
  type: 'PUBLIC' | 'CONFIDENTIAL';
  managed: string | null;
  grant_types: string[];
  redirect_uris: string[];
  post_logout_redirect_uris: string[];
  token_endpoint_auth_method: string;
  subject: WithDefault<'ID' | 'EMAIL' | 'USERNAME'>;
  resource_server_id: string | null;
  allowed_scopes: string[];
  access_token_lifetime: Generated<number>;
  refresh_token_lifetime: Generated<number>;
  authenticator_config_id: string;
}

export interface ApplicationSecretsTable {
  realm_id: string;
  id: string;
  application_id: string;
  secret_hash: Buffer;
  hint: string;
  created_at: Time;
  /** Null: until it is revoked. */
  expires_at: Date | null;
  last_used_at: Date | null;
  /** How many days were left at the last warning. */
  warned_days: number | null;
}
