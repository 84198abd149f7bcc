import { createServer, type Server } from 'node:http';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { RealmCtx } from '../../kernel/context.js';
import { newId } from '../../kernel/ids.js';
import { type Scope } from '../../kernel/permissions.js';
import { buildTestApp, facts, listenTestApp, type TestApp } from '../../testing/app.js';
import { createSoftwareAuthenticator, type Tampering } from '../../testing/authenticator.js';
import { enrol } from '../../testing/people.js';
import { fetchProof, isInternal } from './domain-proof.js';
import { isHostName, isRelyingPartyId, isTrustworthyOrigin, isWithin, labelOf } from './origins.types.js';

describe('relying-party ids and origins', () => {
  it.each([
    ['example.com', true],
    ['login.example.co.uk', true],
    ['localhost', true],
    ['co.uk', false],
    ['com', false],
    ['github.io', false],
    ['me.github.io', true],
    ['192.0.2.1', false],
    ['Example.com', false],
    ['example.com.', false],
    ['exa mple.com', false],
    ['-a.example.com', false],
    ['', false],
  ])('%s stands for a site: %s', (text, expected) => {
    expect(isRelyingPartyId(text)).toBe(expected);
  });

  it.each([
    ['example.com', 'https://example.com', true],
    ['example.com', 'https://a.b.example.com:8443', true],
    ['example.com', 'https://notexample.com', false],
    ['example.com', 'https://example.com.evil.test', false],
    ['a.example.com', 'https://example.com', false],
    ['co.uk', 'https://example.co.uk', false],
    ['localhost', 'http://localhost:5173', true],
    ['localhost', 'http://app.localhost:5173', false],
  ])('%s may be used from %s: %s', (id, origin, expected) => {
    expect(isWithin(id, origin)).toBe(expected);
  });

  it.each(['127.1', '0x7f.1', '10.1', '169.254.43518', '0x7f.0x1', '192.168.257', 'a.1'])(
    'takes %s for no name: it is an address in another spelling, or nothing',
    (name) => {
      expect([isHostName(name), isRelyingPartyId(name)]).toEqual([false, false]);
    },
  );

  it('trusts exact origins with encryption, and those of the machine itself', () => {
    for (const good of [
      'https://a.example',
      'https://a.example:8443',
      'http://localhost:1',
      'http://a.localhost',
    ])
      expect(isTrustworthyOrigin(good)).toBe(true);
    for (const bad of [
      'http://a.example',
      'https://a.example/',
      'https://a.example:443',
      'https://*.a.example',
      'null',
      'javascript:alert(1)',
      'https://[::1]',
    ])
      expect(isTrustworthyOrigin(bad)).toBe(false);
    expect(labelOf('https://login.example.co.uk')).toBe('example');
  });

  it.each([
    '127.0.0.1',
    '10.1.2.3',
    '169.254.169.254',
    '192.168.0.1',
    '100.64.0.1',
    '0.0.0.0',
    '::1',
    '::',
    'fd00::1',
    'fe80::1',
    '::ffff:10.0.0.1',
    '64:ff9b::a00:1',
  ])('knows %s as an internal address', (address) => {
    expect(isInternal(address)).toBe(true);
  });
  it('takes public addresses', () => {
    expect(['8.8.8.8', '2606:4700::1111'].map(isInternal)).toEqual([false, false]);
  });
});

describe('the proof of a domain', () => {
  let server: Server;
  let port: number;
  let asked: string[];

  beforeAll(async () => {
    asked = [];
    server = createServer((request, response) => {
      const host = request.headers.host?.split('.')[0] ?? '';
      asked.push(host);
      if (host === 'moved') response.writeHead(302, { location: '/elsewhere' }).end();
      else if (host === 'long') response.end('x'.repeat(5000));
      else if (host === 'slow') response.write('a');
      else response.end(' said \n');
    });
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
    const address = server.address();
    port = typeof address === 'object' && address ? address.port : 0;
  });
  afterAll(() => {
    server.closeAllConnections();
    server.close();
  });

  it('is read once, trimmed, without following a redirect, up to 4 KB and 5 seconds', async () => {
    const ask = (host: string, local = true) => fetchProof(`http://${host}.localhost:${port}`, local);
    expect(await ask('good')).toBe('said');
    expect(await ask('moved')).toBeUndefined();
    expect(await ask('long')).toBeUndefined();
    expect(await ask('slow')).toBeUndefined();
    expect(asked).toEqual(['good', 'moved', 'long', 'slow']);
  }, 15_000);

  it('is never read from an internal address by a server that is itself public', async () => {
    const before = asked.length;
    expect(await fetchProof(`http://good.localhost:${port}`, false)).toBeUndefined();
    expect(asked).toHaveLength(before);
  });
});

describe('a realm’s own domain', () => {
  let test: TestApp;
  let realm: RealmCtx;
  let token: string;

  beforeAll(async () => {
    test = await listenTestApp();
    token = await test.apiToken();
    const row = await test.services.realms.create(await test.caller(), { displayName: 'Shop' });
    realm = await test.caller(undefined, row.id);
  });
  afterAll(() => test.close());

  const mutate = async (name: string, input: object, as = token) => {
    const type = name === 'setRealmDomain' ? 'SetRealmDomainInput' : 'RealmDomainInput';
    const answer = await test.graphql<
      Record<
        string,
        { domain: { domain: string; verifiedAt: string | null } | null; errors: { code: string }[] }
      >
    >(
      as,
      `mutation ($input: ${type}!) { ${name}(input: $input) { domain { domain verifiedAt } errors { code } } }`,
      { input: { realmId: realm.realm.id, ...input } },
    );
    return { ...answer.data?.[name], refused: answer.errors?.[0]?.extensions.code };
  };
  const related = async (host: string) => {
    const answer = await test.app.inject({ url: '/.well-known/webauthn', headers: { host } });
    return { status: answer.statusCode, cache: answer.headers['cache-control'], body: answer.json() };
  };
  const events = async () =>
    (
      await test.services.events.list(
        realm,
        { types: ['realm.domain_set', 'realm.domain_verified', 'realm.domain_removed'] },
        { first: 50 },
      )
    ).items.map(({ node }) => node.type);

  it('is proved by leading here, then is whom new passkeys are for, while old ones go on working', async () => {
    const old = await enrol(test, realm, 'old');
    expect((await mutate('setRealmDomain', { domain: 'Login.localhost' })).domain).toEqual({
      domain: 'login.localhost',
      verifiedAt: null,
    });
    expect((await related('login.localhost')).status).toBe(404);
    expect((await test.services.relyingParties.relyingPartyFor(realm.realm)).id).toBe('localhost');
    const verified = await mutate('verifyRealmDomain', {});
    expect(verified.errors).toEqual([]);
    expect(verified.domain?.verifiedAt).toBeTruthy();

    const identity = await test.services.identities.create(realm, { username: 'new' });
    const { link } = await test.services.bindingJobs.create(realm, { identityId: identity.id });
    const linkToken = link.split('#token=')[1];
    const made = await test.services.registration.options(realm, { token: linkToken });
    if (made.result !== 'options') throw new Error(made.code);
    expect(made.options.rp.id).toBe('login.localhost');
    const authenticator = createSoftwareAuthenticator({ rpId: 'login.localhost', origin: test.url });
    const bound = await test.services.registration.verify(realm, {
      token: linkToken,
      challengeId: made.challengeId,
      response: authenticator.register(made.options as never),
    });
    expect(bound).toMatchObject({ result: 'bound', passkey: { relying_party_id: 'login.localhost' } });

    const visitor: RealmCtx = { ...realm, ...facts(), actor: { kind: 'ANONYMOUS' }, grants: new Map() };
    const signIn = async (with_: typeof authenticator, relyingPartyId?: string, tampering?: Tampering) => {
      const interactionId = newId();
      const asked = await test.services.authentication.options(
        visitor,
        interactionId,
        newId(),
        relyingPartyId,
      );
      const outcome = await test.services.authentication.verify(visitor, {
        interactionId,
        applicationId: newId(),
        challengeId: asked.challengeId,
        response: with_.authenticate(asked.options, tampering),
      });
      return { asked, outcome: outcome.result };
    };
    const fresh = await signIn(authenticator);
    expect(fresh.outcome).toBe('succeeded');
    expect(fresh.asked.otherRelyingPartyIds).toEqual(['localhost']);
    expect((await signIn(old.authenticator)).outcome).toBe('refused');
    expect((await signIn(old.authenticator, 'localhost')).outcome).toBe('succeeded');
    expect((await signIn(authenticator, 'localhost')).outcome).toBe('refused');
    expect((await signIn(authenticator, 'evil.example')).outcome).toBe('succeeded');
    // A page at the domain itself is none of ours, whoever leads it where.
    const origin = test.url.replace('localhost', 'login.localhost');
    expect((await signIn(authenticator, 'login.localhost', { origin })).outcome).toBe('refused');
  });

  it('is told to browsers at its own host alone, and cached shortly', async () => {
    expect((await related('login.localhost')).body.origins[0]).toBe(
      test.url.replace('localhost', 'login.localhost'),
    );
    expect(await related('localhost')).toEqual({
      status: 200,
      cache: 'public, max-age=300',
      body: { origins: [test.url] },
    });
    for (const host of ['evil.example', '127.0.0.1', 'a..b']) expect((await related(host)).status).toBe(404);
  });

  it('can not be another realm’s as well, nor changed while passkeys hang on it', async () => {
    expect((await mutate('setRealmDomain', { domain: 'other.localhost' })).errors).toMatchObject([
      { code: 'WRONG_STATE' },
    ]);
    const second = await test.caller(
      undefined,
      (await test.services.realms.create(await test.caller(), { displayName: 'Second' })).id,
    );
    await test.services.realmDomains.set(second, { domain: 'login.localhost' });
    await expect(test.services.realmDomains.verify(second)).rejects.toMatchObject({ code: 'DOMAIN_TAKEN' });
  });

  it('goes to neither of two tenants that ask for it at the same time', async () => {
    const other = await test.services.tenants.create(facts(), {
      name: 'Other',
      adminEmail: 'you@example.com',
    });
    const mine = await test.caller(
      undefined,
      (await test.services.realms.create(await test.caller(), { displayName: 'Third' })).id,
    );
    await test.database.pool.query(
      `insert into realm_domains (realm_id, domain) values ($1, 'contested.localhost')`,
      [other.adminRealmId],
    );
    await test.services.realmDomains.set(mine, { domain: 'contested.localhost' });
    await expect(test.services.realmDomains.verify(mine)).rejects.toMatchObject({ code: 'DOMAIN_TAKEN' });
    await test.database.pool.query(
      `update realm_domains set created_at = now() - interval '8 days' where realm_id = $1`,
      [other.adminRealmId],
    );
    expect((await test.services.realmDomains.verify(mine)).domain?.verified_at).toBeInstanceOf(Date);
  });

  it.each(['co.uk', 'localhost', '192.0.2.1', 'https://a.example', 'a b.example'])(
    'is not %s',
    async (domain) => {
      expect((await mutate('setRealmDomain', { domain })).errors).toMatchObject([{ code: 'INVALID_INPUT' }]);
    },
  );

  it('is not proved by a name that leads nowhere', async () => {
    const row = await test.services.realms.create(await test.caller(), { displayName: 'Nowhere' });
    const nowhere = await test.caller(undefined, row.id);
    await test.services.realmDomains.set(nowhere, { domain: 'nowhere.invalid' });
    await expect(test.services.realmDomains.verify(nowhere)).rejects.toMatchObject({
      code: 'DOMAIN_NOT_PROVEN',
    });
  });

  it('asks for realms:update, and is planned with credentials:read', async () => {
    const helper = await test.apiToken(['realms:read', 'identities:read'] as Scope[]);
    for (const [name, input] of [
      ['setRealmDomain', { domain: 'x.localhost' }],
      ['verifyRealmDomain', {}],
      ['removeRealmDomain', {}],
    ] as const)
      expect((await mutate(name, input, helper)).refused).toBe('FORBIDDEN');
    const answer = await test.graphql(
      helper,
      `query ($id: ID!) { realm(id: $id) { relyingPartyPlan(input: { domain: "x.example" }) { direct } } }`,
      { id: realm.realm.id },
    );
    expect(answer.errors?.[0]?.extensions.code).toBe('FORBIDDEN');
  });

  it('is planned before: what works in every browser, what in some, and who would be left with nothing', async () => {
    const plan = async (input: string, realmId = realm.realm.id) => {
      const answer = await test.graphql<{ realm: { relyingPartyPlan: Record<string, unknown> } }>(
        token,
        `query ($id: ID!) { realm(id: $id) { relyingPartyPlan(input: ${input}) {
          parties { relyingPartyId passkeys fate } direct related stranded strandedIdentities
          strandedAdministrators { displayName } } } }`,
        { id: realmId },
      );
      if (answer.errors) throw new Error(answer.errors[0]?.extensions.code);
      return answer.data.realm.relyingPartyPlan;
    };
    expect(await plan('{ domain: "login.localhost" }')).toMatchObject({
      direct: 1,
      related: 1,
      stranded: 0,
      strandedIdentities: 0,
    });
    expect(await plan('{ domain: "other.example" }')).toMatchObject({
      parties: [
        { relyingPartyId: 'localhost', passkeys: 1, fate: 'DIRECT' },
        { relyingPartyId: 'login.localhost', passkeys: 1, fate: 'STRANDED' },
      ].sort((a, b) => a.relyingPartyId.localeCompare(b.relyingPartyId)),
      stranded: 1,
      strandedIdentities: 1,
      strandedAdministrators: [],
    });
    await expect(plan('{}')).rejects.toThrow('INVALID_INPUT');
    await expect(
      plan(`{ authenticatorConfigId: "${newId()}", relyingPartyId: "a.example" }`),
    ).rejects.toThrow('NOT_FOUND');
  });

  it('can be taken away, which is told', async () => {
    expect((await mutate('removeRealmDomain', {})).errors).toEqual([]);
    expect((await test.services.relyingParties.relyingPartyFor(realm.realm)).id).toBe('localhost');
    expect((await mutate('removeRealmDomain', {})).errors).toMatchObject([{ code: 'NOT_FOUND' }]);
    expect(await events()).toEqual(['realm.domain_removed', 'realm.domain_verified', 'realm.domain_set']);
  });

  it('of the Admin Realm stays while the only administrator’s passkey hangs on it', async () => {
    const admin = await test.caller();
    await test.services.realmDomains.set(admin, { domain: 'console.localhost' });
    await test.services.realmDomains.verify(admin);
    const linkToken = test.tenant.bindingLink.split('#token=')[1];
    const made = await test.services.registration.options(admin, { token: linkToken });
    if (made.result !== 'options') throw new Error(made.code);
    const authenticator = createSoftwareAuthenticator({ rpId: 'console.localhost', origin: test.url });
    const response = authenticator.register(made.options as never);
    await test.services.registration.verify(admin, {
      token: linkToken,
      challengeId: made.challengeId,
      response,
    });
    await expect(test.services.realmDomains.remove(admin, {})).rejects.toMatchObject({
      code: 'ADMIN_LOCKOUT',
    });
    expect(
      (await test.services.relyingPartyPlan.plan(admin, { domain: 'new.example' })).strandedAdministrators,
    ).toHaveLength(1);
    await enrol(test, admin, 'second').catch(() => undefined);
    expect((await test.services.realmDomains.find(admin))?.domain).toBe('console.localhost');
  });
});

describe('an embedded config', () => {
  it('may use the realm’s own domain from its trusted origins, as far as browsers read on', async () => {
    const test = await buildTestApp({ publicUrl: 'https://id.keyrealm.example' });
    const row = await test.services.realms.create(await test.caller(), { displayName: 'Shop' });
    await test.database.pool.query(
      `insert into realm_domains (realm_id, domain, verified_at) values ($1, 'login.shop.example', now())`,
      [row.id],
    );
    const origins = ['a', 'b', 'c', 'd', 'e', 'f'].map((name) => `https://www.${name}-shop.example`);
    const config = { kind: 'EMBEDDED' as const, relying_party_id: null, trusted_origins: origins };
    const realm = await test.caller(undefined, row.id);
    await test.services.configAdministration.create(realm, {
      displayName: 'Many',
      kind: 'EMBEDDED',
      invocation: 'MANUAL',
      invokeUrl: `${origins[0]}/`,
      trustedOrigins: origins,
    });
    const answer = await test.app.inject({
      url: '/.well-known/webauthn',
      headers: { host: 'login.shop.example' },
    });
    const listed = ['https://login.shop.example', 'https://id.keyrealm.example', ...origins.slice(0, 3)];
    expect(answer.json()).toEqual({ origins: listed });
    expect(await test.services.relyingParties.relyingPartyFor(row, config)).toEqual({
      id: 'login.shop.example',
      origins: origins.slice(0, 3),
    });
    await expect(
      test.services.relyingParties.relyingPartyFor(row, { ...config, relying_party_id: 'other.example' }),
    ).rejects.toMatchObject({ code: 'WRONG_STATE' });
    await test.close();
  });
});
