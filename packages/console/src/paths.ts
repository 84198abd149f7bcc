const at = (...parts: string[]): string => `/${parts.map(encodeURIComponent).join('/')}`;

/** Every address of the console, below its base path. */
export const paths = {
  start: () => '/',
  realms: () => at('realms'),
  newRealm: () => at('realms', 'new'),
  home: (realmId: string) => at('realms', realmId),
  renameRealm: (realmId: string) => at('realms', realmId, 'rename'),
  identities: (realmId: string) => at('realms', realmId, 'identities'),
  newIdentity: (realmId: string) => at('realms', realmId, 'identities', 'new'),
  deletedIdentities: (realmId: string) => at('realms', realmId, 'identities', 'deleted'),
  identity: (realmId: string, identityId: string) => at('realms', realmId, 'identities', identityId),
  groups: (realmId: string) => at('realms', realmId, 'groups'),
  newGroup: (realmId: string) => at('realms', realmId, 'groups', 'new'),
  group: (realmId: string, groupId: string) => at('realms', realmId, 'groups', groupId),
  editGroup: (realmId: string, groupId: string) => at('realms', realmId, 'groups', groupId, 'edit'),
  applications: (realmId: string) => at('realms', realmId, 'applications'),
  newApplication: (realmId: string) => at('realms', realmId, 'applications', 'new'),
  application: (realmId: string, applicationId: string) =>
    at('realms', realmId, 'applications', applicationId),
  editApplication: (realmId: string, applicationId: string) =>
    at('realms', realmId, 'applications', applicationId, 'edit'),
  passkeys: (realmId: string) => at('realms', realmId, 'passkeys'),
  campaigns: (realmId: string) => at('realms', realmId, 'campaigns'),
  newCampaign: (realmId: string) => at('realms', realmId, 'campaigns', 'new'),
  campaign: (realmId: string, campaignId: string) => at('realms', realmId, 'campaigns', campaignId),
  mail: (realmId: string) => at('realms', realmId, 'mail'),
  provisioning: (realmId: string) => at('realms', realmId, 'provisioning'),
  policy: (realmId: string) => at('realms', realmId, 'policy'),
  events: (realmId: string) => at('realms', realmId, 'events'),
  event: (realmId: string, eventId: string) => at('realms', realmId, 'events', eventId),
} as const;

const SECTIONS = [
  'identities',
  'groups',
  'passkeys',
  'campaigns',
  'mail',
  'applications',
  'provisioning',
  'policy',
  'events',
] as const;

/** Where a change of realm leads to: the same kind of page in the other realm. */
export function sameSectionIn(realmId: string, pathname: string): string {
  const section = SECTIONS.find((name) => pathname.split('/')[3] === name);
  return section === undefined ? paths.home(realmId) : paths[section](realmId);
}
