import type { Config } from './config.js';
import { createRunner, type Db } from './kernel/command.js';
import type { Vault } from './kernel/vault.js';
import { createAccountService } from './modules/account/account.service.js';
import { createApplicationsService } from './modules/applications/applications.service.js';
import { createSecretsService } from './modules/applications/secrets.service.js';
import { createAttributeSchemasService } from './modules/attribute-schemas/attribute-schemas.service.js';
import { createAuthenticationService } from './modules/authentication/authentication.service.js';
import { createSignedInService } from './modules/authentication/signed-in.service.js';
import { createConfigAdministration } from './modules/authenticator-configs/administration.service.js';
import { createAuthenticatorConfigsService } from './modules/authenticator-configs/authenticator-configs.service.js';
import { createAuthenticatorMetadataService } from './modules/authenticator-metadata/authenticator-metadata.service.js';
import type { MetadataTrust } from './modules/authenticator-metadata/authenticator-metadata.types.js';
import { createBindingBatchesService } from './modules/binding-jobs/batches.service.js';
import { createBindingJobsService } from './modules/binding-jobs/binding-jobs.service.js';
import { createBindingDeliveryService } from './modules/binding-jobs/delivery.service.js';
import { createBindingExpiryService } from './modules/binding-jobs/expiry.service.js';
import { createCampaignRuns } from './modules/campaigns/campaigns.runs.service.js';
import { createCampaignsService } from './modules/campaigns/campaigns.service.js';
import { createDirectoryExportsService } from './modules/directory-exports/directory-exports.service.js';
import { createEmbeddedService } from './modules/embedded/embedded.service.js';
import { createEventsService } from './modules/events/events.service.js';
import { createGroupsService } from './modules/groups/groups.service.js';
import { createWholeGroupsService } from './modules/groups/whole-groups.service.js';
import { createHousekeepingService } from './modules/housekeeping/housekeeping.service.js';
import { createDeletionService } from './modules/identities/deletion.service.js';
import { createErasureService } from './modules/identities/erasure.service.js';
import { createIdentitiesService } from './modules/identities/identities.service.js';
import { createImportRuns } from './modules/imports/imports.runs.service.js';
import { createImportsService } from './modules/imports/imports.service.js';
import { createImportUploads } from './modules/imports/imports.upload.service.js';
import { createMailReachService } from './modules/mail/mail.reach.service.js';
import { createMailSender } from './modules/mail/mail.sender.service.js';
import { createMailService } from './modules/mail/mail.service.js';
import { createSmtpTransport } from './modules/mail/mail.transport.js';
import { recoveryLetter } from './modules/mail/recovery.letters.js';
import { createInventoryService } from './modules/passkeys/inventory.service.js';
import { createInventoryExportService } from './modules/passkeys/inventory-export.service.js';
import { createOwnPasskeysService } from './modules/passkeys/own-passkeys.service.js';
import { createPasskeysService } from './modules/passkeys/passkeys.service.js';
import { createRevocationService } from './modules/passkeys/revocation.service.js';
import { createTakebackService } from './modules/passkeys/takeback.service.js';
import { METADATA_TRUST } from './modules/passkeys/trust.js';
import { createPoliciesService } from './modules/policies/policies.service.js';
import { createProvisioningService } from './modules/provisioning/provisioning.service.js';
import { createRealmsService } from './modules/realms/realms.service.js';
import { createRecoveryMails } from './modules/recovery/recovery.mails.js';
import { createRecoveryRuns } from './modules/recovery/recovery.runs.service.js';
import { createRecoveryService } from './modules/recovery/recovery.service.js';
import { createRecoverySettingsService } from './modules/recovery/settings.service.js';
import { createRegistrationService } from './modules/registration/registration.service.js';
import { createRealmDomainsService } from './modules/relying-parties/domains.service.js';
import { createRelyingPartyPlan } from './modules/relying-parties/plan.service.js';
import { createRelyingPartiesService } from './modules/relying-parties/relying-parties.service.js';
import { createResourceServersService } from './modules/resource-servers/resource-servers.service.js';
import { createRoleAssignmentsService } from './modules/roles/role-assignments.service.js';
import { createRoleChangesService } from './modules/roles/role-changes.service.js';
import { createRolesService } from './modules/roles/roles.service.js';
import { createSessionAdministration } from './modules/sessions/administration.service.js';
import { createSessionsService } from './modules/sessions/sessions.service.js';
import { createSessionSettingsService } from './modules/sessions/settings.service.js';
import { createSignUpCompletion } from './modules/sign-up/completion.service.js';
import { createSignUpMails } from './modules/sign-up/sign-up.mails.js';
import { createSignUpRuns } from './modules/sign-up/sign-up.runs.service.js';
import { createSignUpService } from './modules/sign-up/sign-up.service.js';
import { createKeyRotationService } from './modules/signing-keys/rotation.service.js';
import { createSigningKeysService } from './modules/signing-keys/signing-keys.service.js';
import { createAccessGuard } from './modules/tenants/lockout.js';
import { createTenantsService } from './modules/tenants/tenants.service.js';
import { createThemesService } from './modules/themes/themes.service.js';
import { createApiTokensService } from './modules/tokens/api-tokens.service.js';
import { createTokensService } from './modules/tokens/tokens.service.js';

export type Services = ReturnType<typeof createServices>;

/** Every service once, in the order of knowledge: each knows only those above it. */
export function createServices({
  db,
  vault,
  config,
  metadataTrust = METADATA_TRUST,
}: {
  db: Db;
  vault: Vault;
  config: Pick<Config, 'publicUrl'> & { readonly mail?: Config['mail'] };
  metadataTrust?: MetadataTrust;
}) {
  const command = createRunner(db);
  const { publicUrl } = config;
  const events = createEventsService({ db });
  const themes = createThemesService({ db, command });
  const policies = createPoliciesService({ db });
  const keys = createSigningKeysService({ db, vault });
  const authenticatorConfigs = createAuthenticatorConfigsService({ db });
  const realms = createRealmsService({
    db,
    command,
    themes,
    policies,
    keys,
    authenticatorConfigs,
    publicUrl,
  });
  const authenticatorMetadata = createAuthenticatorMetadataService({ db, realms, trust: metadataTrust });
  const keyRotation = createKeyRotationService({ db, command, keys, realms });
  const resourceServers = createResourceServersService({ db, command });
  const roles = createRolesService({ db });
  const applications = createApplicationsService({ db, command, resourceServers, authenticatorConfigs });
  const applicationSecrets = createSecretsService({ db, command, realms, applications });
  const relyingParties = createRelyingPartiesService({ db, publicUrl });
  const relyingPartyPlan = createRelyingPartyPlan({ db, relyingParties });
  const guard = createAccessGuard({ policies, applications, relyingParties });
  const realmDomains = createRealmDomainsService({ db, command, vault, relyingParties, guard });
  const roleChanges = createRoleChangesService({ db, command, roles, resourceServers, guard });
  const roleAssignments = createRoleAssignmentsService({ db, command, resourceServers, guard });
  const configAdministration = createConfigAdministration({ db, command, policies, guard });
  const attributeSchemas = createAttributeSchemasService({ db, command });
  const sessions = createSessionsService({ db });
  const sessionSettings = createSessionSettingsService({ db, command });
  const deletion = createDeletionService({ db, command, roles });
  const erasure = createErasureService({ db, command, sessions, roles, guard });
  const provisioning = createProvisioningService({ db, command, realms });
  const identities = createIdentitiesService({
    db,
    command,
    sessions,
    roles,
    guard,
    deletion,
    attributeSchemas,
    deprovisioned: provisioning.countDeprovisioning,
  });
  const sessionAdministration = createSessionAdministration({ db, command, sessions, identities, roles });
  const groups = createGroupsService({ db, command, guard, roles, policies });
  const wholeGroups = createWholeGroupsService({ db, command, groups, guard });
  const imports = createImportsService({ db, command, publicUrl });
  const importUploads = createImportUploads({ db, command });
  const importRuns = createImportRuns({
    db,
    command,
    realms,
    identities,
    groups,
    applications,
    roles,
    attributeSchemas,
  });
  const directoryExports = createDirectoryExportsService({
    db,
    identities,
    groups,
    attributeSchemas,
    events,
  });
  const passkeys = createPasskeysService({
    db,
    command,
    sessions,
    identities,
    roles,
    guard,
    relyingParties,
    metadata: authenticatorMetadata,
  });
  const inventory = createInventoryService({ db });
  const inventoryExport = createInventoryExportService({ inventory, identities, events });
  const revocation = createRevocationService({
    db,
    command,
    sessions,
    identities,
    roles,
    deletion,
    guard,
  });
  const mail = createMailService({ db, vault, themes, delivers: config.mail !== undefined });
  const bindingJobs = createBindingJobsService({
    db,
    command,
    authenticatorConfigs,
    identities,
    roles,
    guard,
    mail,
    publicUrl,
  });
  const bindingBatches = createBindingBatchesService({ db, command });
  const campaigns = createCampaignsService({ db, command, groups, identities, batches: bindingBatches });
  const campaignRuns = createCampaignRuns({ db, command, realms, identities, roles, bindingJobs });
  const bindingExpiry = createBindingExpiryService({ db, command, realms });
  const bindingDelivery = createBindingDeliveryService({ command, bindingJobs, identities, mail });
  const recoverySettings = createRecoverySettingsService({ db, command });
  const recovery = createRecoveryService({
    db,
    command,
    vault,
    settings: recoverySettings,
    identities,
    bindingJobs,
    takeback: createTakebackService({ sessions }),
    mail,
    guard,
  });
  const recoveryRuns = createRecoveryRuns({
    db,
    command,
    realms,
    settings: recoverySettings,
    identities,
    bindingJobs,
    mail,
    recovery,
  });
  const signUpMails = createSignUpMails({ publicUrl });
  const recoveryMails = createRecoveryMails({ identities, passkeys, publicUrl });
  const mailReach = createMailReachService(config.mail);
  const mailSender = createMailSender({
    db,
    command,
    mail,
    themes,
    realms,
    sources: {
      BINDING_LINK: bindingDelivery.source,
      RECOVERY_REQUESTED: recoveryMails.requested,
      RECOVERY_LINK: bindingDelivery.sourceOf(recoveryLetter),
      RECOVERY_COMPLETED: recoveryMails.completed,
      SIGN_UP_LINK: signUpMails.link,
      SIGN_UP_CODE: signUpMails.code,
      SIGN_UP_TAKEN: signUpMails.taken,
    },
    transport: config.mail && createSmtpTransport(config.mail),
  });
  const embedded = createEmbeddedService({ db });
  const registration = createRegistrationService({
    command,
    authenticatorConfigs,
    bindingJobs,
    identities,
    passkeys,
    policies,
    sessions,
    bound: recovery.bound,
  });
  const authentication = createAuthenticationService({
    command,
    identities,
    passkeys,
    policies,
    sessions,
    applications,
  });
  const ownPasskeys = createOwnPasskeysService({ db, command, sessions, identities, guard });
  const account = createAccountService({
    db,
    command,
    applications,
    authentication,
    bindingJobs,
    events,
    identities,
    ownPasskeys,
    sessions,
  });
  const signedIn = createSignedInService({ db, command, identities, sessions, authentication });
  const tokens = createTokensService({
    db,
    command,
    keys,
    applications,
    identities,
    sessions,
    roles,
    publicUrl,
  });
  const apiTokens = createApiTokensService({ db, command, realms });
  const signUp = createSignUpService({
    db,
    command,
    vault,
    applications,
    authenticatorConfigs,
    identities,
    passkeys,
  });
  const signUpRuns = createSignUpRuns({ db, command, realms, mail, signUp });
  const signUpCompletion = createSignUpCompletion({
    command,
    authenticatorConfigs,
    identities,
    passkeys,
    policies,
    authentication,
    signUp,
  });
  const housekeeping = createHousekeepingService({
    db,
    apiTokens,
    applicationSecrets,
    bindingExpiry,
    imports,
    deletion,
    erasure,
    provisioning,
    keyRotation,
    mail,
    recovery,
    signUp,
  });
  const tenants = createTenantsService({
    db,
    command,
    publicUrl,
    realms,
    resourceServers,
    roles,
    applications,
    groups,
    identities,
    policies,
    bindingJobs,
  });
  return {
    db,
    events,
    themes,
    policies,
    keys,
    keyRotation,
    authenticatorConfigs,
    configAdministration,
    relyingParties,
    relyingPartyPlan,
    realmDomains,
    realms,
    authenticatorMetadata,
    resourceServers,
    roles,
    roleChanges,
    roleAssignments,
    applications,
    applicationSecrets,
    attributeSchemas,
    sessions,
    sessionSettings,
    sessionAdministration,
    deletion,
    erasure,
    provisioning,
    identities,
    groups,
    wholeGroups,
    imports,
    importUploads,
    importRuns,
    directoryExports,
    passkeys,
    inventory,
    inventoryExport,
    revocation,
    mail,
    bindingBatches,
    campaigns,
    campaignRuns,
    bindingJobs,
    bindingDelivery,
    embedded,
    bindingExpiry,
    mailReach,
    mailSender,
    recovery,
    recoveryRuns,
    recoverySettings,
    signUp,
    signUpCompletion,
    signUpRuns,
    authentication,
    signedIn,
    ownPasskeys,
    account,
    registration,
    tokens,
    apiTokens,
    housekeeping,
    tenants,
  };
}
