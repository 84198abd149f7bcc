import { describe, expect, it } from 'vitest';
import { paths, sameSectionIn } from './paths';

describe('addresses', () => {
  it('stay as they are: people keep them', () => {
    const all = Object.entries(paths).map(([name, path]) => {
      const build: (...ids: string[]) => string = path;
      return `${name}: ${build('REALM', 'THING')}`;
    });
    expect(all).toMatchInlineSnapshot(`
      [
        "start: /",
        "realms: /realms",
        "newRealm: /realms/new",
        "home: /realms/REALM",
        "renameRealm: /realms/REALM/rename",
        "identities: /realms/REALM/identities",
        "newIdentity: /realms/REALM/identities/new",
        "deletedIdentities: /realms/REALM/identities/deleted",
        "identity: /realms/REALM/identities/THING",
        "groups: /realms/REALM/groups",
        "newGroup: /realms/REALM/groups/new",
        "group: /realms/REALM/groups/THING",
        "editGroup: /realms/REALM/groups/THING/edit",
        "applications: /realms/REALM/applications",
        "newApplication: /realms/REALM/applications/new",
        "application: /realms/REALM/applications/THING",
        "editApplication: /realms/REALM/applications/THING/edit",
        "passkeys: /realms/REALM/passkeys",
        "campaigns: /realms/REALM/campaigns",
        "newCampaign: /realms/REALM/campaigns/new",
        "campaign: /realms/REALM/campaigns/THING",
        "mail: /realms/REALM/mail",
        "provisioning: /realms/REALM/provisioning",
        "policy: /realms/REALM/policy",
        "events: /realms/REALM/events",
        "event: /realms/REALM/events/THING",
      ]
    `);
  });

  it('keep an id in its own segment', () => {
    expect(paths.identity('a/b', '../c?d')).toBe('/realms/a%2Fb/identities/..%2Fc%3Fd');
  });

  it('lead to the same kind of page in another realm', () => {
    expect(sameSectionIn('R2', '/realms/R1/groups/G1/edit')).toBe('/realms/R2/groups');
    expect(sameSectionIn('R2', '/realms/R1')).toBe('/realms/R2');
    expect(sameSectionIn('R2', '/realms')).toBe('/realms/R2');
  });
});
