import * as client from 'openid-client';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { RealmCtx } from '../../kernel/context.js';
import { newId } from '../../kernel/ids.js';
import { listenTestApp, type TestApp } from '../../testing/app.js';
import { enrol, type Person } from '../../testing/people.js';
import { createRelyingParty, type RelyingParty } from '../../testing/relying-party.js';

interface Node {
  id: string;
  createdAt: string;
  lastSeenAt: string;
  expiresAt: string;
  ip: string;
  userAgent: string;
  credential: { name: string };
  applications: { displayName: string }[];
}

describe('sessions', () => {
  let test: TestApp;
  let realm: RealmCtx;
  let shop: RelyingParty;
  let token: string;

  beforeAll(async () => {
    test = await listenTestApp();
    token = await test.apiToken();
    const row = await test.services.realms.create(await test.caller(), { displayName: 'People' });
    realm = await test.caller(undefined, row.id);
    shop = await createRelyingParty(test, realm);
  });
  afterAll(() => test.close());

  const sql = async (text: string, ...values: unknown[]) =>
    (await test.database.pool.query(text, values)).rows as Record<string, never>[];

  /** As if the time had passed: nothing else of a session depends on the clock. */
  const age = (identityId: string, seconds: number) =>
    sql(
      `update sessions set created_at = created_at - $2 * interval '1 second',
        expires_at = expires_at - $2 * interval '1 second' where identity_id = $1`,
      identityId,
      seconds,
    );
  const unseen = (identityId: string, seconds: number) =>
    sql(
      `update sessions set last_seen_at = now() - $2 * interval '1 second' where identity_id = $1`,
      identityId,
      seconds,
    );

  async function settings(input: object, within = realm, as = token) {
    const answer = await test.graphql<{
      updateSessionSettings: {
        sessionSettings: { absoluteSeconds: number; idleSeconds: number | null; version: number } | null;
        errors: { code: string; path: string[] | null }[];
      };
    }>(
      as,
      `mutation ($input: UpdateSessionSettingsInput!) { updateSessionSettings(input: $input) {
        sessionSettings { absoluteSeconds idleSeconds version } errors { code path } } }`,
      { input: { realmId: within.realm.id, ...input } },
    );
    return answer.data?.updateSessionSettings ?? { errors: answer.errors };
  }

  async function sessionsOf(identityId: string, args = 'first: 50') {
    const answer = await test.graphql<{
      realm: {
        identity: { sessions: { nodes: Node[]; pageInfo: { hasNextPage: boolean; endCursor: string } } };
      };
    }>(
      token,
      `query ($realm: ID!, $id: ID!) { realm(id: $realm) { identity(id: $id) { sessions(${args}) {
        nodes { id createdAt lastSeenAt expiresAt ip userAgent credential { name } applications { displayName } }
        pageInfo { hasNextPage endCursor } } } } }`,
      { realm: realm.realm.id, id: identityId },
    );
    return answer.data.realm.identity.sessions;
  }

  async function end(name: 'endSession' | 'endSessions', input: object, as = token) {
    const type = name === 'endSession' ? 'EndSessionInput' : 'EndSessionsInput';
    const answer = await test.graphql<Record<string, { ended: number | null; errors: { code: string }[] }>>(
      as,
      `mutation ($input: ${type}!) { ${name}(input: $input) { ended errors { code } } }`,
      { input: { realmId: realm.realm.id, ...input } },
    );
    return answer.data?.[name] ?? { errors: answer.errors?.map(({ extensions }) => extensions) };
  }

  /** Everything that hangs on a session, tried. */
  async function lives(tokens: { access_token: string; refresh_token?: string }) {
    const introspected = await client.tokenIntrospection(shop.config, tokens.access_token);
    const refreshed = await client
      .refreshTokenGrant(shop.config, tokens.refresh_token ?? '')
      .then(() => true)
      .catch((error: { error: string }) => error.error);
    return { active: introspected.active, refreshed };
  }
  const DEAD = { active: false, refreshed: 'invalid_grant' };

  async function silent(browser: Parameters<RelyingParty['signIn']>[1]) {
    const { url } = await shop.begin({ prompt: 'none' });
    const answer = await browser?.request(url);
    const { searchParams } = new URL(answer?.headers.get('location') ?? '');
    return searchParams.get('error') ?? 'signed in';
  }

  it('last fourteen hours unless the realm says otherwise, and say so', async () => {
    const ada = await enrol(test, realm, 'ada');
    await shop.signIn(ada);
    const { nodes } = await sessionsOf(ada.id);
    expect(nodes).toEqual([
      expect.objectContaining({ ip: '127.0.0.1', applications: [{ displayName: 'Shop' }] }),
    ]);
    const [one] = nodes;
    const lasts = new Date(one?.expiresAt ?? '').getTime() - new Date(one?.createdAt ?? '').getTime();
    expect(lasts).toBe(50_400_000);
    expect(one?.credential.name).toMatch(/Passkey/);
  });

  describe('with limits', () => {
    let strict: RealmCtx;
    let limited: RelyingParty;

    beforeAll(async () => {
      const row = await test.services.realms.create(await test.caller(), { displayName: 'Strict' });
      strict = await test.caller(undefined, row.id);
      limited = await createRelyingParty(test, strict);
      [realm, strict] = [strict, realm];
      [shop, limited] = [limited, shop];
    });
    afterAll(() => {
      [realm, strict] = [strict, realm];
      [shop, limited] = [limited, shop];
    });

    it('end at the absolute limit for single sign-on, refresh and introspection alike', async () => {
      expect(await settings({ absoluteSeconds: 3600 })).toMatchObject({
        sessionSettings: { absoluteSeconds: 3600, idleSeconds: null, version: 2 },
      });
      const bob = await enrol(test, realm, 'bob');
      const { browser, tokens } = await shop.signIn(bob);
      await age(bob.id, 3500);
      expect(await silent(browser)).toBe('signed in');
      await age(bob.id, 101);
      expect(await silent(browser)).toBe('login_required');
      expect(await lives(tokens)).toEqual(DEAD);
      expect((await sessionsOf(bob.id)).nodes).toEqual([]);
    });

    it('end when nobody was seen for the idle limit, and go on for as long as somebody is', async () => {
      await settings({ absoluteSeconds: 36_000, idleSeconds: 600 });
      const cyd = await enrol(test, realm, 'cyd');
      const { browser, tokens } = await shop.signIn(cyd);
      await unseen(cyd.id, 590);
      expect(await silent(browser)).toBe('signed in');
      await unseen(cyd.id, 590);
      expect(await client.tokenIntrospection(shop.config, tokens.access_token)).toMatchObject({
        active: true,
      });
      expect((await sessionsOf(cyd.id)).nodes).toHaveLength(1);
      await unseen(cyd.id, 590);
      const fresh = await client.refreshTokenGrant(shop.config, tokens.refresh_token ?? '');
      const [seen] = await sql(
        'select now() - last_seen_at < interval $$5 s$$ as now from sessions where identity_id = $1',
        cyd.id,
      );
      expect(seen?.now).toBe(true);
      await unseen(cyd.id, 601);
      expect(await silent(browser)).toBe('login_required');
      expect(await lives({ ...fresh, refresh_token: fresh.refresh_token ?? '' })).toEqual(DEAD);
    });

    it('end at once where a limit was made shorter, and none comes back where it was made longer', async () => {
      await settings({ absoluteSeconds: 36_000, idleSeconds: null });
      const dee = await enrol(test, realm, 'dee');
      const { tokens } = await shop.signIn(dee);
      await age(dee.id, 1000);
      expect(await lives(tokens)).toMatchObject({ active: true });
      await settings({ absoluteSeconds: 900 });
      expect(await lives(tokens)).toEqual(DEAD);
      await settings({ absoluteSeconds: 36_000 });
      expect(await lives(tokens)).toEqual(DEAD);
    });

    it('are written to at most once a minute, however often someone is seen', async () => {
      await settings({ absoluteSeconds: 36_000, idleSeconds: 600 });
      const eli = await enrol(test, realm, 'eli');
      const { tokens } = await shop.signIn(eli);
      const seen = async () =>
        (
          await sql('select xmin::text as written, last_seen_at from sessions where identity_id = $1', eli.id)
        )[0];
      const first = await seen();
      for (let times = 0; times < 5; times += 1)
        await client.tokenIntrospection(shop.config, tokens.access_token);
      expect(await seen()).toEqual(first);
      await unseen(eli.id, 61);
      const before = await seen();
      await Promise.all(
        Array.from({ length: 8 }, () => client.tokenIntrospection(shop.config, tokens.access_token)),
      );
      const after = await seen();
      expect(after?.last_seen_at).not.toEqual(before?.last_seen_at);
      await client.tokenIntrospection(shop.config, tokens.access_token);
      expect(await seen()).toEqual(after);
    });

    it('refuse limits that make no sense, a stale version, and whoever may not change the realm', async () => {
      expect(await settings({ absoluteSeconds: 299 })).toMatchObject({
        errors: [{ code: 'INVALID_INPUT', path: ['absoluteSeconds'] }],
      });
      expect(await settings({ absoluteSeconds: 900, idleSeconds: 901 })).toMatchObject({
        errors: [{ code: 'INVALID_INPUT', path: ['idleSeconds'] }],
      });
      expect(await settings({ absoluteSeconds: 900, ifVersion: 1 })).toMatchObject({
        errors: [{ code: 'VERSION_MISMATCH' }],
      });
      const reader = await test.apiToken(['realms:read']);
      expect(await settings({ absoluteSeconds: 900 }, realm, reader)).toMatchObject({
        errors: [{ extensions: { code: 'FORBIDDEN' } }],
      });
      const events = await test.services.events.list(realm, { types: ['session_settings.updated'] }, {});
      expect(events.items.at(-1)?.node.data).toEqual({
        changed: ['absoluteSeconds'],
        absoluteSeconds: 3600,
        idleSeconds: null,
      });
    });
  });

  describe('that an administrator ends', () => {
    let fay: Person;

    beforeAll(async () => {
      fay = await enrol(test, realm, 'fay');
    });

    it('die with what hangs on them, one alone, and leave their event', async () => {
      const first = await shop.signIn(fay);
      const second = await shop.signIn(fay);
      const { nodes } = await sessionsOf(fay.id);
      expect(nodes).toHaveLength(2);
      // The newest comes first.
      expect(await end('endSession', { sessionId: nodes[0]?.id })).toEqual({ ended: 1, errors: [] });
      expect(await lives(second.tokens)).toEqual(DEAD);
      expect(await lives(first.tokens)).toMatchObject({ active: true, refreshed: true });
      expect(await end('endSession', { sessionId: nodes[0]?.id })).toMatchObject({
        errors: [{ code: 'NOT_FOUND' }],
      });
      const [event] = (await test.services.events.list(realm, { types: ['session.ended'] }, {})).items;
      expect(event?.node).toMatchObject({
        subject_id: nodes[0]?.id,
        data: { reason: 'ended_by_administrator', identityId: fay.id },
      });
    });

    it('die all at once, and page newest first before that', async () => {
      await shop.signIn(fay);
      const { tokens } = await shop.signIn(fay);
      const first = await sessionsOf(fay.id, 'first: 2');
      expect(first.pageInfo.hasNextPage).toBe(true);
      const rest = await sessionsOf(fay.id, `first: 2, after: "${first.pageInfo.endCursor}"`);
      const ids = [...first.nodes, ...rest.nodes].map(({ id }) => id);
      expect(ids).toEqual([...ids].sort().reverse());
      expect(ids).toHaveLength(3);
      expect(await end('endSessions', { identityId: fay.id })).toEqual({ ended: 3, errors: [] });
      expect(await lives(tokens)).toEqual(DEAD);
      expect((await sessionsOf(fay.id)).nodes).toEqual([]);
    });

    it('are out of reach without the scope, in another realm, and of people who may do more', async () => {
      await shop.signIn(fay);
      const [mine] = (await sessionsOf(fay.id)).nodes;
      const reader = await test.apiToken(['identities:read', 'credentials:revoke']);
      expect(await end('endSession', { sessionId: mine?.id }, reader)).toMatchObject({
        errors: [{ code: 'FORBIDDEN' }],
      });
      const missing = await end('endSession', { sessionId: newId() });
      const elsewhere = await end('endSession', { realmId: test.tenant.adminRealmId, sessionId: mine?.id });
      expect(elsewhere).toEqual(missing);
      const helpdesk = await test.apiToken(['identities:read', 'identities:update']);
      const admin = await sql('select id from identities where realm_id = $1', test.tenant.adminRealmId);
      const powerful = { realmId: test.tenant.adminRealmId, identityId: admin[0]?.id };
      expect(await end('endSessions', powerful, helpdesk)).toMatchObject({
        errors: [{ code: 'SCOPE_NOT_HELD' }],
      });
      expect((await sessionsOf(fay.id)).nodes).toHaveLength(1);
    });
  });
});
