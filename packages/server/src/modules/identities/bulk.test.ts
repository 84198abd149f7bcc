import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { RealmCtx } from '../../kernel/context.js';
import { newId } from '../../kernel/ids.js';
import type { Scope } from '../../kernel/permissions.js';
import { buildTestApp, type TestApp } from '../../testing/app.js';

interface Result {
  identityId?: string;
  index?: number;
  identity?: { id: string; username: string; status: string } | null;
  bindingLink?: string | null;
  error: { code: string; path: string[] | null } | null;
}
type Done = Record<string, { results: Result[]; errors: { code: string; path: string[] | null }[] }>;

describe('many identities at once', () => {
  let test: TestApp;
  let realm: RealmCtx;
  let token: string;

  beforeAll(async () => {
    test = await buildTestApp();
    token = await test.apiToken();
    const row = await test.services.realms.create(await test.caller(), { displayName: 'Many' });
    realm = await test.caller(undefined, row.id);
  });
  afterAll(() => test.close());

  const run = (name: string, input: object, as = token) => {
    const jobs = name === 'createCredentialBindingJobs';
    const type = jobs
      ? 'CreateCredentialBindingJobsInput'
      : name === 'createIdentities'
        ? 'CreateIdentitiesInput'
        : 'IdentitiesActionInput';
    const shown = jobs
      ? 'identityId bindingLink'
      : `${name === 'createIdentities' ? 'index' : 'identityId'} identity { id username status }`;
    const document = `mutation ($input: ${type}!) { ${name}(input: $input) {
      results { ${shown} error { code path } } errors { code path } } }`;
    return test.graphql<Done>(as, document, { input: { realmId: realm.realm.id, ...input } });
  };
  const done = async (name: string, input: object) => {
    const answer = await run(name, input);
    if (!answer.data?.[name]) throw new Error(JSON.stringify(answer.errors));
    return answer.data[name];
  };
  const people = async (count: number) => {
    const ids: string[] = [];
    for (let n = 0; n < count; n++)
      ids.push((await test.services.identities.create(realm, { username: newId() })).id);
    return ids;
  };
  const events = async (type: string, subject: string) => {
    const { rows } = await test.database.pool.query(
      'select 1 from events where realm_id = $1 and type = $2 and subject_id = $3',
      [realm.realm.id, type, subject],
    );
    return rows.length;
  };

  it('are created each by itself: who can not be does not keep the others out', async () => {
    await test.services.identities.create(realm, { username: 'taken' });
    const { results, errors } = await done('createIdentities', {
      identities: [
        { username: 'first', title: 'Boss', emails: [{ value: 'first@example.com', type: 'work' }] },
        { username: 'TAKEN' },
        { username: 'twin' },
        { username: 'twin' },
        { username: 'last', email: 'nonsense' },
      ],
    });
    expect(errors).toEqual([]);
    expect(results.map(({ index }) => index)).toEqual([0, 1, 2, 3, 4]);
    expect(results[0]).toMatchObject({ identity: { username: 'first' }, error: null });
    expect(results[1]).toMatchObject({
      identity: null,
      error: { code: 'USERNAME_TAKEN', path: ['username'] },
    });
    expect(results.slice(2, 4).filter(({ identity }) => identity)).toHaveLength(1);
    expect(results[4]).toMatchObject({ identity: null, error: { code: 'INVALID_INPUT' } });
    expect(await events('identity.created', results[0]?.identity?.id ?? '')).toBe(1);
  });

  it('are suspended, activated and deleted with an answer and an event for each, in the order asked', async () => {
    const [a = '', b = '', c = ''] = await people(3);
    const stranger = await test.services.identities.create(await test.caller(), { username: 'stranger' });
    const ids = [a, stranger.id, b, 'no id', c];
    for (const [name, status, type] of [
      ['suspendIdentities', 'SUSPENDED', 'identity.suspended'],
      ['activateIdentities', 'ACTIVE', 'identity.activated'],
    ] as const) {
      const { results } = await done(name, { identityIds: ids });
      expect(results.map(({ identityId }) => identityId)).toEqual(ids);
      expect(results.map(({ identity, error }) => identity?.status ?? error?.code)).toEqual([
        status,
        'NOT_FOUND',
        status,
        'INVALID_INPUT',
        status,
      ]);
      expect(await events(type, b)).toBe(1);
    }
    const gone = await done('deleteIdentities', { identityIds: [a, b, newId()] });
    expect(gone.results.map(({ error }) => error?.code ?? 'deleted')).toEqual([
      'deleted',
      'deleted',
      'NOT_FOUND',
    ]);
    expect(await test.services.identities.find(realm, a)).toBeUndefined();
    expect(await test.services.identities.find(realm, c)).toBeDefined();
    expect(await test.services.identities.find(await test.caller(), stranger.id)).toMatchObject({
      status: 'ACTIVE',
    });
  });

  it('get a binding link each, but who is suspended', async () => {
    const [a = '', b = ''] = await people(2);
    await test.services.identities.suspend(realm, { identityId: b });
    const { results } = await done('createCredentialBindingJobs', {
      identityIds: [a, b],
      expiresInSeconds: 600,
    });
    expect(results[0]).toMatchObject({ error: null });
    expect(results[0]?.bindingLink).toContain(`/realms/${realm.realm.id}/bind#token=`);
    expect(results[1]).toMatchObject({ bindingLink: null, error: { code: 'INVALID_INPUT' } });
    expect(await test.services.identities.find(realm, a)).toMatchObject({ enrollment_status: 'PENDING' });
  });

  it('may be a thousand and no more, and not none', async () => {
    const input = Array.from({ length: 1_000 }, (_, n) => ({ username: `thousand${n}` }));
    const { results } = await done('createIdentities', { identities: input });
    expect(results.filter(({ error }) => error === null)).toHaveLength(1_000);
    const tooMany = await done('createIdentities', { identities: [...input, { username: 'more' }] });
    expect(tooMany).toEqual({ results: [], errors: [{ code: 'INVALID_INPUT', path: ['identities'] }] });
    expect(await done('deleteIdentities', { identityIds: [] })).toMatchObject({
      errors: [{ code: 'INVALID_INPUT', path: ['identityIds'] }],
    });
  });

  it('need the scope of the one, before anything is done', async () => {
    const [id = ''] = await people(1);
    const needed: [string, Scope, object][] = [
      ['createIdentities', 'identities:create', { identities: [{ username: 'nobody' }] }],
      ['suspendIdentities', 'identities:update', { identityIds: [id] }],
      ['activateIdentities', 'identities:update', { identityIds: [id] }],
      ['deleteIdentities', 'identities:delete', { identityIds: [id] }],
      ['createCredentialBindingJobs', 'credential-binding-jobs:create', { identityIds: [id] }],
    ];
    const weak = await test.apiToken(['identities:read']);
    for (const [name, scope, input] of needed) {
      const answer = await run(name, input, weak);
      expect(answer.errors?.[0]).toMatchObject({
        message: `This needs the scope ${scope}.`,
        extensions: { code: 'FORBIDDEN' },
      });
    }
    expect(await test.services.identities.find(realm, id)).toMatchObject({ version: 1 });
  });

  it('go on when one breaks on our side, and the log says so', async () => {
    await test.database.pool.query(
      `alter table identities add constraint broken check (username <> 'breaks')`,
    );
    const { results } = await done('createIdentities', {
      identities: [{ username: 'before' }, { username: 'breaks' }, { username: 'after' }],
    });
    expect(results.map(({ error }) => error?.code ?? 'made')).toEqual(['made', 'INTERNAL', 'made']);
    expect(test.logged.join('\n')).toContain('one of many failed');
  });
});
