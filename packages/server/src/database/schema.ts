import type { Json, Time, Versioned, WithDefault } from './columns.js';
import type {
  ApplicationSecretsTable,
  ApplicationsTable,
  AuthenticatorConfigsTable,
  ResourceServerScopesTable,
  ResourceServersTable,
  RoleAssignmentsTable,
  RoleScopesTable,
  RolesTable,
} from './schema-access.js';
import type { AttributeSchemasTable } from './schema-attributes.js';
import type {
  CampaignPeopleTable,
  CampaignsTable,
  CredentialBindingBatchesTable,
} from './schema-campaigns.js';
import type { DeletedIdentitiesTable, ErasableGroups, ErasuresTable } from './schema-deletion.js';
import type {
  DirectoryCountsTable,
  GroupMembersTable,
  GroupsTable,
  IdentitiesTable,
} from './schema-directory.js';
import type { RealmDomainsTable } from './schema-domains.js';
import type { ImportRowsTable, ImportsTable } from './schema-imports.js';
import type { SigningKeySettingsTable, SigningKeysTable } from './schema-keys.js';
import type { MailsTable } from './schema-mail.js';
import type { AuthenticatorMetadataTable, AuthenticatorModelsTable } from './schema-metadata.js';
import type {
  ProvisioningClientsTable,
  ProvisioningDeprovisionsTable,
  ProvisioningRequestsTable,
} from './schema-provisioning.js';
import type { RecoveryAsksTable, RecoveryRequestsTable, RecoverySettingsTable } from './schema-recovery.js';
import type { LiveSessions, SessionSettingsTable, SessionsTable } from './schema-sessions.js';
import type { SignUpsTable } from './schema-sign-up.js';
import type { ThemeLogosTable, ThemesTable } from './schema-themes.js';

export type {
  ApplicationSecretsTable,
  ApplicationsTable,
  AuthenticatorConfigsTable,
  ResourceServerScopesTable,
  ResourceServersTable,
  RoleAssignmentsTable,
  RoleScopesTable,
  RolesTable,
} from './schema-access.js';
export type {
  DeletedIdentitiesTable,
  ErasuresTable,
  IdentitySnapshot,
} from './schema-deletion.js';
export type {
  DirectoryCountsTable,
  EnrollmentStatus,
  GroupMembersTable,
  GroupsTable,
  IdentitiesTable,
  StoredProfile,
} from './schema-directory.js';
export type {
  SigningAlgorithm,
  SigningKeySettingsTable,
  SigningKeyStatus,
  SigningKeysTable,
} from './schema-keys.js';
export type {
  ProvisioningClientsTable,
  ProvisioningDeprovisionsTable,
  ProvisioningRequestsTable,
} from './schema-provisioning.js';
export type { SessionsTable } from './schema-sessions.js';

export interface TenantsTable extends Versioned {
  id: string;
  display_name: string;
}

export interface RealmsTable extends Versioned {
  id: string;
  tenant_id: string;
  kind: 'ADMIN' | 'ORDINARY';
  display_name: string;
  deleted_at: Date | null;
}

export type BindingJobStatus =
  | 'LINK_SENT'
  | 'LINK_OPENED'
  | 'CHALLENGED'
  | 'COMPLETED'
  | 'EXPIRED'
  | 'REVOKED'
  | 'FAILED'
  | 'FAILED_TO_SEND';

export interface CredentialBindingJobsTable {
  realm_id: string;
  id: string;
  identity_id: string;
  delivery: 'RETURN' | 'EMAIL';
  status: BindingJobStatus;
  token_hash: Buffer;
  redirect_uri: string | null;
  correlation_id: string;
  created_by_name: string;
  created_at: Time;
  expires_at: Date;
  /** When a mail server took the link. */
  sent_at: WithDefault<Date | null>;
  opened_at: Date | null;
  completed_at: Date | null;
  batch_id: WithDefault<string | null>;
  /** How often someone had it sent again. */
  resends: WithDefault<number>;
  /** When it last went out anew. */
  resent_at: WithDefault<Date | null>;
  /** Passkeys that were refused under its link. */
  refusals: WithDefault<number>;
  /** Management scopes of the identity when the link was made; null where that was not kept. */
  target_scopes: string[] | null;
  /** Where the passkey is bound; null is the realm's own hosted page. */
  authenticator_config_id: WithDefault<string | null>;
  /** Why it was made, where that was said. */
  reason: WithDefault<string | null>;
}

export interface PasskeysTable {
  realm_id: string;
  id: string;
  identity_id: string;
  binding_job_id: string | null;
  credential_id: Buffer;
  public_key: Buffer;
  algorithm: number;
  sign_count: number;
  status: WithDefault<'ACTIVE' | 'REVOKED'>;
  name: string;
  aaguid: string;
  device_bound: boolean;
  backed_up: boolean;
  user_verified: boolean;
  transports: string[];
  attestation_format: string;
  attestation: WithDefault<'NONE' | 'SELF' | 'VERIFIED' | 'UNVERIFIED'>;
  /** The name of the model that an attestation proved. */
  attested_model: WithDefault<string | null>;
  relying_party_id: string;
  created_at: Time;
  created_ip: string | null;
  created_user_agent: string | null;
  last_used_at: Date | null;
  last_used_ip: string | null;
  last_used_user_agent: string | null;
  renamed_at: Date | null;
  revoked_at: Date | null;
}

export interface ChallengesTable {
  realm_id: string;
  id: string;
  purpose: 'REGISTRATION' | 'AUTHENTICATION';
  challenge: Buffer;
  binding_job_id: string | null;
  interaction_id: string | null;
  expires_at: Date;
  /** What the response is checked against (WebAuthn Level 3, sections 7.1 and 7.2). */
  relying_party_id: string;
  origins: string[];
}

export interface OidcModelsTable {
  realm_id: string;
  model: string;
  id_hash: Buffer;
  payload: Json<Record<string, unknown>>;
  uid: string | null;
  user_code: string | null;
  grant_id: string | null;
  client_id: string | null;
  identity_id: string | null;
  session_id: string | null;
  correlation_id: string;
  created_at: Time;
  consumed_at: Date | null;
  expires_at: Date;
}

export interface RevokedTokensTable {
  realm_id: string;
  jti: string;
  expires_at: Date;
}

export interface ApiTokensTable {
  /** The key that signed it; null for one from before that was kept. */
  signing_key_id: string | null;
  realm_id: string;
  id: string;
  application_id: string;
  name: string;
  scopes: string[];
  created_by_name: string;
  /** The identity or application; null for one from before this was kept, and for the operator. */
  created_by_id: string | null;
  created_at: Time;
  expires_at: Date;
  revoked_at: Date | null;
  last_used_at: Date | null;
  /** How many days were left at the last warning. */
  warned_days: number | null;
}

export interface PolicyVersionsTable {
  realm_id: string;
  version: number;
  document: Json<Record<string, unknown>>;
  note: string | null;
  created_by_name: string;
  created_at: Time;
}

export interface PoliciesTable {
  realm_id: string;
  active_version: number;
}

export interface EventsTable extends ErasableGroups {
  realm_id: string;
  id: string;
  occurred_at: Date;
  type: string;
  outcome: string;
  actor_kind: string;
  actor_id: string | null;
  actor_name: string;
  subject_kind: string | null;
  subject_id: string | null;
  subject_name: string | null;
  correlation_id: string;
  ip: string | null;
  user_agent: string | null;
  data: Json<Record<string, unknown>>;
}

export interface Database {
  tenants: TenantsTable;
  realms: RealmsTable;
  realm_domains: RealmDomainsTable;
  themes: ThemesTable;
  theme_logos: ThemeLogosTable;
  signing_keys: SigningKeysTable;
  signing_key_settings: SigningKeySettingsTable;
  identities: IdentitiesTable;
  directory_counts: DirectoryCountsTable;
  deleted_identities: DeletedIdentitiesTable;
  erasures: ErasuresTable;
  attribute_schemas: AttributeSchemasTable;
  groups: GroupsTable;
  group_members: GroupMembersTable;
  campaigns: CampaignsTable;
  campaign_people: CampaignPeopleTable;
  credential_binding_batches: CredentialBindingBatchesTable;
  credential_binding_jobs: CredentialBindingJobsTable;
  passkeys: PasskeysTable;
  challenges: ChallengesTable;
  sessions: SessionsTable;
  live_sessions: LiveSessions;
  session_settings: SessionSettingsTable;
  resource_servers: ResourceServersTable;
  resource_server_scopes: ResourceServerScopesTable;
  roles: RolesTable;
  role_scopes: RoleScopesTable;
  role_assignments: RoleAssignmentsTable;
  authenticator_configs: AuthenticatorConfigsTable;
  applications: ApplicationsTable;
  application_secrets: ApplicationSecretsTable;
  oidc_models: OidcModelsTable;
  revoked_tokens: RevokedTokensTable;
  api_tokens: ApiTokensTable;
  policy_versions: PolicyVersionsTable;
  policies: PoliciesTable;
  events: EventsTable;
  imports: ImportsTable;
  import_rows: ImportRowsTable;
  mails: MailsTable;
  recovery_settings: RecoverySettingsTable;
  recovery_asks: RecoveryAsksTable;
  recovery_requests: RecoveryRequestsTable;
  sign_ups: SignUpsTable;
  authenticator_metadata: AuthenticatorMetadataTable;
  authenticator_models: AuthenticatorModelsTable;
  provisioning_clients: ProvisioningClientsTable;
  provisioning_deprovisions: ProvisioningDeprovisionsTable;
  provisioning_requests: ProvisioningRequestsTable;
}
