// type-graphql refuses to load without the metadata API, although every type is named by hand.
import 'reflect-metadata';
import type { GraphQLSchema } from 'graphql';
import { buildSchemaSync } from 'type-graphql';
import {
  ApplicationsResolver,
  RealmApplicationsResolver,
} from './modules/applications/applications.resolver.js';
import { ApplicationSecretsResolver } from './modules/applications/secrets.resolver.js';
import { AttributeSchemasResolver } from './modules/attribute-schemas/attribute-schemas.resolver.js';
import {
  ApplicationAuthenticatorConfigResolver,
  AuthenticatorConfigsResolver,
  RealmAuthenticatorConfigsResolver,
} from './modules/authenticator-configs/authenticator-configs.resolver.js';
import { AuthenticatorMetadataResolver } from './modules/authenticator-metadata/authenticator-metadata.resolver.js';
import {
  BindingBatchesResolver,
  RealmBindingBatchesResolver,
} from './modules/binding-jobs/batches.resolver.js';
import {
  BindingJobsResolver,
  IdentityBindingJobsResolver,
  RealmBindingJobsResolver,
} from './modules/binding-jobs/binding-jobs.resolver.js';
import { BindingJobsBulkResolver } from './modules/binding-jobs/bulk.resolver.js';
import { BindingDeliveryResolver } from './modules/binding-jobs/delivery.resolver.js';
import {
  CampaignPeopleResolver,
  CampaignsResolver,
  RealmCampaignsResolver,
} from './modules/campaigns/campaigns.resolver.js';
import { RealmEventsResolver } from './modules/events/events.resolver.js';
import {
  GroupsResolver,
  IdentityGroupsResolver,
  RealmGroupsResolver,
} from './modules/groups/groups.resolver.js';
import { IdentitiesBulkResolver } from './modules/identities/bulk.resolver.js';
import { DeletionResolver, RealmDeletionResolver } from './modules/identities/deletion.resolver.js';
import { ErasureResolver, RealmErasureResolver } from './modules/identities/erasure.resolver.js';
import { IdentitiesResolver, RealmIdentitiesResolver } from './modules/identities/identities.resolver.js';
import { DirectoryImportsResolver, RealmImportsResolver } from './modules/imports/imports.resolver.js';
import { RealmOutboxResolver } from './modules/mail/mail.resolver.js';
import { RealmInventoryResolver } from './modules/passkeys/inventory.resolver.js';
import {
  CredentialsResolver,
  IdentityCredentialsResolver,
  RealmCredentialsResolver,
} from './modules/passkeys/passkeys.resolver.js';
import {
  CredentialRevocationResolver,
  RealmRevocationResolver,
  RevocationHoldersResolver,
} from './modules/passkeys/revocation.resolver.js';
import { RealmPolicyResolver } from './modules/policies/policies.resolver.js';
import {
  ProvisioningBrakeResolver,
  ProvisioningClientsResolver,
  ProvisioningRequestResolver,
  RealmScimResolver,
  ScimServerResolver,
} from './modules/provisioning/provisioning.resolver.js';
import { RealmsResolver } from './modules/realms/realms.resolver.js';
import { RecoveryResolver } from './modules/recovery/recovery.resolver.js';
import { RelyingPartiesResolver } from './modules/relying-parties/relying-parties.resolver.js';
import {
  RealmResourceServersResolver,
  ResourceServersResolver,
} from './modules/resource-servers/resource-servers.resolver.js';
import {
  GroupRolesResolver,
  IdentityRolesResolver,
  RoleAssignmentsResolver,
} from './modules/roles/assignments.resolver.js';
import { RealmRolesResolver, RolesResolver } from './modules/roles/roles.resolver.js';
import {
  IdentitySessionsResolver,
  RealmSessionsResolver,
  SessionsResolver,
} from './modules/sessions/sessions.resolver.js';
import {
  RealmSigningKeysResolver,
  SigningKeysResolver,
} from './modules/signing-keys/signing-keys.resolver.js';
import { TenantsResolver, ViewerResolver } from './modules/tenants/tenants.resolver.js';
import { RealmThemeResolver, ThemesResolver } from './modules/themes/themes.resolver.js';
import { ApiTokensResolver, RealmApiTokensResolver } from './modules/tokens/api-tokens.resolver.js';

/** Every resolver of every module, as one schema; `schema.graphql` at the root is its text. */
export const createSchema = (): GraphQLSchema =>
  buildSchemaSync({
    resolvers: [
      ViewerResolver,
      TenantsResolver,
      RealmsResolver,
      RelyingPartiesResolver,
      ApplicationAuthenticatorConfigResolver,
      AuthenticatorConfigsResolver,
      RealmAuthenticatorConfigsResolver,
      RecoveryResolver,
      RealmThemeResolver,
      ThemesResolver,
      RealmIdentitiesResolver,
      IdentitiesResolver,
      IdentitiesBulkResolver,
      AttributeSchemasResolver,
      AuthenticatorMetadataResolver,
      RealmDeletionResolver,
      DeletionResolver,
      RealmErasureResolver,
      ErasureResolver,
      RealmImportsResolver,
      DirectoryImportsResolver,
      RealmGroupsResolver,
      IdentityGroupsResolver,
      GroupsResolver,
      RealmCredentialsResolver,
      RealmInventoryResolver,
      RealmRevocationResolver,
      RevocationHoldersResolver,
      IdentityCredentialsResolver,
      CredentialsResolver,
      CredentialRevocationResolver,
      RealmBindingJobsResolver,
      IdentityBindingJobsResolver,
      BindingJobsResolver,
      BindingJobsBulkResolver,
      BindingBatchesResolver,
      BindingDeliveryResolver,
      RealmBindingBatchesResolver,
      RealmCampaignsResolver,
      CampaignsResolver,
      CampaignPeopleResolver,
      RealmOutboxResolver,
      RealmSessionsResolver,
      IdentitySessionsResolver,
      SessionsResolver,
      RealmApplicationsResolver,
      ApplicationsResolver,
      ApplicationSecretsResolver,
      RealmResourceServersResolver,
      ResourceServersResolver,
      RealmPolicyResolver,
      RealmRolesResolver,
      RolesResolver,
      IdentityRolesResolver,
      GroupRolesResolver,
      RoleAssignmentsResolver,
      RealmSigningKeysResolver,
      SigningKeysResolver,
      RealmApiTokensResolver,
      ApiTokensResolver,
      RealmEventsResolver,
      RealmScimResolver,
      ScimServerResolver,
      ProvisioningBrakeResolver,
      ProvisioningRequestResolver,
      ProvisioningClientsResolver,
    ],
    // Services parse every input with a schema of their own.
    validate: false,
  });
