import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { RealmCtx } from '../../kernel/context.js';
import type { Scope } from '../../kernel/permissions.js';
import { buildTestApp, type TestApp } from '../../testing/app.js';

const CREATE = `mutation ($input: CreateCredentialBindingJobsInput!) { createCredentialBindingJobs(input: $input) {
  results { bindingLink credentialBindingJob { id delivery status sentAt } error { code path } } errors { code } } }`;
const OUTBOX = `query ($id: ID!) { realm(id: $id) { sendsMail outbox { nodes {
  id to subject state attempts lastError sentAt credentialBindingJobId } } } }`;
const REVEAL = `mutation ($input: RevealMailedBindingLinkInput!) { revealMailedBindingLink(input: $input) {
  bindingLink errors { code } } }`;

interface Outbox {
  realm: { sendsMail: boolean; outbox: { nodes: { id: string; to: string; state: string }[] } };
}

describe('the outbox without a mail server', () => {
  let test: TestApp;
  let realm: RealmCtx;
  let realmId: string;
  beforeAll(async () => {
    // One connection: an invitation must not wait for a second while it holds the first.
    test = await buildTestApp({ connections: 1 });
    realmId = (await test.services.realms.create(await test.caller(), { displayName: 'People' })).id;
    realm = await test.caller(undefined, realmId);
  });
  afterAll(() => test.close());

  async function waiting(username: string): Promise<{ id: string; jobId: string; token: string }> {
    const emails = [{ value: `${username}@example.com` }];
    const identity = await test.services.identities.create(realm, { username, emails });
    const wanted = { identityId: identity.id, delivery: 'EMAIL' };
    const { job } = await test.services.bindingJobs.create(realm, wanted);
    const page = await test.services.mail.list(realm, { first: 1 });
    const id = page.items[0]?.node.id ?? '';
    return { id, jobId: job.id, token: await test.apiToken() };
  }
  const reveal = (token: string, mailId: string, of = realmId) =>
    test.graphql<{ revealMailedBindingLink: { bindingLink: string | null; errors: { code: string }[] } }>(
      token,
      REVEAL,
      { input: { realmId: of, mailId } },
    );

  it('keeps the mails of a batch, tells of each who has no address, and shows no link', async () => {
    const ada = await test.services.identities.create(realm, {
      username: 'ada',
      emails: [{ value: 'ada@example.com' }],
    });
    const bare = await test.services.identities.create(realm, { username: 'bare' });
    const token = await test.apiToken();
    const input = { realmId, identityIds: [ada.id, bare.id], delivery: 'EMAIL' };
    const made = await test.graphql(token, CREATE, { input });
    expect(made.data).toMatchObject({
      createCredentialBindingJobs: {
        errors: [],
        results: [
          {
            bindingLink: null,
            credentialBindingJob: { delivery: 'EMAIL', status: 'LINK_SENT', sentAt: null },
            error: null,
          },
          {
            bindingLink: null,
            credentialBindingJob: null,
            error: { code: 'EMAIL_MISSING', path: ['identityId'] },
          },
        ],
      },
    });
    expect(await test.services.mailSender.step()).toBe(0);
    const seen = await test.graphql<Outbox>(token, OUTBOX, { id: realmId });
    expect(seen.data.realm.sendsMail).toBe(false);
    expect(seen.data.realm.outbox.nodes).toMatchObject([{ to: 'ada@example.com', state: 'QUEUED' }]);
    expect(JSON.stringify([made, seen])).not.toContain('token=');
  });

  it('shows a waiting link to who may create links, and remembers that', async () => {
    const { id, jobId, token } = await waiting('eve');
    const { data } = await reveal(token, id);
    expect(data.revealMailedBindingLink.bindingLink).toMatch(/\/bind#token=[\w-]{43}$/);
    const events = await test.database.db
      .selectFrom('events')
      .select('type')
      .where('subject_id', '=', jobId)
      .execute();
    expect(events.map(({ type }) => type)).toContain('credential_binding_job.link_revealed');
    await test.services.bindingJobs.revoke(realm, { credentialBindingJobId: jobId });
    expect((await reveal(token, id)).data.revealMailedBindingLink).toEqual({
      bindingLink: null,
      errors: [{ code: 'NOT_FOUND' }],
    });
  });

  it('is closed to other realms, other scopes and who has no token', async () => {
    const { id, token } = await waiting('mallory');
    const reader = await test.apiToken(['realms:read', 'identities:read', 'credential-binding-jobs:read']);
    expect((await reveal(reader, id)).errors?.[0]?.extensions.code).toBe('FORBIDDEN');
    const other = await test.services.realms.create(await test.caller(), { displayName: 'Other' });
    const across = await reveal(token, id, other.id);
    expect(across.data.revealMailedBindingLink.errors).toEqual([{ code: 'NOT_FOUND' }]);
    const elsewhere = await test.graphql<Outbox>(token, OUTBOX, { id: other.id });
    expect(elsewhere.data.realm.outbox.nodes).toEqual([]);
    for (const scopes of [['realms:read'], ['identities:read']] satisfies Scope[][])
      await expect(test.services.mail.list(await test.caller(scopes, realmId), {})).rejects.toMatchObject({
        code: 'FORBIDDEN',
      });
    const nobody = await test.graphql(undefined, OUTBOX, { id: realmId });
    expect(nobody.errors?.[0]?.extensions.code).toBe('UNAUTHENTICATED');
  });

  it('shows the link of a more powerful person to nobody who holds less', async () => {
    const admin = await test.caller();
    const { items } = await test.services.identities.list(admin, {}, undefined, {});
    const boss = items[0]?.node;
    if (!boss) throw new Error('no administrator');
    await test.services.bindingJobs.create(admin, { identityId: boss.id, delivery: 'EMAIL' });
    const [mail] = (await test.services.mail.list(admin, {})).items;
    const less = await test.caller(['credential-binding-jobs:create']);
    await expect(test.services.bindingDelivery.reveal(less, { mailId: mail?.node.id })).rejects.toMatchObject(
      { code: 'SCOPE_NOT_HELD' },
    );
    await expect(
      test.services.bindingJobs.resend(less, { credentialBindingJobId: mail?.node.binding_job_id }),
    ).rejects.toMatchObject({ code: 'SCOPE_NOT_HELD' });
  });

  it('forgets the link of a mail when its time is over, and the mail a month later', async () => {
    const { id } = await waiting('late');
    const table = () => test.database.db.updateTable('mails').where('id', '=', id);
    await table()
      .set({ valid_until: new Date(0) })
      .execute();
    await test.services.housekeeping.sweep();
    const find = async () =>
      (await test.services.mail.list(realm, {})).items.find(({ node }) => node.id === id);
    expect((await find())?.node).toMatchObject({ state: 'WITHDRAWN', wrapped_secret: null });
    await table()
      .set({ created_at: new Date(0) })
      .execute();
    await test.services.housekeeping.sweep();
    expect(await find()).toBeUndefined();
  });
});
