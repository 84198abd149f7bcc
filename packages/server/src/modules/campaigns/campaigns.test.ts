import { sql } from 'kysely';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { createRunner } from '../../kernel/command.js';
import type { RealmCtx } from '../../kernel/context.js';
import { listenTestApp, type TestApp } from '../../testing/app.js';
import { bind } from '../../testing/people.js';
import { readMail, startSmtp, type TestSmtp } from '../../testing/smtp.js';
import type { Profile } from '../identities/identities.types.js';
import { createCampaignRuns } from './campaigns.runs.service.js';

const DAY = 86_400;

describe('a campaign', () => {
  let test: TestApp;
  let smtp: TestSmtp;
  let realm: RealmCtx;
  let count = 0;
  beforeAll(async () => {
    smtp = await startSmtp();
    test = await listenTestApp({ mail: { smtpUrl: smtp.url, from: 'keyrealm@example.com' } });
  });
  beforeEach(async () => {
    const { id } = await test.services.realms.create(await test.caller(), { displayName: `R${++count}` });
    realm = await test.caller(undefined, id);
    smtp.received.length = 0;
    smtp.refuseWith(undefined);
  });
  afterEach(async () => {
    vi.useRealTimers();
    await sql`update campaigns set status = 'PAUSED' where status = 'RUNNING'`.execute(test.database.db);
    await sql`delete from mails`.execute(test.database.db);
  });
  afterAll(async () => {
    await test.close();
    await smtp.close();
  });

  const campaigns = () => test.services.campaigns;
  const later = (seconds: number) => {
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + seconds * 1000 });
  };
  const inDays = (days: number) => new Date(Date.now() + days * DAY * 1000);
  const person = async (username: string, more: object = {}) =>
    test.services.identities.create(realm, {
      username,
      emails: [{ value: `${username}@example.com` }],
      ...more,
    });
  const draft = (more: object = {}) =>
    campaigns().create(realm, { name: 'Passkeys for all', dueAt: inDays(14), reminderDays: [3, 7], ...more });
  const started = async (more: object = {}) => {
    const { id } = await draft(more);
    return campaigns().start(realm, { campaignId: id });
  };
  /** All that is due now, by any worker. */
  const work = async () => {
    while (await test.services.campaignRuns.step());
  };
  const deliver = async () => {
    while ((await test.services.mailSender.step()) > 0);
    return smtp.received.splice(0);
  };
  const recipients = async () => (await deliver()).flatMap(({ to }) => to).sort();
  const coverage = async (campaignId: string) => {
    const row = await campaigns().find(realm, campaignId);
    if (!row) throw new Error('no campaign');
    return campaigns().coverage(realm, row);
  };
  const eventsOf = async (subjectId: string) => {
    const rows = await test.database.db
      .selectFrom('events')
      .select('type')
      .where('subject_id', '=', subjectId)
      .orderBy('id')
      .execute();
    return rows.map(({ type }) => type);
  };
  const linkIn = (source: string) =>
    /https?:\S+\/bind#token=[\w-]{43}/.exec(readMail(source).text)?.[0] ?? '';

  it('asks those without a passkey by mail, and tells of who has no address', async () => {
    await person('ada');
    await person('bob');
    await test.services.identities.create(realm, { username: 'bare' });
    await person('gone', { active: false });
    const enrolled = await person('eve');
    await bind((await test.services.bindingJobs.create(realm, { identityId: enrolled.id })).link);
    expect(await campaigns().preview(realm, undefined)).toEqual({
      would_ask: 2,
      without_address: 1,
      enrolled: 1,
      suspended: 1,
    });
    const { id } = await draft({ message: 'Please do it\nthis week. <b>Thanks</b>' });
    await work();
    expect(await recipients()).toEqual([]);
    await campaigns().start(realm, { campaignId: id });
    expect(await coverage(id)).toMatchObject({ asked: 0, unasked: 3 });
    await work();
    const mails = await deliver();
    expect(mails.flatMap(({ to }) => to).sort()).toEqual(['ada@example.com', 'bob@example.com']);
    expect(readMail(mails[0]?.source ?? '').text).toContain('this week. <b>Thanks</b>');
    expect(readMail(mails[0]?.source ?? '').html).not.toContain('<b>');
    expect(await coverage(id)).toMatchObject({ asked: 2, waiting: 2, no_address: 1, unasked: 0 });
    await bind(linkIn(mails[0]?.source ?? ''));
    expect(await coverage(id)).toMatchObject({ asked: 2, enrolled: 1, waiting: 1, failed: 0 });
    expect(await eventsOf(id)).toEqual(['campaign.created', 'campaign.started']);
  });

  it('reminds those who wait, and never who has a passkey, is suspended or was excluded', async () => {
    const people = await Promise.all(['ada', 'bob', 'carl', 'dora', 'eve'].map((name) => person(name)));
    const [, , carl, dora, eve] = people;
    const { id } = await started();
    await work();
    const first = await deliver();
    expect(first).toHaveLength(5);
    const adas = first.find(({ to }) => to[0] === 'ada@example.com');
    await bind(linkIn(adas?.source ?? ''));
    await test.services.identities.suspend(realm, { identityId: carl?.id ?? '' });
    await campaigns().exclude(realm, { campaignId: id, identityId: dora?.id });
    const jobs = await test.services.bindingJobs.list(realm, { identityId: eve?.id ?? '' }, {});
    await test.services.bindingJobs.revoke(realm, { credentialBindingJobId: jobs.items[0]?.node.id });
    later(6.9 * DAY);
    await work();
    expect(await recipients()).toEqual([]);
    later(0.2 * DAY);
    await work();
    expect(await recipients()).toEqual(['bob@example.com']);
    await work();
    expect(await recipients()).toEqual([]);
    later(4 * DAY);
    await work();
    const second = await deliver();
    expect(second.flatMap(({ to }) => to)).toEqual(['bob@example.com']);
    const bobs = first.find(({ to }) => to[0] === 'bob@example.com');
    await expect(bind(linkIn(bobs?.source ?? ''))).rejects.toThrow();
    await bind(linkIn(second[0]?.source ?? ''));
    expect(await coverage(id)).toMatchObject({ asked: 4, enrolled: 2, reminded: 1, excluded: 1, lapsed: 2 });
  });

  it('asks who joins the group until its end, and who gets an address', async () => {
    const group = await test.services.groups.create(realm, { displayName: 'Staff' });
    const join = (identityId: string) =>
      test.services.groups.addMembers(realm, { groupId: group.id, identityIds: [identityId] });
    const ada = await person('ada');
    const bare = await test.services.identities.create(realm, { username: 'bare' });
    await person('outsider');
    await join(ada.id);
    await join(bare.id);
    const { id } = await started({ groupId: group.id });
    await work();
    expect(await recipients()).toEqual(['ada@example.com']);
    const bob = await person('bob');
    await join(bob.id);
    later(61);
    await test.services.identities.change(realm, {
      id: bare.id,
      change: (profile: Profile) => ({ ...profile, emails: [{ value: 'bare@example.com' }] }),
    });
    await work();
    expect(await recipients()).toEqual(['bare@example.com', 'bob@example.com']);
    later(14 * DAY);
    await work();
    expect(await campaigns().find(realm, id)).toMatchObject({ status: 'ENDED', end_reason: 'DUE' });
    expect(await eventsOf(id)).toEqual(['campaign.created', 'campaign.started', 'campaign.ended']);
    await join((await person('late')).id);
    later(120);
    await work();
    expect(await recipients()).toEqual([]);
  });

  it('ends with its group, and turns on nobody else', async () => {
    const group = await test.services.groups.create(realm, { displayName: 'Staff' });
    await person('outsider');
    const { id } = await started({ groupId: group.id });
    await test.services.groups.remove(realm, { groupId: group.id });
    await work();
    expect(await campaigns().find(realm, id)).toMatchObject({ status: 'ENDED', end_reason: 'GROUP_DELETED' });
    expect(await recipients()).toEqual([]);
  });

  it('asks nobody after it was paused, and goes on where it stopped', async () => {
    for (let at = 0; at < 6; at++) await person(`p${at}`);
    const { id } = await started();
    const runs = createCampaignRuns(depsOf(test), { batch: 2 });
    await runs.step();
    await campaigns().pause(realm, { campaignId: id });
    await runs.step();
    expect(await coverage(id)).toMatchObject({ asked: 2, unasked: 4 });
    await expect(campaigns().pause(realm, { campaignId: id })).rejects.toMatchObject({ code: 'WRONG_STATE' });
    await campaigns().start(realm, { campaignId: id });
    while (await runs.step());
    expect(await coverage(id)).toMatchObject({ asked: 6, unasked: 0 });
    await campaigns().end(realm, { campaignId: id });
    await expect(campaigns().start(realm, { campaignId: id })).rejects.toMatchObject({ code: 'WRONG_STATE' });
  });

  it('asks each once with many workers, also when they do not know of each other', async () => {
    for (let at = 0; at < 30; at++) await person(`p${at}`);
    const { id } = await started();
    const nodes = Array.from({ length: 4 }, () =>
      createCampaignRuns(depsOf(test), { batch: 7, leaseSeconds: 0 }),
    );
    await Promise.all(
      nodes.map(async (node) => {
        while (await node.step());
      }),
    );
    expect(await coverage(id)).toMatchObject({ asked: 30, unasked: 0 });
    const { rows } = await sql<{ jobs: number }>`
      select count(*)::int as jobs from credential_binding_jobs where batch_id = ${id}`.execute(
      test.database.db,
    );
    expect(rows[0]?.jobs).toBe(30);
    expect(await recipients()).toHaveLength(30);
  });

  it('leaves administrators to administrators', async () => {
    realm = await test.caller();
    const { id } = await started();
    await work();
    expect(await recipients()).toEqual([]);
    expect(await coverage(id)).toMatchObject({ asked: 0, administrators: 1 });
  });

  it('reminds nobody who became an administrator after they were asked', async () => {
    realm = await test.caller();
    const { id: identityId } = await person('rising');
    await started();
    await work();
    const [first] = await deliver();
    const role = await test.database.db
      .selectFrom('roles')
      .select('id')
      .where('realm_id', '=', realm.realm.id)
      .where('managed', '=', 'SUPER_ADMINISTRATOR')
      .executeTakeFirstOrThrow();
    await test.services.roleAssignments.assign(realm, { roleId: role.id, identityIds: [identityId] });
    later(7.1 * DAY);
    await work();
    expect(await recipients()).toEqual([]);
    await expect(bind(linkIn(first?.source ?? ''))).rejects.toThrow('LINK_OUTGROWN');
  });

  it('lists who is missing, page by page, and shows a mail that no server takes', async () => {
    for (let at = 0; at < 5; at++) await person(`p${at}`);
    await test.services.identities.create(realm, { username: 'bare' });
    smtp.refuseWith(550);
    const { id } = await started();
    await work();
    await deliver();
    const row = await campaigns().find(realm, id);
    if (!row) throw new Error('no campaign');
    const first = await campaigns().people(realm, row, undefined, { first: 4 });
    const rest = await campaigns().people(realm, row, undefined, {
      first: 4,
      after: first.items.at(-1)?.cursor,
    });
    const seen = [...first.items, ...rest.items].map(({ node }) => node);
    expect(new Set(seen.map(({ identity_id }) => identity_id)).size).toBe(6);
    expect(seen.filter(({ now }) => now === 'FAILED')).toHaveLength(5);
    const bare = await campaigns().people(realm, row, ['NO_ADDRESS'], {});
    expect(bare.items).toHaveLength(1);
    expect(await coverage(id)).toMatchObject({ asked: 5, failed: 5, waiting: 0 });
  });

  it.each([
    [{ dueAt: new Date(0) }, 'dueAt'],
    [{ dueAt: inDays(400) }, 'dueAt'],
    [{ reminderDays: [3, 3] }, 'reminderDays'],
    [{ reminderDays: [0] }, 'reminderDays'],
    [{ name: ' ' }, 'name'],
    [{ message: 'x'.repeat(1001) }, 'message'],
  ])('refuses %j', async (more, path) => {
    await expect(draft(more)).rejects.toMatchObject({
      code: 'INVALID_INPUT',
      path: expect.arrayContaining([path]),
    });
  });

  it('is closed to other realms and to who lacks the scope', async () => {
    const group = await test.services.groups.create(realm, { displayName: 'Staff' });
    const stranger = await person('stranger');
    const { id } = await draft();
    const other = await test.services.realms.create(await test.caller(), { displayName: 'Other' });
    const there = await test.caller(undefined, other.id);
    const missing = { code: 'NOT_FOUND' };
    await expect(
      campaigns().create(there, { name: 'x', dueAt: inDays(1), groupId: group.id }),
    ).rejects.toMatchObject(missing);
    await expect(campaigns().preview(there, group.id)).rejects.toMatchObject(missing);
    for (const act of [campaigns().start, campaigns().pause, campaigns().end])
      await expect(act(there, { campaignId: id })).rejects.toMatchObject(missing);
    expect(await campaigns().find(there, id)).toBeUndefined();
    const own = await campaigns().create(there, { name: 'x', dueAt: inDays(1) });
    await expect(
      campaigns().exclude(there, { campaignId: own.id, identityId: stranger.id }),
    ).rejects.toMatchObject(missing);
    const reader = await test.caller(['credential-binding-jobs:read', 'identities:read'], realm.realm.id);
    for (const act of [campaigns().start, campaigns().pause, campaigns().end])
      await expect(act(reader, { campaignId: id })).rejects.toMatchObject({ code: 'FORBIDDEN' });
    await expect(campaigns().preview(reader, undefined)).rejects.toMatchObject({ code: 'FORBIDDEN' });
    const nobody = await test.caller(['identities:read'], realm.realm.id);
    await expect(campaigns().find(nobody, id)).rejects.toMatchObject({ code: 'FORBIDDEN' });
    await expect(campaigns().list(nobody, {})).rejects.toMatchObject({ code: 'FORBIDDEN' });
  });

  it('is made, followed and ended over GraphQL', async () => {
    await person('ada');
    const token = await test.apiToken();
    const realmId = realm.realm.id;
    const made = await test.graphql<{ createCampaign: { campaign: { id: string } } }>(
      token,
      `mutation ($input: CreateCampaignInput!) { createCampaign(input: $input) {
        campaign { id name status reminderDays groupId } errors { code path } } }`,
      { input: { realmId, name: 'Spring', dueAt: inDays(10).toISOString(), reminderDays: [1, 5] } },
    );
    expect(made.data).toMatchObject({
      createCampaign: { campaign: { name: 'Spring', status: 'DRAFT', reminderDays: [5, 1], groupId: null } },
    });
    const input = { realmId, campaignId: made.data.createCampaign.campaign.id };
    const act = (name: string) =>
      test.graphql(
        token,
        `mutation ($input: CampaignActionInput!) { ${name}(input: $input) { campaign { status } errors { code } } }`,
        { input },
      );
    expect((await act('startCampaign')).data).toEqual({
      startCampaign: { campaign: { status: 'RUNNING' }, errors: [] },
    });
    await work();
    const { data } = await test.graphql(
      token,
      `query ($realm: ID!, $id: ID!) { realm(id: $realm) { campaignPreview { wouldAsk }
        campaigns { nodes { id } }
        campaign(id: $id) { coverage { asked waiting unasked } batch { progress { jobs queued } }
          people { nodes { state reminders askedAt identity { username } } } } } }`,
      { realm: realmId, id: input.campaignId },
    );
    expect(data).toEqual({
      realm: {
        campaignPreview: { wouldAsk: 1 },
        campaigns: { nodes: [{ id: input.campaignId }] },
        campaign: {
          coverage: { asked: 1, waiting: 1, unasked: 0 },
          batch: { progress: { jobs: 1, queued: 1 } },
          people: {
            nodes: [
              { state: 'WAITING', reminders: 0, askedAt: expect.any(String), identity: { username: 'ada' } },
            ],
          },
        },
      },
    });
    expect((await act('pauseCampaign')).data).toEqual({
      pauseCampaign: { campaign: { status: 'PAUSED' }, errors: [] },
    });
    expect((await act('endCampaign')).data).toEqual({
      endCampaign: { campaign: { status: 'ENDED' }, errors: [] },
    });
    expect((await act('startCampaign')).data).toEqual({
      startCampaign: { campaign: null, errors: [{ code: 'WRONG_STATE' }] },
    });
  });
});

const depsOf = ({ services, database }: TestApp) => ({
  db: database.db,
  command: createRunner(database.db),
  realms: services.realms,
  identities: services.identities,
  roles: services.roles,
  bindingJobs: services.bindingJobs,
});
