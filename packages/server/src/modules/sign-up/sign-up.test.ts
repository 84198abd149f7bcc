import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { RealmCtx } from '../../kernel/context.js';
import { ALL_SCOPES } from '../../kernel/permissions.js';
import { listenTestApp, type TestApp } from '../../testing/app.js';
import { createSoftwareAuthenticator } from '../../testing/authenticator.js';
import { type Browser, createBrowser } from '../../testing/browser.js';
import { siteOf } from '../../testing/people.js';
import { readMail, startSmtp, type TestSmtp } from '../../testing/smtp.js';

let smtp: TestSmtp;
let test: TestApp;
let realm: RealmCtx;
let people = 0;

beforeAll(async () => {
  smtp = await startSmtp();
  test = await listenTestApp({ mail: { smtpUrl: smtp.url, from: 'keys@keyrealm.example' } });
});
afterAll(async () => {
  await test.close();
  await smtp.close();
});
beforeEach(async () => {
  await test.database.db.deleteFrom('sign_ups').execute();
  smtp.received.length = 0;
  realm = await freshRealm({ sign_up: true });
});

async function freshRealm(settings: {
  sign_up?: boolean;
  sign_up_proof?: 'LINK' | 'CODE';
  sign_up_domains?: string[];
}): Promise<RealmCtx> {
  const made = await test.services.realms.create(await test.caller(), { displayName: 'People' });
  await test.database.db
    .updateTable('authenticator_configs')
    .set(settings)
    .where('realm_id', '=', made.id)
    .where('managed', '=', 'HOSTED_WEB')
    .execute();
  return test.caller(ALL_SCOPES, made.id);
}

interface Answer {
  readonly status: number;
  readonly body: Record<string, unknown> & { error?: { code: string } };
}

async function post(
  path: string,
  body: object,
  browser: Browser = createBrowser(),
  ctx = realm,
): Promise<Answer> {
  const response = await browser.post(`${test.url}/realms/${ctx.realm.id}/passkeys/sign-up/${path}`, body);
  return { status: response.status, body: (await response.json()) as Answer['body'] };
}

async function settle(): Promise<void> {
  while ((await test.services.signUpRuns.step()) > 0);
  while ((await test.services.mailSender.step()) > 0);
}

function received(): { to: string; text: string; token: string; code: string }[] {
  return smtp.received.splice(0).map(({ to, source }) => {
    const { text } = readMail(source);
    const token = /\/sign-up#token=(\S+)/.exec(text)?.[1] ?? '';
    return { to: to[0] ?? '', text, token, code: /^\d{6}$/m.exec(text)?.[0] ?? '' };
  });
}

const newAddress = (): string => `newcomer${++people}@example.com`;

async function provenByLink(email = newAddress(), browser?: Browser, more: object = {}): Promise<string> {
  await post('ask', { email, ...more }, browser);
  await settle();
  return received()[0]?.token ?? '';
}

async function finish(token: string, person: object = {}, browser?: Browser): Promise<Answer> {
  const who = { token, displayName: 'New Comer', ...person };
  const made = await post('options', who, browser);
  if (made.status !== 200) return made;
  const authenticator = createSoftwareAuthenticator(siteOf(test.url));
  const response = authenticator.register(made.body.options as never);
  return post('verify', { ...who, challengeId: made.body.challengeId, response }, browser);
}

const identitiesOf = (ctx = realm) =>
  test.database.db.selectFrom('identities').selectAll().where('realm_id', '=', ctx.realm.id).execute();
const eventsOf = (ctx = realm) =>
  test.database.db
    .selectFrom('events')
    .selectAll()
    .where('realm_id', '=', ctx.realm.id)
    .orderBy('id')
    .execute();

describe('signing up', () => {
  it('proves the address by a link, and makes the identity only with its passkey', async () => {
    const email = newAddress();
    const asked = await post('ask', { email });
    expect(asked).toMatchObject({ status: 202, body: { proof: 'LINK', token: null } });
    await settle();
    const [mail] = received();
    expect(mail?.to).toBe(email);
    const token = mail?.token ?? '';
    expect((await post('open', { token })).body).toMatchObject({ email });
    await post('options', { token, displayName: 'Half Done' });
    expect(await identitiesOf()).toEqual([]);
    expect(await finish(token)).toMatchObject({ status: 200, body: { username: email, next: null } });
    const [identity, ...others] = await identitiesOf();
    expect(others).toEqual([]);
    expect(identity).toMatchObject({
      username: email,
      email,
      display_name: 'New Comer',
      enrollment_status: 'ENROLLED',
      provisioned_by: null,
    });
    const events = (await eventsOf()).filter(
      ({ type }) => !type.startsWith('policy') && type !== 'realm.created',
    );
    // Ids of the same millisecond are in no order.
    expect(events.map(({ type }) => type).sort()).toEqual([
      'identity.created',
      'registration.completed',
      'sign_up.completed',
      'sign_up.requested',
    ]);
    expect(new Set(events.map((event) => event.correlation_id)).size).toBe(1);
    expect(events.find(({ type }) => type === 'identity.created')).toMatchObject({
      actor_kind: 'ANONYMOUS',
      subject_id: identity?.id,
    });
    expect(await post('open', { token })).toMatchObject({ status: 410 });
    expect(await finish(token)).toMatchObject({ body: { error: { code: 'SIGN_UP_INVALID' } } });
  });

  it('proves it by a code that the page which asked types in, and no other', async () => {
    realm = await freshRealm({ sign_up: true, sign_up_proof: 'CODE' });
    const email = newAddress();
    const { body } = await post('ask', { email });
    const token = String(body.token);
    await settle();
    const code = received()[0]?.code ?? '';
    expect(code).toMatch(/^\d{6}$/);
    expect((await post('open', { token })).status).toBe(410);
    const stranger = String((await post('ask', { email: newAddress() })).body.token);
    expect((await post('prove', { token: stranger, code })).body.error?.code).toBe('CODE_WRONG');
    expect((await post('prove', { token, code: `${code.slice(0, 3)} ${code.slice(3)}` })).status).toBe(200);
    expect((await post('prove', { token, code })).body.error?.code).toBe('CODE_WRONG');
    expect((await finish(token)).status).toBe(200);
  });

  it('gives a code five tries and ten minutes', async () => {
    realm = await freshRealm({ sign_up: true, sign_up_proof: 'CODE' });
    const { body } = await post('ask', { email: newAddress() });
    await settle();
    const code = received()[0]?.code ?? '';
    const wrong = code === '000000' ? '000001' : '000000';
    const token = String(body.token);
    const tries = await Promise.all(Array.from({ length: 8 }, () => post('prove', { token, code: wrong })));
    expect(new Set(tries.map((tried) => tried.body.error?.code))).toEqual(new Set(['CODE_WRONG']));
    expect((await post('prove', { token, code })).body.error?.code).toBe('CODE_WRONG');
    const row = await test.database.db.selectFrom('sign_ups').selectAll().executeTakeFirstOrThrow();
    expect(row.tries).toBe(5);
    expect(row.expires_at.getTime() - row.created_at.getTime()).toBeLessThanOrEqual(601_000);

    const late = await post('ask', { email: newAddress() });
    await settle();
    const lateCode = received()[0]?.code ?? '';
    await test.database.db
      .updateTable('sign_ups')
      .set({ expires_at: new Date(0) })
      .execute();
    expect((await post('prove', { token: String(late.body.token), code: lateCode })).status).toBe(400);
  });

  it('goes on to the application in the browser that began, and nowhere else', async () => {
    const REDIRECT = 'http://localhost:9999/callback';
    const app = await test.services.applications.create(realm, {
      displayName: 'Shop',
      type: 'PUBLIC',
      grantTypes: ['authorization_code'],
      redirectUris: [REDIRECT],
    });
    const authorize = new URL(`${test.url}/realms/${realm.realm.id}/authorize`);
    authorize.search = new URLSearchParams({
      client_id: app.application.id,
      response_type: 'code',
      redirect_uri: REDIRECT,
      scope: 'openid',
      state: 'state',
      code_challenge: 'E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM',
      code_challenge_method: 'S256',
    }).toString();
    const begin = async (browser: Browser) => {
      const first = await browser.request(authorize);
      const page = new URL(first.headers.get('location') ?? '', authorize);
      await (await browser.request(page)).text();
      return provenByLink(newAddress(), browser, { interaction: page.pathname.split('/sign-in/')[1] });
    };
    const browser = createBrowser();
    const done = await finish(await begin(browser), {}, browser);
    const last = await browser.request(String(done.body.next));
    expect(last.headers.get('location')).toMatch(/^http:\/\/localhost:9999\/callback\?code=/);

    const elsewhere = await finish(await begin(createBrowser()));
    expect(elsewhere).toMatchObject({ status: 200, body: { next: null } });
    const sessions = await test.database.db
      .selectFrom('sessions')
      .select('id')
      .where('realm_id', '=', realm.realm.id)
      .execute();
    expect(sessions).toHaveLength(1);
    const types = (await eventsOf()).map(({ type }) => type);
    expect(types.filter((type) => type === 'authentication.succeeded')).toHaveLength(2);
  });

  it('keeps no code and no token readable once the mail is sent', async () => {
    const token = await provenByLink();
    const rows = await test.database.db.selectFrom('sign_ups').selectAll().execute();
    const mails = await test.database.db.selectFrom('mails').selectAll().execute();
    expect(JSON.stringify([rows, mails, await eventsOf(), test.logged])).not.toContain(token);
    expect(mails.every((mail) => mail.wrapped_secret === null)).toBe(true);
  });

  it('answers alike for an address that has an account, and tells its owner instead', async () => {
    for (const proof of ['LINK', 'CODE'] as const) {
      realm = await freshRealm({ sign_up: true, sign_up_proof: proof });
      const email = newAddress();
      await test.services.identities.create(realm, {
        username: `owner${people}`,
        emails: [{ value: 'first@example.com' }, { value: email }],
      });
      const taken = await post('ask', { email: email.toUpperCase() });
      const free = await post('ask', { email: newAddress() });
      const shape = ({ status, body }: Answer) => [status, Object.keys(body), typeof body.token, body.proof];
      expect(shape(taken)).toEqual(shape(free));
      await settle();
      const mails = received();
      const [toOwner] = mails.filter(({ to }) => to.toLowerCase() === email);
      expect(toOwner?.text).toContain('already have an account');
      expect([toOwner?.token, toOwner?.code]).toEqual(['', '']);
      if (proof === 'CODE')
        expect((await post('prove', { token: taken.body.token, code: '123456' })).body.error?.code).toBe(
          'CODE_WRONG',
        );
    }
  });

  it('lets in only the domains that are listed, however they are spelled', async () => {
    realm = await freshRealm({ sign_up: true, sign_up_domains: ['example.com', 'bücher.example'] });
    const statusOf = async (email: string) => (await post('ask', { email })).body.error?.code ?? 'ASKED';
    expect(await statusOf('a@EXAMPLE.com')).toBe('ASKED');
    expect(await statusOf('b@BÜCHER.example')).toBe('ASKED');
    expect(await statusOf('c@xn--bcher-kva.example')).toBe('ASKED');
    for (const email of [
      'a@evil-example.com',
      'a@sub.example.com',
      'a@example.com.evil.org',
      'a@exаmple.com',
    ])
      expect(await statusOf(email)).toBe('DOMAIN_NOT_ALLOWED');
    for (const email of [
      'nothing',
      '@example.com',
      'a@b, c@example.com',
      'a@evil.org@example.com',
      'a@evil.org\r\nBcc: x@example.com',
    ])
      expect(await statusOf(email)).toBe('INVALID_INPUT');
  });

  it('is off unless it was switched on, and goes no further when it is switched off', async () => {
    const token = await provenByLink();
    await test.database.db.updateTable('authenticator_configs').set({ sign_up: false }).execute();
    expect((await post('ask', { email: newAddress() })).body.error?.code).toBe('SIGN_UP_OFF');
    expect((await finish(token)).body.error?.code).toBe('SIGN_UP_OFF');
    expect(await identitiesOf()).toEqual([]);
  });

  it('makes nobody whose domain was taken from the list meanwhile', async () => {
    const token = await provenByLink();
    const { db } = test.database;
    await db
      .updateTable('authenticator_configs')
      .set({ sign_up_domains: ['corp.example'] })
      .execute();
    expect((await finish(token)).body.error?.code).toBe('DOMAIN_NOT_ALLOWED');
    expect(await identitiesOf()).toEqual([]);
  });

  it('makes one account of two proofs of one address', async () => {
    const email = newAddress();
    const first = await provenByLink(email);
    const second = await provenByLink(email);
    const ends = await Promise.all([finish(first), finish(second, { username: 'another-name' })]);
    expect(ends.map(({ status }) => status).sort()).toEqual([200, 400]);
    expect(await identitiesOf()).toHaveLength(1);
  });

  it('uses a link once, though two go through it at the same moment', async () => {
    const token = await provenByLink();
    const ends = await Promise.all([finish(token), finish(token, { username: 'twin' })]);
    expect(ends.filter(({ status }) => status === 200)).toHaveLength(1);
    expect(await identitiesOf()).toHaveLength(1);
  });

  it('takes no username that somebody has', async () => {
    await test.services.identities.create(realm, { username: 'grace' });
    const token = await provenByLink();
    expect((await finish(token, { username: 'GRACE' })).body.error?.code).toBe('USERNAME_TAKEN');
    expect((await finish(token, { username: 'hopper' })).status).toBe(200);
  });

  it('takes no username that is somebody else’s address, in whatever letters', async () => {
    const address = newAddress();
    const token = await provenByLink(address);
    for (const username of ['ceo@corp.example', `ceo＠corp.example`, 'ceo@corp', `x${address}`])
      expect(await finish(token, { username })).toMatchObject({
        status: 400,
        body: { error: { code: 'INVALID_INPUT' } },
      });
    const own = { token, displayName: 'New Comer', username: address.toUpperCase() };
    const { body } = await post('options', own);
    const response = createSoftwareAuthenticator(siteOf(test.url)).register(body.options as never);
    const answer = { ...own, challengeId: body.challengeId, response };
    expect((await post('verify', { ...answer, username: 'ceo@corp.example' })).status).toBe(400);
    expect((await post('verify', answer)).body).toMatchObject({ username: address.toUpperCase() });
  });

  it('asks the policy, and makes nobody whom it denies', async () => {
    const token = await provenByLink();
    const { db } = test.database;
    const version = { realm_id: realm.realm.id, version: 2, note: null, created_by_name: 'Test' };
    const document = JSON.stringify({ format: 1, rules: [] });
    await db
      .insertInto('policy_versions')
      .values({ ...version, document })
      .execute();
    await db
      .updateTable('policies')
      .set({ active_version: 2 })
      .where('realm_id', '=', realm.realm.id)
      .execute();
    expect((await finish(token)).body.error?.code).toBe('POLICY_DENIED');
    expect(await identitiesOf()).toEqual([]);
  });

  it('bombs no mailbox, and takes thirty asks an hour from one network', async () => {
    const email = newAddress();
    const answers = await Promise.all(Array.from({ length: 6 }, () => post('ask', { email })));
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([202]));
    await settle();
    expect(received()).toHaveLength(3);
    let last = 0;
    for (let at = 0; at < 28; at++) last = (await post('ask', { email: newAddress() })).status;
    expect(last).toBe(429);
  });

  it('knows no proof of another realm', async () => {
    const token = await provenByLink();
    const elsewhere = await freshRealm({ sign_up: true });
    expect((await post('open', { token }, undefined, elsewhere)).status).toBe(410);
  });

  it('forgets addresses when their time is over', async () => {
    await provenByLink();
    await test.database.db
      .updateTable('sign_ups')
      .set({ expires_at: new Date(0) })
      .execute();
    await test.services.housekeeping.sweep();
    const [row] = await test.database.db.selectFrom('sign_ups').selectAll().execute();
    expect(row).toMatchObject({ address: null, token_hash: null, code_hash: null });
    await test.database.db
      .updateTable('sign_ups')
      .set({ created_at: new Date(0) })
      .execute();
    await test.services.housekeeping.sweep();
    expect(await test.database.db.selectFrom('sign_ups').selectAll().execute()).toEqual([]);
  });
});
