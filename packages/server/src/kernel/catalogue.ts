/**
 * Every event type that exists, with the shape of its data. A service can record no other, so a new kind of change
 * begins here. Data never holds a secret, a link, a token or a whole profile.
 */
export interface EventCatalogue {
  'tenant.created': { displayName: string };
  'realm.created': { displayName: string };
  'realm.updated': { changed: string[] };
  'realm.domain_set': { domain: string };
  'realm.domain_verified': { domain: string };
  'realm.domain_removed': { domain: string };
  'theme.updated': { changed: string[] };
  'attribute_schema.updated': {
    version: number;
    added: string[];
    changed: string[];
    removed: string[];
    /** How many identities did not meet it when it was saved. */
    invalid: number;
  };
  'identity.created': { username: string };
  'identity.updated': { changed: string[] };
  'identity.suspended': { endedSessions: number };
  'identity.activated': Record<string, never>;
  'identity.adopted': Record<string, never>;
  'identity.deleted': { username: string; endedSessions: number; restorableUntil: string };
  'identity.erased': { reason: string };
  'identity.restored': { username: string; skipped: { kind: string; id: string; name: string }[] };
  'group.adopted': Record<string, never>;
  'group.created': { displayName: string };
  'group.updated': { changed: string[] };
  'group.deleted': { displayName: string };
  'group.member_added': { groupId: string; groupName: string };
  'group.member_removed': { groupId: string; groupName: string };
  'application.created': { displayName: string; type: string };
  'application.updated': { changed: string[] };
  'application.deleted': { displayName: string };
  'application.secret_created': { secretId: string; hint: string; expiresAt: string | null };
  /** Warned of 14, 7 and 1 days before. */
  'application.secret_expiring': { secretId: string; hint: string; expiresAt: string; days: number };
  'application.secret_revoked': { secretId: string; hint: string };
  'authenticator_config.created': { displayName: string; kind: string };
  'authenticator_config.updated': { changed: string[] };
  'authenticator_config.deleted': { displayName: string };
  'resource_server.created': { identifier: string };
  'resource_server.updated': { changed: string[] };
  'resource_server.deleted': { identifier: string };
  'resource_server.scopes_added': { scopes: string[] };
  'resource_server.scopes_removed': { scopes: string[] };
  'role.created': { displayName: string };
  'role.updated': { changed: string[]; added?: string[]; removed?: string[] };
  'role.deleted': { displayName: string };
  /** Where it is of the Management API: the realms that it reaches, null for the whole tenant. */
  'role.assigned': { roleId: string; roleName: string; reachesRealmIds?: readonly string[] | null };
  'role.unassigned': { roleId: string; roleName: string };
  'policy.published': { version: number; note: string | null };
  'provisioning.paused': { counted: number; reason: string };
  'provisioning.rejected': { reason: string | null };
  'provisioning.released': { until: string; reason: string | null };
  'provisioning_client.created': { displayName: string; applicationId: string };
  'provisioning_client.updated': { changed: string[] };
  'credential_binding_job.created': { identityId: string; delivery: string; expiresAt: string };
  'credential_binding_job.link_opened': { identityId: string };
  'campaign.created': { name: string; groupId: string | null; dueAt: string };
  'campaign.started': { name: string };
  'campaign.paused': { name: string };
  'campaign.ended': { name: string; reason: string };
  'campaign.person_excluded': { name: string; identityId: string };
  'credential_binding_batch.created': { size: number };
  'credential_binding_job.challenged': { identityId: string };
  'credential_binding_job.revoked': { identityId: string };
  'credential_binding_job.refused': { reason: string };
  'credential_binding_job.resent': { identityId: string; delivery: string; expiresAt: string };
  'credential_binding_job.sent': { identityId: string; attempts: number };
  'credential_binding_job.expired': { identityId: string };
  /** For good: no passkey can be bound through it any more. */
  'credential_binding_job.failed': { identityId: string; reason: string };
  'credential_binding_job.failed_to_send': { identityId: string; attempts: number; reason: string };
  'credential_binding_job.link_revealed': { identityId: string };
  'recovery.requested': {
    recoveryId: string;
    method: string;
    existingPasskeys: string;
    readyAt: string;
    reason: string | null;
  };
  'recovery.refused': { recoveryId: string | null; reason: string };
  'recovery.stopped': { recoveryId: string; revoked: number; endedSessions: number };
  'recovery.completed': { recoveryId: string; passkeyId: string; revoked: number; endedSessions: number };
  'recovery_settings.updated': { changed: string[] };
  'registration.completed': {
    passkeyId: string;
    /** Null where no link brought the person, such as in a sign-up. */
    bindingJobId: string | null;
    passkeyName: string;
    deviceBound: boolean;
    /** What it says of its model, and what it proved: NONE and SELF are a claim, UNVERIFIED is little more. */
    aaguid: string;
    modelName: string;
    attestation: string;
    /** The maker of the model has a newer version of its program. */
    updateAvailable?: boolean;
  };
  'registration.failed': {
    reason: string;
    bindingJobId: string | null;
    /** Where the model was the reason. */
    aaguid?: string;
    modelName?: string;
    attestation?: string;
    weakness?: string;
  };
  'policy.evaluated': PolicyEvaluation;
  'authorization.requested': { applicationId: string };
  'authorization.completed': { applicationId: string };
  'authorization.refused': { applicationId: string | null; error: string };
  'authentication.succeeded': { passkeyId: string; sessionId: string; applicationId: string | null };
  'authentication.denied': { reason: string; passkeyId: string | null; applicationId: string | null };
  'authentication.failed': { reason: string; applicationId: string | null };
  'directory.exported': { format: string; identities: number; complete: boolean };
  'import.cancelled': { name: string; processed: number; lines: number };
  'import.completed': {
    name: string;
    /** Whether it only said what would happen. */
    dryRun: boolean;
    created: number;
    updated: number;
    unchanged: number;
    failed: number;
  };
  'import.created': { name: string; format: string; mode: string };
  'import.deleted': { name: string };
  'import.paused': { name: string; reason: string | null };
  'import.resumed': { name: string };
  'import.started': { name: string; dryRun: boolean; lines: number };
  'import.uploaded': { name: string; lines: number };
  'credential.renamed': { passkeyName: string; previousPasskeyName: string };
  'credential.revoked': { passkeyName: string; endedSessions: number };
  'credential_inventory.exported': { format: string; credentials: number; complete: boolean };
  'credential_model.revoked': {
    aaguid: string;
    modelName: string;
    revoked: number;
    endedSessions: number;
    reason: string | null;
  };
  'sign_up.completed': { passkeyId: string; applicationId: string | null };
  'sign_up.refused': { reason: string };
  'sign_up.requested': { proof: string; applicationId: string | null };
  'session.ended': { reason: string; identityId?: string };
  'session_settings.updated': {
    changed: string[];
    absoluteSeconds: number;
    idleSeconds: number | null;
  };
  'metadata.imported': { number: number; nextUpdate: string; entries: number };
  'signing_key.created': { keyId: string; algorithm: string };
  'signing_key.retired': { keyId: string };
  /** Worth nothing from then on, with the API tokens that it had signed. */
  'signing_key.revoked': { keyId: string; status: string; reason: string; apiTokens: number };
  'signing_key.rotated': { keyId: string; previousKeyId: string; reason: string };
  'signing_key_settings.updated': { changed: string[] };
  'token.issued': { applicationId: string; grantType: string; scope: string };
  'token.refused': { applicationId: string | null; grantType: string | null; error: string };
  'token.revoked': { applicationId: string };
  'api_token.created': { name: string; scopes: string[]; expiresAt: string };
  /** Warned of 14, 7 and 1 days before. */
  'api_token.expiring': { name: string; expiresAt: string; days: number };
  'api_token.revoked': { name: string };
  'administrator.recovered': { username: string; did: string[] };
  'access.refused': { reason: string; target: string };
}

/** The facts that a decision was made on, as they were, with the version and the rule that decided. */
export interface PolicyEvaluation {
  transaction: string;
  policyVersion: number;
  ruleId: string;
  ruleName: string;
  monitored: string[];
  facts: Record<string, unknown>;
  rules: { id: string; name: string; result: string }[];
}

/**
 * Keys of event data, at any depth, whose values tell of a person: the erasure of that person removes them. A key with
 * such a value that a new type brings belongs here.
 */
export const PERSONAL_DATA_KEYS = ['username', 'passkeyName', 'previousPasskeyName', 'request.ip'] as const;

export type EventType = keyof EventCatalogue;

/** The outcome of an event; `SUCCESS` unless the type says another. */
export type Outcome = 'SUCCESS' | 'ALLOW' | 'DENY' | 'FAILURE' | 'REFUSED';

export type SubjectKind =
  | 'TENANT'
  | 'REALM'
  | 'IDENTITY'
  | 'GROUP'
  | 'APPLICATION'
  | 'AUTHENTICATOR_CONFIG'
  | 'RESOURCE_SERVER'
  | 'ROLE'
  | 'POLICY'
  | 'CAMPAIGN'
  | 'CREDENTIAL_BINDING_BATCH'
  | 'CREDENTIAL_BINDING_JOB'
  | 'PROVISIONING_CLIENT'
  | 'IMPORT'
  | 'CREDENTIAL'
  | 'SESSION'
  | 'SIGNING_KEY'
  | 'API_TOKEN';

export interface Subject {
  readonly kind: SubjectKind;
  readonly id: string;
  readonly name: string;
}
