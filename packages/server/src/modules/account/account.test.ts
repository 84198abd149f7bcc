import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { RealmCtx } from '../../kernel/context.js';
import { newId } from '../../kernel/ids.js';
import { listenTestApp, type TestApp } from '../../testing/app.js';
import { createSoftwareAuthenticator } from '../../testing/authenticator.js';
import { type Browser, createBrowser } from '../../testing/browser.js';
import { bind, enrol, type Person, siteOf } from '../../testing/people.js';
import { createRelyingParty, type RelyingParty } from '../../testing/relying-party.js';

interface Overview {
  identity: { displayName: string; username: string };
  passkeys: { id: string; name: string; current: boolean; deviceBound: boolean; lastUsedAt: string | null }[];
  sessions: { id: string; current: boolean; applications: string[]; ip: string }[];
  fresh: boolean;
  known: Known;
}
interface Known {
  userId: string;
  name: string;
  displayName: string;
  accepted: { rpId: string; credentialIds: string[] }[];
}
interface Answer<T = Record<string, unknown>> {
  status: number;
  body: T;
}

describe('the own account', () => {
  let test: TestApp;
  let realm: RealmCtx;
  let shop: RelyingParty;
  let ada: Person;
  let browser: Browser;

  beforeAll(async () => {
    test = await listenTestApp();
    const row = await test.services.realms.create(await test.caller(), { displayName: 'People' });
    realm = await test.caller(undefined, row.id);
    shop = await createRelyingParty(test, realm);
  });
  afterAll(() => test.close());
  beforeEach(async () => {
    browser = createBrowser();
    ada = await enrol(test, realm, `ada-${newId()}`);
  });

  const base = (realmId = realm.realm.id) => `${test.url}/realms/${realmId}/account`;

  async function post<T = Record<string, unknown>>(
    path: string,
    body: object = {},
    { from = browser, origin = test.url, at = base() }: { from?: Browser; origin?: string; at?: string } = {},
  ): Promise<Answer<T>> {
    const response = await from.post(`${at}/${path}`, body, origin === '' ? {} : { origin });
    const text = await response.text();
    return { status: response.status, body: (text === '' ? {} : JSON.parse(text)) as T };
  }

  async function get<T>(path: string, from = browser): Promise<Answer<T>> {
    const response = await from.request(`${base()}/${path}`);
    return { status: response.status, body: (await response.json()) as T };
  }

  async function come(person = ada, from = browser, at = base()) {
    const made = await post<{ challengeId: string; options: { challenge: string } }>(
      'enter/options',
      {},
      { from, at },
    );
    const response = person.authenticator.authenticate(made.body.options);
    const { challengeId } = made.body;
    return post<{ known: Known; error?: { code: string } }>(
      'enter/verify',
      { challengeId, response },
      { from, at },
    );
  }

  const overview = async (from = browser) => (await get<Overview>('overview', from)).body;

  /** A second passkey, through the page's own way. */
  async function add(from = browser) {
    const invited = await post<{ token: string }>('passkeys/add', {}, { from });
    if (invited.status !== 200) throw new Error(JSON.stringify(invited.body));
    return bind(`${test.url}/realms/${realm.realm.id}/bind#token=${invited.body.token}`, from);
  }

  const eventsOf = async (types: string[], within = realm) =>
    (await test.services.events.list(within, { types }, {})).items.map(({ node }) => node);

  it('opens with an own passkey, and keeps its session in a cookie that nothing else gets', async () => {
    expect((await get('overview')).status).toBe(401);
    const made = await post<{ challengeId: string; options: { challenge: string } }>('enter/options');
    const response = await browser.post(
      `${base()}/enter/verify`,
      {
        challengeId: made.body.challengeId,
        response: ada.authenticator.authenticate(made.body.options),
      },
      { origin: test.url },
    );
    const cookie = response.headers.getSetCookie().join();
    expect(cookie).toMatch(/^keyrealm_account=/);
    for (const part of ['HttpOnly', 'SameSite=Strict', `Path=/realms/${realm.realm.id}/account`])
      expect(cookie).toContain(part);
    const seen = await overview();
    expect(seen).toMatchObject({
      identity: { username: ada.username },
      passkeys: [{ current: true, deviceBound: true }],
      sessions: [{ current: true, applications: [] }],
      fresh: true,
    });
    const [event] = await eventsOf(['authentication.succeeded']);
    expect(event).toMatchObject({ actor_id: ada.id, data: { applicationId: null } });
  });

  it('tells the browser with a sign-in which passkeys still count', async () => {
    const { body } = await come();
    expect(Buffer.from(body.known.userId, 'base64url').toString('hex')).toBe(
      `${realm.realm.id}${ada.id}`.replaceAll('-', ''),
    );
    expect(body.known).toMatchObject({ name: ada.username, displayName: ada.username });
    await add();
    const before = (await overview()).known.accepted[0]?.credentialIds ?? [];
    expect(before).toHaveLength(2);
    expect(before).toEqual(expect.arrayContaining(body.known.accepted[0]?.credentialIds ?? []));
    const first = (await overview()).passkeys.find(({ current }) => !current);
    const removed = await post<{ known: Known }>(`passkeys/${first?.id}/remove`);
    expect(removed.body.known.accepted).toEqual([
      { rpId: 'localhost', credentialIds: body.known.accepted[0]?.credentialIds },
    ]);
  });

  it('adds a passkey of one’s own after a fresh sign-in alone', async () => {
    await come();
    await test.database.pool.query(
      `update sessions set created_at = created_at - interval '301 seconds' where identity_id = $1`,
      [ada.id],
    );
    expect(await post('passkeys/add')).toMatchObject({
      status: 403,
      body: { error: { code: 'REAUTHENTICATION_REQUIRED' } },
    });
    expect((await overview()).fresh).toBe(false);
    await come();
    const second = await add();
    expect((await overview()).passkeys).toHaveLength(2);
    expect((await come({ ...ada, authenticator: second })).status).toBe(200);
    const [job] = await eventsOf(['credential_binding_job.created']);
    expect(job).toMatchObject({ actor_id: ada.id, data: { identityId: ada.id } });
    // Coming in anew ends what came before it.
    expect((await overview()).sessions).toHaveLength(1);
  });

  it('ends a link for another passkey with the session that it came from', async () => {
    const over = async (end: () => Promise<unknown>) => {
      await come();
      const { body } = await post<{ token: string }>('passkeys/add');
      const link = `${test.url}/realms/${realm.realm.id}/bind#token=${body.token}`;
      await end();
      await expect(bind(link)).rejects.toThrow('LINK_REVOKED');
      // Nor does it without the session's name.
      await expect(bind(link.replace(/_[^_]*$/, ''))).rejects.toThrow('LINK_INVALID');
    };
    await over(() => post('leave'));
    await over(() => test.services.sessionAdministration.endAll(realm, { identityId: ada.id }));
    await over(async () => {
      const [passkey] = (await overview()).passkeys;
      await test.services.passkeys.revoke(realm, { credentialId: passkey?.id });
    });
    const { rows } = await test.database.pool.query(`select status from passkeys where identity_id = $1`, [
      ada.id,
    ]);
    expect(rows).toEqual([{ status: 'REVOKED' }]);
  });

  it('renames and removes them, ends what a removed one opened, and says who did it', async () => {
    await come();
    const second = await add();
    const { tokens } = await shop.signIn({ ...ada, authenticator: second });
    const other = (await overview()).passkeys.find(({ current }) => !current);
    expect((await post(`passkeys/${other?.id}/rename`, { name: '  Blue key ' })).status).toBe(204);
    expect((await overview()).passkeys.map(({ name }) => name)).toContain('Blue key');
    expect(await post(`passkeys/${other?.id}/rename`, { name: '\u202e' })).toMatchObject({ status: 400 });
    expect((await overview()).sessions).toHaveLength(2);
    expect((await post(`passkeys/${other?.id}/remove`)).status).toBe(200);
    expect((await overview()).sessions).toHaveLength(1);
    expect(await test.services.tokens.verify(tokens.access_token)).toBeUndefined();
    const events = await eventsOf(['credential.renamed', 'credential.revoked']);
    expect(events.slice(0, 2)).toMatchObject([
      { type: 'credential.revoked', actor_id: ada.id, data: { passkeyName: 'Blue key', endedSessions: 1 } },
      { type: 'credential.renamed', actor_id: ada.id },
    ]);
  });

  it('removes the last passkey only for who says that they know, and then it is over', async () => {
    await come();
    const [only] = (await overview()).passkeys;
    expect(await post(`passkeys/${only?.id}/remove`)).toMatchObject({
      status: 409,
      body: { error: { code: 'LAST_PASSKEY' } },
    });
    const removed = await post<{ known: Known }>(`passkeys/${only?.id}/remove`, { evenTheLast: true });
    expect(removed.body.known.accepted).toEqual([{ rpId: 'localhost', credentialIds: [] }]);
    expect((await get('overview')).status).toBe(401);
    expect(await come()).toMatchObject({ status: 400, body: { error: { code: 'PASSKEY_UNKNOWN' } } });
  });

  it('of two removals at once leaves the last one where nobody confirmed it', async () => {
    for (let round = 0; round < 5; round += 1) {
      ada = await enrol(test, realm, `twice-${newId()}`);
      browser = createBrowser();
      await come();
      await add();
      const { passkeys } = await overview();
      // Two browsers, since the first removal may end the session of this one.
      const [here, there] = [browser, createBrowser()];
      await come(ada, there);
      const answers = await Promise.all([
        post(`passkeys/${passkeys[1]?.id}/remove`, {}, { from: here }),
        post(`passkeys/${passkeys[0]?.id}/remove`, {}, { from: there }),
      ]);
      expect(answers.filter(({ status }) => status === 200).length).toBeLessThanOrEqual(1);
      const left = await test.database.pool.query(
        `select 1 from passkeys where identity_id = $1 and status = 'ACTIVE'`,
        [ada.id],
      );
      expect(left.rowCount).toBeGreaterThanOrEqual(1);
    }
  });

  it('knows nothing of another person’s passkeys and sessions', async () => {
    const eve = await enrol(test, realm, `eve-${newId()}`);
    const theirs = createBrowser();
    await come(ada, theirs);
    const { passkeys, sessions } = await overview(theirs);
    await come(eve);
    const missing = {
      rename: await post(`passkeys/${newId()}/rename`, { name: 'x' }),
      remove: await post(`passkeys/${newId()}/remove`, { evenTheLast: true }),
      end: await post(`sessions/${newId()}/end`),
    };
    const sameAs = (answer: Answer) => ({
      status: answer.status,
      error: { ...Object(answer.body.error), correlationId: '' },
    });
    const rename = await post(`passkeys/${passkeys[0]?.id}/rename`, { name: 'x' });
    const remove = await post(`passkeys/${passkeys[0]?.id}/remove`, { evenTheLast: true });
    const end = await post(`sessions/${sessions[0]?.id}/end`);
    expect(sameAs(rename)).toEqual(sameAs(missing.rename));
    expect(sameAs(remove)).toEqual(sameAs(missing.remove));
    expect(sameAs(end)).toEqual(sameAs(missing.end));
    expect(end.status).toBe(404);
    expect((await overview(theirs)).passkeys).toEqual(passkeys);
  });

  it('ends one session, all others, and its own', async () => {
    await come();
    const first = await shop.signIn(ada);
    const second = await shop.signIn(ada);
    const { sessions } = await overview();
    expect(sessions.filter(({ applications }) => applications.includes('Shop'))).toHaveLength(2);
    // The newest first: the second of the shop.
    expect((await post(`sessions/${sessions[0]?.id}/end`)).status).toBe(204);
    expect(await test.services.tokens.verify(second.tokens.access_token)).toBeUndefined();
    expect(await test.services.tokens.verify(first.tokens.access_token)).toBeDefined();
    expect((await post('sessions/end-others')).body).toEqual({ ended: 1 });
    expect(await test.services.tokens.verify(first.tokens.access_token)).toBeUndefined();
    expect((await overview()).sessions).toEqual([expect.objectContaining({ current: true })]);
    expect((await post('leave')).status).toBe(204);
    expect((await get('overview')).status).toBe(401);
    const events = await eventsOf(['session.ended']);
    expect(
      events.slice(0, 3).map((event) => [event.actor_id, Reflect.get(Object(event.data), 'reason')]),
    ).toEqual([
      [ada.id, 'signed_out'],
      [ada.id, 'ended_by_person'],
      [ada.id, 'ended_by_person'],
    ]);
  });

  it('shows one’s own sign-ins, page by page, and no other person’s', async () => {
    const eve = await enrol(test, realm, `eve-${newId()}`);
    await shop.signIn(eve);
    for (let times = 0; times < 3; times += 1) await shop.signIn(ada);
    await come();
    const first = await get<{ signIns: { at: string; application: string | null }[]; next: string | null }>(
      'history',
    );
    expect(first.body.signIns.map(({ application }) => application)).toEqual([null, 'Shop', 'Shop', 'Shop']);
    expect(first.body.next).toBeNull();
    for (let times = 0; times < 18; times += 1) await come();
    const page = await get<{ signIns: { id: string }[]; next: string }>('history');
    expect(page.body.signIns).toHaveLength(20);
    const rest = await get<{ signIns: { id: string }[]; next: null }>(`history?after=${page.body.next}`);
    expect(rest.body.signIns).toHaveLength(2);
    expect(new Set([...page.body.signIns, ...rest.body.signIns].map(({ id }) => id)).size).toBe(22);
    expect(rest.body.next).toBeNull();
  });

  it('is over at once for who is suspended meanwhile, and when the session is', async () => {
    await come();
    await test.services.sessionAdministration.endAll(realm, { identityId: ada.id });
    expect((await get('overview')).status).toBe(401);
    expect((await post('passkeys/add')).status).toBe(401);
    await come();
    await test.services.identities.suspend(realm, { identityId: ada.id });
    expect((await get('overview')).status).toBe(401);
    expect((await post('passkeys/add')).status).toBe(401);
    expect((await come()).status).toBe(400);
  });

  it('takes no word from a page of another origin, nor from none, nor a cookie that is not sealed', async () => {
    await come();
    const [only] = (await overview()).passkeys;
    for (const origin of ['https://evil.example', 'null', ''])
      for (const path of [
        'passkeys/add',
        `passkeys/${only?.id}/rename`,
        `passkeys/${only?.id}/remove`,
        'sessions/end-others',
        'leave',
        'enter/options',
      ])
        expect((await post(path, { name: 'x', evenTheLast: true }, { origin })).status, path).toBe(403);
    expect((await overview()).passkeys).toEqual([only]);
    const [mine] = (await overview()).sessions;
    const forged = await fetch(`${base()}/overview`, {
      headers: { cookie: `keyrealm_account=${mine?.id}.${'A'.repeat(43)}` },
    });
    expect(forged.status).toBe(401);
    // What opens one realm's page opens no other's.
    const other = await test.services.realms.create(await test.caller(), { displayName: 'Others' });
    const [kept] = [...browser.jar.values()];
    const elsewhere = await fetch(`${base(other.id)}/overview`, {
      headers: { cookie: `keyrealm_account=${kept?.value}` },
    });
    expect(elsewhere.status).toBe(401);
  });

  it('takes no answer to a challenge of an authorization, and gives none that one takes', async () => {
    const { url } = await shop.begin();
    const to = new URL((await browser.request(url)).headers.get('location') ?? '', url);
    await browser.request(to);
    const interaction = to.pathname.split('/sign-in/')[1];
    const ceremonies = `${test.url}/realms/${realm.realm.id}/passkeys/authentication`;
    const asked = (await (await browser.post(`${ceremonies}/options`, { interaction })).json()) as {
      challengeId: string;
      options: { challenge: string };
    };
    const response = ada.authenticator.authenticate(asked.options);
    expect(await post('enter/verify', { challengeId: asked.challengeId, response })).toMatchObject({
      status: 400,
      body: { error: { code: 'CHALLENGE_INVALID' } },
    });
    const made = await post<{ challengeId: string; options: { challenge: string } }>('enter/options');
    const crossed = await browser.post(`${ceremonies}/verify`, {
      interaction,
      challengeId: made.body.challengeId,
      response: ada.authenticator.authenticate(made.body.options),
    });
    expect(await crossed.json()).toMatchObject({ error: { code: 'CHALLENGE_INVALID' } });
  });

  describe('of an administrator', () => {
    it('opens by the policy of the console, and never lets the last one lock everybody out', async () => {
      const adminRealm = test.tenant.adminRealmId;
      const authenticator = await bind(test.tenant.bindingLink);
      const at = base(adminRealm);
      const admin = { id: '', username: 'me@example.com', authenticator };
      expect((await come(admin, browser, at)).status).toBe(200);
      const within = await test.caller(undefined, adminRealm);
      const [entered] = await eventsOf(['authentication.succeeded'], within);
      const application = await test.services.applications.findManaged(
        test.services.db,
        adminRealm,
        'ADMIN_CONSOLE',
      );
      expect(entered?.data).toMatchObject({ applicationId: application?.id });
      const seen = await browser.request(`${at}/overview`);
      const { passkeys } = (await seen.json()) as Overview;
      expect(await post(`passkeys/${passkeys[0]?.id}/remove`, { evenTheLast: true }, { at })).toMatchObject({
        status: 409,
        body: { error: { code: 'ADMIN_LOCKOUT' } },
      });
      // Somebody of the realm who may not use the console may not come in here either.
      const guest = await test.services.identities.create(within, { username: 'guest' });
      const { link } = await test.services.bindingJobs.create(within, { identityId: guest.id });
      const theirs = { ...admin, authenticator: await bind(link) };
      expect(await come(theirs, createBrowser(), at)).toMatchObject({
        status: 403,
        body: { error: { code: 'POLICY_DENIED' } },
      });
    });
  });

  it('serves the page with nothing of anybody in it', async () => {
    const page = await browser.request(base());
    expect(page.status).toBe(200);
    expect(page.headers.get('content-security-policy')).toContain("default-src 'none'");
    const text = await page.text();
    expect(text).toContain('"page":"account"');
    expect(text).not.toContain(ada.username);
  });

  it('refuses a passkey that nobody knows as every other sign-in does', async () => {
    const stranger = createSoftwareAuthenticator(siteOf(test.url));
    stranger.register({ challenge: 'x', user: { id: Buffer.alloc(32).toString('base64url') } });
    expect(await come({ ...ada, authenticator: stranger })).toMatchObject({
      status: 400,
      body: { error: { code: 'PASSKEY_UNKNOWN' } },
    });
  });
});
