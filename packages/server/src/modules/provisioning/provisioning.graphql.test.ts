import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { RealmCtx } from '../../kernel/context.js';
import { newId } from '../../kernel/ids.js';
import { ALL_SCOPES, type Scope } from '../../kernel/permissions.js';
import { buildTestApp, facts, type TestApp } from '../../testing/app.js';
import { createRequestLog } from './requests.service.js';

describe('Realm.scim', () => {
  let test: TestApp;
  let realm: RealmCtx;
  let clientId: string;
  let all: string;

  beforeAll(async () => {
    test = await buildTestApp();
    const row = await test.services.realms.create(await test.caller(), { displayName: 'People' });
    realm = await test.caller(undefined, row.id);
    all = await test.apiToken();
    const client = await enter(all);
    clientId = client.provisioning?.clientId ?? '';
    for (const username of ['ada', 'grace']) await test.services.identities.create(client, { username });
    await test.services.identities.create(realm, { username: 'local' });
    const log = createRequestLog({ db: test.database.db });
    const entry = {
      realmId: row.id,
      clientId,
      requestId: newId(),
      method: 'GET',
      path: `/realms/${row.id}/scim/v2/Users?filter=userName eq "ada"`,
      status: 200,
      durationMs: 2,
      dryRun: false,
    };
    log.log(entry);
    log.log({ ...entry, clientId: null, status: 401, detail: 'This token is not valid.' });
    await log.close();
  });
  afterAll(() => test.close());

  async function enter(token: string): Promise<RealmCtx> {
    const { tokens, provisioning } = test.services;
    const ctx = await tokens.authenticate(facts(), token);
    return provisioning.enter(ctx, realm.realm.id);
  }

  const ask = (token: string, fields: string) =>
    test.graphql<{ realm: { scim: Record<string, unknown> } }>(
      token,
      `query ($id: ID!) { realm(id: $id) { scim { ${fields} } } }`,
      { id: realm.realm.id },
    );
  const without = (scope: Scope) => test.apiToken(ALL_SCOPES.filter((name) => name !== scope));

  it('tells the address, the clients with what belongs to them, and the state of each brake', async () => {
    const answer = await ask(
      all,
      `endpoint clients { nodes { id displayName applicationId tokenName adoptsUnowned dryRun version
        identityCount groupCount brake { state counted maxCount maxPercent windowMinutes pausedAt pausedReason
        rejectedAt releasedUntil } } }`,
    );
    expect(answer.errors).toBeUndefined();
    expect(answer.data.realm.scim).toEqual({
      endpoint: `${test.url}/realms/${realm.realm.id}/scim/v2`,
      clients: {
        nodes: [
          {
            id: clientId,
            displayName: 'Test',
            applicationId: test.tenant.managementApi.clientId,
            tokenName: 'Test',
            adoptsUnowned: false,
            dryRun: false,
            version: 1,
            identityCount: 2,
            groupCount: 0,
            brake: {
              state: 'RUNNING',
              counted: 0,
              maxCount: 1000,
              maxPercent: 50,
              windowMinutes: 60,
              pausedAt: null,
              pausedReason: null,
              rejectedAt: null,
              releasedUntil: null,
            },
          },
        ],
      },
    });
  });

  it('shows requests with their client, by a filter', async () => {
    const answer = await ask(
      all,
      `requests(filter: { statusClass: SUCCESS, method: "get", clientId: "${clientId}" }) { nodes { method path
        status client { displayName } } }
      refused: requests(filter: { statusClass: CLIENT_ERROR }) { nodes { status detail client { id } } }`,
    );
    expect(answer.data.realm.scim).toEqual({
      requests: {
        nodes: [
          {
            method: 'GET',
            path: '/Users?filter=userName eq "…"',
            status: 200,
            client: { displayName: 'Test' },
          },
        ],
      },
      refused: { nodes: [{ status: 401, detail: 'This token is not valid.', client: null }] },
    });
    const nonsense = await ask(all, 'requests(filter: { clientId: "x" }) { nodes { id } }');
    expect(nonsense.errors?.[0]?.extensions.code).toBe('INVALID_INPUT');
  });

  it.each<[Scope, string]>([
    ['realms:read', 'clients { nodes { id } }'],
    ['realms:read', 'client(id: "01890000-0000-7000-8000-000000000000") { id }'],
    ['events:read', 'requests { nodes { id } }'],
  ])('needs %s for %s, and nothing more', async (scope, fields) => {
    expect((await ask(await test.apiToken([scope]), fields)).errors).toBeUndefined();
    expect((await ask(await without(scope), fields)).errors?.[0]).toMatchObject({
      message: `This needs the scope ${scope}.`,
      extensions: { code: 'FORBIDDEN' },
    });
  });

  it('names the client of a request only to who may see clients', async () => {
    const answer = await ask(await without('realms:read'), 'requests { nodes { client { id } } }');
    expect(answer.errors?.[0]?.extensions.code).toBe('FORBIDDEN');
  });

  const change = (token: string, name: string, type: string, input: object) =>
    test.graphql<Record<string, { client: object | null; errors: object[] }>>(
      token,
      `mutation ($input: ${type}!) { ${name}(input: $input) {
        client { dryRun adoptsUnowned version brake { state maxCount maxPercent } } errors { code path } } }`,
      { input: { realmId: realm.realm.id, clientId, ...input } },
    );
  const CHANGES: [string, string][] = [
    ['updateProvisioningClient', 'UpdateProvisioningClientInput'],
    ['releaseProvisioningBrake', 'ProvisioningBrakeInput'],
    ['rejectProvisioningBrake', 'ProvisioningBrakeInput'],
  ];

  it.each(CHANGES)('refuses %s without realms:update', async (name, type) => {
    const answer = await change(await without('realms:update'), name, type, {});
    expect(answer.errors?.[0]).toMatchObject({
      message: 'This needs the scope realms:update.',
      extensions: { code: 'FORBIDDEN' },
    });
  });

  it.each(CHANGES)('answers %s for a client that is not there', async (name, type) => {
    const answer = await change(all, name, type, { clientId: newId() });
    expect(answer.data[name]).toEqual({ client: null, errors: [{ code: 'NOT_FOUND', path: null }] });
  });

  it.each(CHANGES)('refuses %s on an older version', async (name, type) => {
    const answer = await change(all, name, type, { ifVersion: 99 });
    expect(answer.data[name]).toEqual({
      client: null,
      errors: [{ code: 'VERSION_MISMATCH', path: ['ifVersion'] }],
    });
  });

  it('changes what is given, keeps the rest, and switches a limit off by null', async () => {
    const [name, type] = CHANGES[0] ?? ['', ''];
    const answer = await change(all, name, type, { dryRun: true, maxPercent: null });
    expect(answer.data[name]).toEqual({
      client: {
        dryRun: true,
        adoptsUnowned: false,
        version: 2,
        brake: { state: 'RUNNING', maxCount: 1000, maxPercent: null },
      },
      errors: [],
    });
    const wrong = await change(all, name, type, { maxPercent: 101 });
    expect(wrong.data[name]).toMatchObject({
      client: null,
      errors: [{ code: 'INVALID_INPUT', path: ['maxPercent'] }],
    });
    await change(all, name, type, { dryRun: false, maxPercent: 50 });
  });

  it('releases and rejects', async () => {
    const answer = await change(all, 'rejectProvisioningBrake', 'ProvisioningBrakeInput', {});
    expect(answer.data.rejectProvisioningBrake).toMatchObject({ errors: [{ code: 'INVALID_INPUT' }] });
    const { provisioning, identities } = test.services;
    await provisioning.updateClient(realm, { clientId, maxCount: 0 });
    const client = await enter(all);
    const [ada] = (await identities.list(realm, { query: 'ada' }, 'USERNAME_ASC', {})).items;
    const suspended = provisioning.guarded(client, () =>
      identities.suspend(client, { identityId: ada?.node.id ?? '' }),
    );
    await expect(suspended).rejects.toMatchObject({ code: 'PROVISIONING_PAUSED' });
    const paused = await ask(all, `client(id: "${clientId}") { brake { state pausedReason } }`);
    expect(paused.data.realm.scim).toMatchObject({ client: { brake: { state: 'PAUSED' } } });
    for (const [name, state] of [
      ['rejectProvisioningBrake', 'REJECTED'],
      ['releaseProvisioningBrake', 'RELEASED'],
    ] as const) {
      const decided = await change(all, name, 'ProvisioningBrakeInput', {});
      expect(decided.data[name]).toMatchObject({ client: { brake: { state } }, errors: [] });
    }
  });

  it('counts what belongs to the clients of a page in a constant number of statements', async () => {
    const statements = async (first: number) => {
      const before = test.database.statements();
      const answer = await ask(all, `clients(first: ${first}) { nodes { identityCount groupCount } }`);
      expect(answer.data.realm.scim.clients).toMatchObject({ nodes: { length: first } });
      return test.database.statements() - before;
    };
    const few = await statements(1);
    for (let n = 0; n < 5; n++) {
      const caller = await test.caller();
      const minted = await test.services.tokens.mint(caller, { name: `T${n}`, scopes: ['scim:all'] });
      await enter(minted.token);
    }
    expect(await statements(6)).toBe(few);
  });
});
