import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { createRunner } from '../../kernel/command.js';
import type { RealmCtx } from '../../kernel/context.js';
import { listenTestApp, type TestApp } from '../../testing/app.js';
import { createSoftwareAuthenticator } from '../../testing/authenticator.js';
import { createBrowser } from '../../testing/browser.js';
import { bind } from '../../testing/people.js';
import { createBindingExpiryService } from './expiry.service.js';

const CREATE = `mutation ($input: CreateCredentialBindingJobsInput!) { createCredentialBindingJobs(input: $input) {
  batch { id message } results { credentialBindingJob { id batchId } error { code } } errors { code path } } }`;
const BATCH = `query ($realm: ID!, $id: ID!) { realm(id: $realm) { credentialBindingBatch(id: $id) { id
  progress { jobs waiting opened completed expired revoked failed sent queued failedToSend }
  credentialBindingJobs { nodes { id } } } } }`;
const REVOKE = `mutation ($input: RevokeCredentialBindingJobsInput!) { revokeCredentialBindingJobs(input: $input) {
  results { credentialBindingJobId credentialBindingJob { status } error { code } } errors { code path } } }`;

describe('the life of a binding job', () => {
  let test: TestApp;
  let realm: RealmCtx;
  let count = 0;
  beforeAll(async () => {
    test = await listenTestApp();
    const { id } = await test.services.realms.create(await test.caller(), { displayName: 'People' });
    realm = await test.caller(undefined, id);
  });
  afterEach(() => {
    vi.useRealTimers();
  });
  afterAll(() => test.close());

  const person = () => {
    const username = `person${++count}`;
    return test.services.identities.create(realm, {
      username,
      displayName: 'Ada Lovelace',
      emails: [{ value: `${username}@example.com` }],
    });
  };
  const link = async (wanted: object = {}) => {
    const identity = await person();
    const made = await test.services.bindingJobs.create(realm, { identityId: identity.id, ...wanted });
    return { ...made, identity };
  };
  const resend = (id: string) => test.services.bindingJobs.resend(realm, { credentialBindingJobId: id });
  const statusOf = async (id: string) => (await test.services.bindingJobs.find(realm, id))?.status;
  const eventsOf = async (id: string) => {
    const rows = await test.database.db
      .selectFrom('events')
      .select('type')
      .where('subject_id', '=', id)
      .orderBy('id')
      .execute();
    return rows.map(({ type }) => type.replace('credential_binding_job.', ''));
  };
  const later = (seconds: number) => {
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + seconds * 1000 });
  };
  const shown = async (address: string) => {
    const url = new URL(address);
    const answer = await createBrowser().post(
      `${url.origin}${url.pathname.replace(/\/bind$/, '')}/passkeys/registration/open`,
      { token: url.hash.slice('#token='.length) },
    );
    return answer.json();
  };

  it('is sent again at most five times, a minute apart, and says when again', async () => {
    const { job } = await link();
    await resend(job.id);
    await expect(resend(job.id)).rejects.toMatchObject({
      code: 'TOO_SOON',
      message: expect.stringMatching(/from \d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z on/),
    });
    for (let time = 0; time < 4; time++) {
      later(61);
      await resend(job.id);
    }
    later(61);
    await expect(resend(job.id)).rejects.toMatchObject({ code: 'LIMIT_REACHED' });
  });

  it('is sent again by one of many who ask at once', async () => {
    const { job } = await link();
    const ends = await Promise.allSettled(Array.from({ length: 6 }, () => resend(job.id)));
    expect(ends.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    expect((await eventsOf(job.id)).filter((type) => type === 'resent')).toHaveLength(1);
  });

  it('expires with one event, whichever of many sweeps comes first, and asks nobody twice', async () => {
    const made = await Promise.all(Array.from({ length: 8 }, () => link({ expiresInSeconds: 60 })));
    const { job: open } = await link();
    later(61);
    const nodes = Array.from({ length: 4 }, () =>
      createBindingExpiryService({
        db: test.database.db,
        command: createRunner(test.database.db),
        realms: test.services.realms,
      }),
    );
    const swept = await Promise.all(nodes.map((node) => node.sweep()));
    expect(swept.reduce((sum, closed) => sum + closed, 0)).toBe(made.length);
    for (const { job, identity } of made) {
      expect(await statusOf(job.id)).toBe('EXPIRED');
      expect(await eventsOf(job.id)).toEqual(['created', 'expired']);
      const row = await test.services.identities.find(realm, identity.id);
      expect(row?.enrollment_status).toBe('UNENROLLED');
    }
    expect(await statusOf(open.id)).toBe('LINK_SENT');
  });

  it('can be brought back after it expired, and expires again', async () => {
    const { job } = await link({ expiresInSeconds: 60 });
    later(61);
    await test.services.bindingExpiry.sweep();
    const again = await resend(job.id);
    expect(await statusOf(job.id)).toBe('LINK_SENT');
    await bind(again.link);
    later(30 * 86_400);
    await test.services.bindingExpiry.sweep();
    expect(await statusOf(job.id)).toBe('COMPLETED');
  });

  it('fails for good with the tenth passkey that is refused, and not before', async () => {
    const made = await link();
    const url = new URL(made.link);
    const token = url.hash.slice('#token='.length);
    const base = `${url.origin}${url.pathname.replace(/\/bind$/, '')}/passkeys/registration`;
    const elsewhere = createSoftwareAuthenticator({ rpId: url.hostname, origin: 'https://evil.example' });
    const attempt = async (): Promise<number> => {
      const browser = createBrowser();
      const options = await browser.post(`${base}/options`, { token });
      if (!options.ok) return options.status;
      const { challengeId, options: asked } = (await options.json()) as {
        challengeId: string;
        options: never;
      };
      const response = elsewhere.register(asked);
      return (await browser.post(`${base}/verify`, { token, challengeId, response })).status;
    };
    for (let time = 1; time <= 9; time++) expect(await attempt()).toBe(400);
    expect(await statusOf(made.job.id)).toBe('CHALLENGED');
    expect(await attempt()).toBe(400);
    expect(await statusOf(made.job.id)).toBe('FAILED');
    expect(await attempt()).toBe(410);
    expect((await eventsOf(made.job.id)).filter((type) => type === 'failed')).toHaveLength(1);
    await expect(bind(made.link)).rejects.toThrow('LINK_INVALID');
    await expect(resend(made.job.id)).rejects.toMatchObject({ code: 'BINDING_JOB_CLOSED' });
  });

  it('leads only to where the realm’s people go, and names it', async () => {
    const redirectUris = ['https://shop.example/back'];
    const applications = {
      displayName: 'Shop',
      type: 'PUBLIC',
      grantTypes: ['authorization_code'],
      redirectUris,
    };
    await test.services.applications.create(realm, applications);
    await link({ redirectUri: 'https://shop.example/welcome?from=mail' });
    for (const redirectUri of [
      'https://evil.example/',
      'http://shop.example/',
      'https://shop.example:8443/',
      'https://shop.example.evil.example/',
      'https://shop.example@evil.example/',
      'https://user@shop.example/',
      'javascript:alert(1)//https://shop.example',
      '//shop.example/',
    ])
      await expect(link({ redirectUri })).rejects.toMatchObject({
        code: 'INVALID_INPUT',
        path: ['redirectUri'],
        message: expect.stringContaining('https://shop.example'),
      });
    const other = await test.services.realms.create(await test.caller(), { displayName: 'Other' });
    const there = await test.caller(undefined, other.id);
    const stranger = await test.services.identities.create(there, { username: 'stranger' });
    await expect(
      test.services.bindingJobs.create(there, {
        identityId: stranger.id,
        redirectUri: 'https://shop.example/',
      }),
    ).rejects.toMatchObject({ code: 'INVALID_INPUT', message: expect.not.stringContaining('shop') });
  });

  it('shows the holder of a link not the whole of a name', async () => {
    const made = await link();
    expect(await shown(made.link)).toMatchObject({ identity: { displayName: 'Ada L…', username: 'p…' } });
  });

  it('follows a batch from its making to its end, and ends many at once', async () => {
    const token = await test.apiToken();
    const people = await Promise.all([person(), person(), person(), person()]);
    const bare = await test.services.identities.create(realm, { username: 'bare' });
    const realmId = realm.realm.id;
    const input = {
      realmId,
      identityIds: [...people, bare].map(({ id }) => id),
      delivery: 'EMAIL',
      message: 'By Friday, please.',
    };
    const { data } = await test.graphql<{
      createCredentialBindingJobs: {
        batch: { id: string; message: string };
        results: { credentialBindingJob: { id: string; batchId: string } | null }[];
      };
    }>(token, CREATE, { input });
    const { batch, results } = data.createCredentialBindingJobs;
    const jobs = results.flatMap(({ credentialBindingJob: job }) => (job ? [job] : []));
    expect(jobs).toHaveLength(4);
    expect(new Set(jobs.map(({ batchId }) => batchId))).toEqual(new Set([batch.id]));
    const seen = async (by = token, id = batch.id, of = realmId) =>
      (
        await test.graphql<{ realm: { credentialBindingBatch: { progress: object } | null } }>(by, BATCH, {
          realm: of,
          id,
        })
      ).data;
    const progress = { jobs: 4, waiting: 4, opened: 0, completed: 0, expired: 0, revoked: 0, failed: 0 };
    expect((await seen()).realm.credentialBindingBatch?.progress).toEqual({
      ...progress,
      sent: 0,
      queued: 4,
      failedToSend: 0,
    });
    const ids = jobs.slice(0, 2).map(({ id }) => id);
    const revoked = await test.graphql(token, REVOKE, {
      input: { realmId, credentialBindingJobIds: [...ids, batch.id] },
    });
    expect(revoked.data).toMatchObject({
      revokeCredentialBindingJobs: {
        errors: [],
        results: [
          { credentialBindingJob: { status: 'REVOKED' }, error: null },
          { credentialBindingJob: { status: 'REVOKED' }, error: null },
          { credentialBindingJob: null, error: { code: 'NOT_FOUND' } },
        ],
      },
    });
    expect((await seen()).realm.credentialBindingBatch?.progress).toMatchObject({
      waiting: 2,
      revoked: 2,
      queued: 2,
    });
    const other = await test.services.realms.create(await test.caller(), { displayName: 'Elsewhere' });
    expect((await seen(token, batch.id, other.id)).realm.credentialBindingBatch).toBeNull();
    const reader = await test.apiToken(['realms:read']);
    const refused = await test.graphql(reader, BATCH, { realm: realmId, id: batch.id });
    expect(refused.errors?.[0]?.extensions.code).toBe('FORBIDDEN');
    const foreign = await test.caller(undefined, other.id);
    const there = await test.services.identities.create(foreign, { username: 'there' });
    await expect(
      test.services.bindingJobs.create(foreign, { identityId: there.id, batchId: batch.id }),
    ).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });

  it.each([
    [0, 'Name at least one.'],
    [1001, 'At most 1,000 at a time.'],
  ])('makes no batch of %i', async (size, message) => {
    const token = await test.apiToken();
    const input = { realmId: realm.realm.id, identityIds: Array.from({ length: size }, () => 'x') };
    const { data } = await test.graphql(token, CREATE.replace('code path', 'message'), { input });
    expect(data).toMatchObject({
      createCredentialBindingJobs: { batch: null, results: [], errors: [{ message }] },
    });
  });
});
