import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { RealmCtx } from '../../kernel/context.js';
import { newId } from '../../kernel/ids.js';
import { ALL_SCOPES, type Scope } from '../../kernel/permissions.js';
import { buildTestApp, type TestApp } from '../../testing/app.js';

const FIELDS = `id displayName kind managed invocation invokeUrl trustedOrigins relyingPartyId attestation
  allowedModels deniedModels signUp signUpProof signUpDomains version`;
const ERRORS = 'errors { code message path }';
const MODEL = 'ee882879-721c-4913-9775-3dfcce97072a';

interface Config {
  readonly id: string;
  readonly displayName: string;
  readonly kind: string;
  readonly version: number;
  readonly trustedOrigins: string[];
}
interface Answer {
  readonly config: Config | null | undefined;
  readonly errors: { code: string; message: string; path: string[] | null }[];
  readonly refused: string | undefined;
}

describe('authenticator configs in GraphQL', () => {
  let test: TestApp;
  let realm: RealmCtx;
  let other: RealmCtx;
  let token: string;

  beforeAll(async () => {
    test = await buildTestApp();
    token = await test.apiToken();
    for (const name of ['Shop', 'Elsewhere']) {
      const row = await test.services.realms.create(await test.caller(), { displayName: name });
      if (name === 'Shop') realm = await test.caller(undefined, row.id);
      else other = await test.caller(undefined, row.id);
    }
  });
  afterAll(() => test.close());

  async function mutate(name: string, input: object, as = token, realmId = realm.realm.id): Promise<Answer> {
    const type = `${name[0]?.toUpperCase()}${name.slice(1)}Input`;
    const thing = name.startsWith('delete')
      ? 'deletedAuthenticatorConfigId'
      : `authenticatorConfig { ${FIELDS} }`;
    const document = `mutation ($input: ${type}!) { ${name}(input: $input) { ${thing} ${ERRORS} } }`;
    const answer = await test.graphql<
      Record<string, { authenticatorConfig?: Config; errors: Answer['errors'] }>
    >(as, document, { input: { realmId, ...input } });
    const made = answer.data?.[name];
    return {
      config: made?.authenticatorConfig,
      errors: made?.errors ?? [],
      refused: answer.errors?.[0]?.extensions.code,
    };
  }
  const embedded = (over: object = {}) => ({
    displayName: 'Shop page',
    kind: 'EMBEDDED',
    invocation: 'AUTOMATIC',
    invokeUrl: 'https://app.shop.example/keyrealm',
    trustedOrigins: ['https://app.shop.example'],
    relyingPartyId: 'shop.example',
    ...over,
  });
  const create = (over: object = {}, as = token, realmId = realm.realm.id) =>
    mutate('createAuthenticatorConfig', embedded(over), as, realmId);

  async function made(over: object = {}): Promise<Config> {
    const { config, errors } = await create(over);
    if (!config) throw new Error(JSON.stringify(errors));
    return config;
  }

  async function query(fields: string, as = token, realmId = realm.realm.id) {
    const answer = await test.graphql<{ realm: Record<string, never> | null }>(
      as,
      `query ($id: ID!) { realm(id: $id) { ${fields} } }`,
      { id: realmId },
    );
    return { realm: answer.data?.realm, refused: answer.errors?.[0]?.extensions.code };
  }

  const eventsOf = async (configId: string) =>
    (await test.services.events.list(realm, { involvesId: configId }, { first: 50 })).items
      .map(({ node }) => ({ type: node.type, data: node.data }))
      .reverse();

  it('are made, changed and deleted, each with its event that names what changed', async () => {
    const config = await made({ allowedModels: [MODEL.toUpperCase()], attestation: 'DIRECT' });
    expect(config).toMatchObject({
      ...embedded(),
      managed: false,
      allowedModels: [MODEL],
      attestation: 'DIRECT',
      signUp: false,
      version: 1,
    });
    const changed = await mutate('updateAuthenticatorConfig', {
      authenticatorConfigId: config.id,
      ifVersion: 1,
      allowedModels: null,
      signUp: true,
      signUpProof: 'CODE',
      signUpDomains: ['Shop.Example'],
    });
    expect(changed.config).toMatchObject({
      allowedModels: null,
      signUp: true,
      signUpProof: 'CODE',
      signUpDomains: ['shop.example'],
      relyingPartyId: 'shop.example',
      version: 2,
    });
    const stale = await mutate('updateAuthenticatorConfig', {
      authenticatorConfigId: config.id,
      ifVersion: 1,
      displayName: 'Late',
    });
    expect(stale.errors).toMatchObject([{ code: 'VERSION_MISMATCH', path: ['ifVersion'] }]);
    const removed = await mutate('deleteAuthenticatorConfig', { authenticatorConfigId: config.id });
    expect(removed.errors).toEqual([]);
    expect((await query(`authenticatorConfig(id: "${config.id}") { id }`)).realm).toEqual({
      authenticatorConfig: null,
    });
    expect(await eventsOf(config.id)).toEqual([
      { type: 'authenticator_config.created', data: { displayName: 'Shop page', kind: 'EMBEDDED' } },
      {
        type: 'authenticator_config.updated',
        data: { changed: ['allowedModels', 'signUp', 'signUpProof', 'signUpDomains'] },
      },
      { type: 'authenticator_config.deleted', data: { displayName: 'Shop page' } },
    ]);
  });

  it.each([
    ['a script as the page', { invokeUrl: 'javascript:alert(1)' }, 'invokeUrl'],
    ['data as the page', { invokeUrl: 'data:text/html,x' }, 'invokeUrl'],
    ['a file as the page', { invokeUrl: 'file:///etc/passwd' }, 'invokeUrl'],
    ['plain http elsewhere than localhost', { invokeUrl: 'http://app.shop.example/' }, 'invokeUrl'],
    ['a page with a password', { invokeUrl: 'https://a:b@app.shop.example/' }, 'invokeUrl'],
    ['a page with a fragment', { invokeUrl: 'https://app.shop.example/#x' }, 'invokeUrl'],
    ['a scheme without a place to add to', { invokeUrl: 'com.example.app:keyrealm' }, 'invokeUrl'],
    ['no page', { invokeUrl: null }, 'invokeUrl'],
    ['no way to invoke it', { invocation: null }, 'invocation'],
    ['a page whose origin is not trusted', { invokeUrl: 'https://www.shop.example/' }, 'trustedOrigins'],
    ['no origin', { trustedOrigins: [] }, 'trustedOrigins'],
    ['a wildcard origin', { trustedOrigins: ['https://*.shop.example'] }, 'trustedOrigins'],
    ['an origin with a path', { trustedOrigins: ['https://app.shop.example/'] }, 'trustedOrigins'],
    ['an origin in capitals', { trustedOrigins: ['https://APP.shop.example'] }, 'trustedOrigins'],
    ['an origin without encryption', { trustedOrigins: ['http://app.shop.example'] }, 'trustedOrigins'],
    ['an origin that is an address', { trustedOrigins: ['https://192.0.2.1'] }, 'trustedOrigins'],
    ['the null origin', { trustedOrigins: ['null'] }, 'trustedOrigins'],
    ['a public suffix', { relyingPartyId: 'co.uk' }, 'relyingPartyId'],
    ['a suffix that people register under', { relyingPartyId: 'github.io' }, 'relyingPartyId'],
    ['an address', { relyingPartyId: '192.0.2.1' }, 'relyingPartyId'],
    ['an origin', { relyingPartyId: 'https://shop.example' }, 'relyingPartyId'],
    ['the relying party of someone else', { relyingPartyId: 'other.example' }, 'relyingPartyId'],
    ['a relying party below the page', { relyingPartyId: 'a.app.shop.example' }, 'relyingPartyId'],
    ['a name that only ends alike', { relyingPartyId: 'hop.example' }, 'relyingPartyId'],
    ['a model that is no AAGUID', { allowedModels: ['yubikey'] }, 'allowedModels'],
    ['nobody’s model', { allowedModels: [] }, 'allowedModels'],
    ['a domain that is none', { signUpDomains: ['@shop.example'] }, 'signUpDomains'],
    [
      'an origin of a hosted page',
      { kind: 'HOSTED_WEB', invocation: null, invokeUrl: null, relyingPartyId: null },
      'trustedOrigins',
    ],
    [
      'sign-up where nobody signs in',
      {
        kind: 'NONE',
        invocation: null,
        invokeUrl: null,
        relyingPartyId: null,
        trustedOrigins: [],
        signUp: true,
      },
      'signUp',
    ],
  ])('refuse %s', async (_what, over, field) => {
    const { config, errors } = await create(over);
    expect(config).toBeNull();
    expect(errors).toMatchObject([{ code: 'INVALID_INPUT' }]);
    expect(errors[0]?.path?.[0]).toBe(field);
  });

  it('take the page of an app, and 100 origins but not 101', async () => {
    await made({ invokeUrl: 'com.example.app:/keyrealm' });
    const many = Array.from({ length: 101 }, (_, at) => `https://a${at}.shop.example`);
    const invokeUrl = 'https://a0.shop.example/';
    expect((await made({ trustedOrigins: many.slice(0, 100), invokeUrl })).trustedOrigins).toHaveLength(100);
    expect((await create({ trustedOrigins: many, invokeUrl })).errors[0]?.path).toEqual(['trustedOrigins']);
  });

  it('can not be deleted while an application uses one, which is named', async () => {
    const config = await made();
    const app = {
      displayName: 'Web shop',
      type: 'PUBLIC',
      grantTypes: ['authorization_code'],
      redirectUris: ['https://app.shop.example/callback'],
    };
    const { application } = await test.services.applications.create(realm, {
      ...app,
      authenticatorConfigId: config.id,
    });
    const { errors } = await mutate('deleteAuthenticatorConfig', { authenticatorConfigId: config.id });
    expect(errors).toMatchObject([{ code: 'IN_USE', path: ['authenticatorConfigId'] }]);
    expect(errors[0]?.message).toContain('Web shop');
    const hosted = await test.services.authenticatorConfigs.managed(
      test.services.db,
      realm.realm.id,
      'HOSTED_WEB',
    );
    const changed = await test.graphql<{ updateApplication: unknown }>(
      token,
      `mutation ($input: UpdateApplicationInput!) { updateApplication(input: $input) {
        application { authenticatorKind authenticatorConfig { id } } ${ERRORS} } }`,
      { input: { realmId: realm.realm.id, applicationId: application.id, authenticatorConfigId: hosted.id } },
    );
    expect(changed.data.updateApplication).toEqual({
      application: { authenticatorKind: 'HOSTED_WEB', authenticatorConfig: { id: hosted.id } },
      errors: [],
    });
    expect((await mutate('deleteAuthenticatorConfig', { authenticatorConfigId: config.id })).errors).toEqual(
      [],
    );
  });

  it('are given to an application only of its own realm, and with a page where people sign in', async () => {
    const theirs = await create({}, token, other.realm.id);
    const none = await test.services.authenticatorConfigs.managed(test.services.db, realm.realm.id, 'NONE');
    const app = {
      displayName: 'App',
      type: 'PUBLIC',
      grantTypes: ['authorization_code'],
      redirectUris: ['https://app.shop.example/callback'],
    };
    for (const authenticatorConfigId of [theirs.config?.id, newId(), none.id])
      await expect(
        test.services.applications.create(realm, { ...app, authenticatorConfigId }),
      ).rejects.toMatchObject({ code: 'INVALID_INPUT', path: ['authenticatorConfigId'] });
  });

  it('of Keyrealm itself stay, and let only models, attestation and sign-up be changed', async () => {
    const db = test.services.db;
    const hosted = await test.services.authenticatorConfigs.managed(db, realm.realm.id, 'HOSTED_WEB');
    const none = await test.services.authenticatorConfigs.managed(db, realm.realm.id, 'NONE');
    const update = (authenticatorConfigId: string, over: object) =>
      mutate('updateAuthenticatorConfig', { authenticatorConfigId, ...over });
    expect(
      (await update(hosted.id, { attestation: 'DIRECT', deniedModels: [MODEL], signUp: true })).errors,
    ).toEqual([]);
    expect((await update(hosted.id, { displayName: 'Mine' })).errors).toMatchObject([
      { code: 'MANAGED_OBJECT' },
    ]);
    expect((await update(none.id, { attestation: 'DIRECT' })).errors).toMatchObject([
      { code: 'MANAGED_OBJECT' },
    ]);
    for (const { id } of [hosted, none])
      expect((await mutate('deleteAuthenticatorConfig', { authenticatorConfigId: id })).errors).toMatchObject(
        [{ code: 'MANAGED_OBJECT' }],
      );
  });

  it('let nobody sign up to the Admin Realm', async () => {
    const admin = test.tenant.adminRealmId;
    const hosted = await test.services.authenticatorConfigs.managed(test.services.db, admin, 'HOSTED_WEB');
    const input = { authenticatorConfigId: hosted.id, signUp: true };
    expect((await mutate('updateAuthenticatorConfig', input, token, admin)).errors).toMatchObject([
      { code: 'INVALID_INPUT', path: ['signUp'] },
    ]);
  });

  it('can not be led to another page while somebody more powerful has a link that leads there', async () => {
    const admin = await test.caller();
    const { config } = await create({}, token, admin.realm.id);
    const boss = await test.services.identities.findByUsername(
      test.services.db,
      admin.realm.id,
      'me@example.com',
    );
    const { job } = await test.services.bindingJobs.create(admin, {
      identityId: boss?.id,
      authenticatorConfigId: config?.id,
    });
    const helper = await test.apiToken(['authenticator-configs:update', 'realms:read']);
    const input = { authenticatorConfigId: config?.id, invokeUrl: 'com.evil.app:/keyrealm' };
    const refused = await mutate('updateAuthenticatorConfig', input, helper, admin.realm.id);
    expect(refused.errors).toMatchObject([{ code: 'SCOPE_NOT_HELD' }]);
    await test.services.bindingJobs.revoke(admin, { credentialBindingJobId: job.id });
    expect((await mutate('updateAuthenticatorConfig', input, helper, admin.realm.id)).errors).toEqual([]);
  });

  it('can not be led to another page by someone who holds less than an application that uses it', async () => {
    const admin = await test.caller();
    const { config } = await create({}, token, admin.realm.id);
    const api = await test.database.pool.query(
      `select id from resource_servers where realm_id = $1 and managed is not null`,
      [admin.realm.id],
    );
    await test.services.applications.create(admin, {
      displayName: 'Own console',
      type: 'PUBLIC',
      grantTypes: ['authorization_code'],
      redirectUris: ['https://app.shop.example/callback'],
      resourceServerId: api.rows[0].id,
      allowedScopes: ['identities:delete'],
      authenticatorConfigId: config?.id,
    });
    const helper = await test.apiToken(['authenticator-configs:update', 'realms:read']);
    const input = {
      authenticatorConfigId: config?.id,
      trustedOrigins: ['https://app.shop.example', 'https://evil.shop.example'],
    };
    const refused = await mutate('updateAuthenticatorConfig', input, helper, admin.realm.id);
    expect(refused.errors).toMatchObject([{ code: 'SCOPE_NOT_HELD' }]);
    expect((await mutate('updateAuthenticatorConfig', input, token, admin.realm.id)).errors).toEqual([]);
  });

  it('of another realm are answered like those that do not exist', async () => {
    const theirs = (await create({}, token, other.realm.id)).config?.id;
    for (const name of ['updateAuthenticatorConfig', 'deleteAuthenticatorConfig']) {
      const answers = [];
      for (const authenticatorConfigId of [theirs, newId()])
        answers.push(await mutate(name, { authenticatorConfigId }));
      expect(answers[0]?.errors).toMatchObject([{ code: 'NOT_FOUND' }]);
      expect(answers[1]).toEqual(answers[0]);
    }
    expect((await query(`authenticatorConfig(id: "${theirs}") { id }`)).realm).toEqual({
      authenticatorConfig: null,
    });
  });

  it('ask for the scope of what is done, and for no other', async () => {
    const config = await made();
    const without = (scope: Scope) => test.apiToken(ALL_SCOPES.filter((held) => held !== scope));
    const authenticatorConfigId = config.id;
    const { refused } = await create({}, await without('authenticator-configs:create'));
    expect(refused).toBe('FORBIDDEN');
    for (const verb of ['update', 'delete'] as const)
      expect(
        (
          await mutate(
            `${verb}AuthenticatorConfig`,
            { authenticatorConfigId },
            await without(`authenticator-configs:${verb}`),
          )
        ).refused,
      ).toBe('FORBIDDEN');
    const blind = await without('authenticator-configs:read');
    expect((await query('authenticatorConfigs { nodes { id } }', blind)).refused).toBe('FORBIDDEN');
    expect((await query(`authenticatorConfig(id: "${config.id}") { id }`, blind)).refused).toBe('FORBIDDEN');
    const helper = await test.apiToken(['authenticator-configs:create']);
    expect((await create({}, helper)).errors).toEqual([]);
    const listed = await query('authenticatorConfigs(first: 1, query: "hosted") { nodes { kind managed } }');
    expect(listed.realm).toEqual({
      authenticatorConfigs: { nodes: [{ kind: 'HOSTED_WEB', managed: true }] },
    });
  });
});
