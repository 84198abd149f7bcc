import { createHash, randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { RealmCtx } from '../../kernel/context.js';
import { newId } from '../../kernel/ids.js';
import { listenTestApp, type TestApp } from '../../testing/app.js';
import { createSoftwareAuthenticator } from '../../testing/authenticator.js';
import { type Browser, createBrowser } from '../../testing/browser.js';
import { pageOf } from './embedded.service.js';

const APP = 'http://localhost:5173';
const EVIL = 'http://evil.localhost:5173';
const REDIRECT = `${APP}/callback`;

interface Answer {
  readonly status: number;
  readonly allowed: string | null;
  readonly body: Record<string, never> & {
    readonly error?: { readonly code: string };
    readonly challengeId?: string;
    readonly options?: never;
    readonly next?: string;
    readonly redirectTo?: string | null;
    readonly accepted?: string[];
    readonly authenticateUrl?: string;
    readonly bindUrl?: string;
  };
}

it('finds the page of an application for a step, whatever its address is like', () => {
  const of = (invokeUrl: string) =>
    pageOf({ invocation: 'AUTOMATIC', invokeUrl, trustedOrigins: [] }, 'bind', { job: 'a&b' });
  expect(of('https://app.example')).toBe('https://app.example/bind?job=a%26b');
  expect(of('https://app.example/in/?lang=de')).toBe('https://app.example/in/bind?lang=de&job=a%26b');
  expect(of('com.example.app:/keyrealm')).toBe('com.example.app:/keyrealm/bind?job=a%26b');
});

describe('Ceremonies on an application’s own page', () => {
  let test: TestApp;
  let realm: RealmCtx;
  let base: string;
  let automatic: string;
  let manual: string;
  let configId: string;
  let ada: ReturnType<typeof createSoftwareAuthenticator>;

  async function embed(
    invocation: 'AUTOMATIC' | 'MANUAL',
    origin = APP,
  ): Promise<{ app: string; config: string }> {
    const config = await test.services.configAdministration.create(realm, {
      displayName: invocation,
      kind: 'EMBEDDED',
      invocation,
      invokeUrl: `${origin}/app/`,
      trustedOrigins: [origin],
      relyingPartyId: 'localhost',
    });
    const { application } = await test.services.applications.create(realm, {
      displayName: 'Shop',
      type: 'PUBLIC',
      grantTypes: ['authorization_code'],
      redirectUris: [REDIRECT],
      authenticatorConfigId: config.id,
    });
    return { app: application.id, config: config.id };
  }

  async function call(path: string, body: object, origin: string | null = APP): Promise<Answer> {
    const response = await fetch(`${base}${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...(origin === null ? {} : { origin }) },
      body: JSON.stringify(body),
    });
    return {
      status: response.status,
      allowed: response.headers.get('access-control-allow-origin'),
      body: (await response.json()) as Answer['body'],
    };
  }

  const preflight = (path: string, origin: string) =>
    fetch(`${base}${path}`, {
      method: 'OPTIONS',
      headers: { origin, 'access-control-request-method': 'POST' },
    });

  function begin(clientId: string, more: Record<string, string> = {}): URL {
    const verifier = randomBytes(32).toString('base64url');
    const url = new URL(`${base}/authorize`);
    url.search = new URLSearchParams({
      client_id: clientId,
      redirect_uri: REDIRECT,
      response_type: 'code',
      scope: 'openid',
      state: 'mine',
      code_challenge: createHash('sha256').update(verifier).digest('base64url'),
      code_challenge_method: 'S256',
      ...more,
    }).toString();
    return url;
  }

  /** As a browser that is sent there. @returns `uid.secret` */
  async function invoked(browser: Browser, clientId = automatic, more = {}): Promise<string> {
    const to = new URL((await browser.request(begin(clientId, more))).headers.get('location') ?? '');
    expect(to.origin + to.pathname).toBe(`${APP}/app/authenticate`);
    const [realmId, ...interaction] = (to.searchParams.get('request') ?? '').split('.');
    expect(realmId).toBe(realm.realm.id);
    return interaction.join('.');
  }

  async function asked(clientId = manual): Promise<string> {
    const answer = await fetch(begin(clientId), { headers: { origin: APP } });
    const { authenticateUrl } = (await answer.json()) as { authenticateUrl: string };
    return (new URL(authenticateUrl).searchParams.get('request') ?? '').split('.').slice(1).join('.');
  }

  /** A whole ceremony as the page of the application holds it. */
  async function prove(
    interaction: string,
    origin = APP,
    from: string | null = origin,
    person = ada,
  ): Promise<Answer> {
    const made = await call('/passkeys/authentication/options', { interaction }, from);
    if (!made.body.options) return made;
    const response = person.authenticate(made.body.options, { origin });
    const { challengeId } = made.body;
    return call('/passkeys/authentication/verify', { interaction, challengeId, response }, from);
  }

  async function link(config: string): Promise<{ job: string; token: string; identityId: string }> {
    const identity = await test.services.identities.create(realm, { username: `p-${newId()}` });
    const { job, link: made } = await test.services.bindingJobs.create(realm, {
      identityId: identity.id,
      authenticatorConfigId: config,
    });
    expect(made).toMatch(`${base}/bind?job=${job.id}#token=`);
    return { job: job.id, token: made.split('#token=')[1] ?? '', identityId: identity.id };
  }

  async function bound(token: string, origin = APP) {
    const authenticator = createSoftwareAuthenticator({ rpId: 'localhost', origin });
    const made = await call('/passkeys/registration/options', { token }, origin);
    if (!made.body.options) return { made, authenticator, response: undefined };
    const response = authenticator.register(made.body.options);
    const { challengeId } = made.body;
    const answer = await call('/passkeys/registration/verify', { token, challengeId, response }, origin);
    return { made: answer, authenticator, response };
  }

  const refusals = async () =>
    (await test.services.events.list(realm, { types: ['access.refused'] }, { first: 200 })).items.map(
      ({ node }) => (node.data as { target: string }).target,
    );

  beforeAll(async () => {
    test = await listenTestApp();
    const row = await test.services.realms.create(await test.caller(), { displayName: 'People' });
    realm = await test.caller(undefined, row.id);
    base = `${test.url}/realms/${row.id}`;
    ({ app: automatic, config: configId } = await embed('AUTOMATIC'));
    ({ app: manual } = await embed('MANUAL'));
    ada = (await bound((await link(configId)).token)).authenticator;
  });
  afterAll(() => test.close());

  it('sends the browser to the application’s page, and takes it back with a session of its own', async () => {
    const browser = createBrowser();
    const { status, allowed, body } = await prove(await invoked(browser));
    expect([status, allowed]).toEqual([200, APP]);
    const back = await browser.request(body.next ?? '');
    const location = new URL(back.headers.get('location') ?? '');
    expect(location.origin + location.pathname).toBe(REDIRECT);
    expect(location.searchParams.get('state')).toBe('mine');
    expect(location.searchParams.get('code')).toBeTruthy();
    // Single sign-on: this browser began at our address, so it keeps a session with us.
    const again = await browser.request(begin(automatic));
    expect(again.headers.get('location')).toContain(`${REDIRECT}?code=`);
  });

  it('lets another person go on in a browser where somebody is signed in', async () => {
    const browser = createBrowser();
    const back = await browser.request((await prove(await invoked(browser))).body.next ?? '');
    expect(back.headers.get('location')).toContain('code=');
    const bob = (await bound((await link(configId)).token)).authenticator;
    const { body } = await prove(await invoked(browser, automatic, { prompt: 'login' }), APP, APP, bob);
    const second = await browser.request(body.next ?? '');
    expect(second.headers.get('location')).toContain(`${REDIRECT}?code=`);
  });

  it('answers an application that asks by itself with the address, and leaves no session with the browser that finishes', async () => {
    const answer = await fetch(begin(manual), { headers: { origin: APP }, redirect: 'manual' });
    expect(answer.status).toBe(200);
    expect(answer.headers.get('access-control-allow-origin')).toBe(APP);
    expect(answer.headers.get('access-control-allow-credentials')).toBeNull();
    const browser = createBrowser();
    const { body } = await prove(await asked());
    const back = await browser.request(body.next ?? '');
    expect(back.headers.get('location')).toContain(`${REDIRECT}?code=`);
    expect(back.headers.getSetCookie()).toEqual([]);
    expect(browser.jar.size).toBe(0);
  });

  it('gives the browser that began it nothing for a sign-in that another page finished', async () => {
    const attacker = createBrowser();
    const interaction = await invoked(attacker);
    const { body } = await prove(interaction);
    // The attacker knows the address that the engine resumes at, and holds its cookies, but not the token.
    const [resume = ''] = (body.next ?? '').split('?');
    for (const address of [resume, `${resume}?token=${randomBytes(32).toString('base64url')}`]) {
      const tried = await attacker.request(address);
      expect(tried.headers.get('location') ?? '').not.toContain('code=');
    }
  });

  it('gives the browser that began it nothing either while the one that finished it comes back', async () => {
    for (let round = 0; round < 24; round++) {
      const attacker = createBrowser();
      const { body } = await prove(await invoked(attacker));
      const [resume = ''] = (body.next ?? '').split('?');
      const back = createBrowser().request(body.next ?? '');
      await sleep(round % 12);
      const tried = await attacker.request(resume);
      expect(tried.headers.get('location') ?? '').not.toContain('code=');
      await back;
    }
  });

  it('signs nobody in to us who follows the address that another’s sign-in ended with', async () => {
    const { body } = await prove(await invoked(createBrowser()));
    const victim = createBrowser();
    const followed = await victim.request(body.next ?? '');
    expect(followed.headers.getSetCookie()).toEqual([]);
    const later = await victim.request(begin(automatic));
    expect(later.headers.get('location')).toContain('/app/authenticate');
  });

  it('lets one sign-in finish an interaction, and its token be used once', async () => {
    const browser = createBrowser();
    const interaction = await invoked(browser);
    const all = await Promise.all([1, 2, 3].map(() => prove(interaction)));
    const won = all.filter(({ body }) => body.next !== undefined);
    expect(won).toHaveLength(1);
    const lost = all.filter(({ body }) => body.next === undefined).map(({ body }) => body.error?.code);
    for (const code of lost) expect(['INTERACTION_EXPIRED', 'PASSKEY_REFUSED']).toContain(code);
    const sessions = await test.services.db.selectFrom('sessions').select('id').execute();
    const opened = sessions.length;
    const next = won[0]?.body.next ?? '';
    const strangers = await Promise.all([1, 2, 3].map(() => createBrowser().request(next)));
    const codes = strangers.filter((answer) => answer.headers.get('location')?.includes('code='));
    expect(codes).toHaveLength(1);
    expect(await prove(interaction)).toMatchObject({ body: { error: { code: 'INTERACTION_EXPIRED' } } });
    expect((await test.services.db.selectFrom('sessions').select('id').execute()).length).toBe(opened);
  });

  it('gives nothing for a token that nobody brought within a minute', async () => {
    const { body } = await prove(await asked());
    await test.services.db
      .updateTable('oidc_models')
      .set({
        payload: sql`jsonb_set(payload, '{kept,until}', to_jsonb(extract(epoch from now())::bigint - 5))`,
      })
      .where(sql<boolean>`payload -> 'kept' is not null`)
      .execute();
    const late = await createBrowser().request(body.next ?? '');
    expect([late.status, late.headers.get('location')]).toEqual([400, null]);
  });

  it('tells an application that asks by itself in JSON what went wrong, and that nobody is signed in', async () => {
    const ask = async (more: Record<string, string>) => {
      const answer = await fetch(begin(manual, more), { headers: { origin: APP }, redirect: 'manual' });
      return { status: answer.status, body: (await answer.json()) as Record<string, unknown> };
    };
    const silent = await ask({ prompt: 'none' });
    expect(silent.status).toBe(200);
    expect(String(silent.body.redirectUrl)).toContain(`${REDIRECT}?error=login_required`);
    const wrong = await ask({ redirect_uri: 'https://elsewhere.example/' });
    expect(wrong).toMatchObject({ status: 400, body: { error: { code: 'invalid_redirect_uri' } } });
    expect(JSON.stringify(wrong.body)).toMatch(/"correlationId":"[0-9a-f-]{36}"/);
  });

  it('refuses an interaction whose secret is another’s, missing or made up', async () => {
    const mine = await invoked(createBrowser());
    const theirs = await invoked(createBrowser());
    const [uid] = mine.split('.');
    for (const interaction of [
      `${uid}.${theirs.split('.')[1]}`,
      `${uid}.`,
      `${uid}.x`,
      `${uid}`,
      '.',
      'a.b.c',
    ]) {
      const answer = await call('/passkeys/authentication/options', { interaction }, null);
      expect(answer.body.error?.code).toBe('INTERACTION_EXPIRED');
    }
  });

  it('refuses a page whose origin the application does not trust, without a word for its script, and records it', async () => {
    const interaction = await invoked(createBrowser());
    const { job, token } = await link(configId);
    const uid = interaction.split('.')[0] ?? '';
    const calls = [
      await call('/passkeys/authentication/options', { interaction }, EVIL),
      await call('/passkeys/registration/open', { token }, EVIL),
      await call('/passkeys/accepted', { credentialIds: [] }, EVIL),
    ];
    for (const { status, allowed, body } of calls)
      expect([status, allowed, body.error?.code]).toEqual([403, null, 'ORIGIN_NOT_TRUSTED']);
    const preflights = [
      `/passkeys/authentication/options?interaction=${uid}`,
      `/passkeys/registration/open?job=${job}`,
      '/passkeys/accepted',
    ];
    for (const path of preflights) {
      const refused = await preflight(path, EVIL);
      expect([refused.status, refused.headers.get('access-control-allow-origin')]).toEqual([403, null]);
      const welcome = await preflight(path, APP);
      expect([welcome.status, welcome.headers.get('access-control-allow-origin')]).toEqual([204, APP]);
      expect(welcome.headers.get('access-control-allow-credentials')).toBeNull();
      expect(welcome.headers.get('vary')).toContain('Origin');
    }
    const manually = await fetch(begin(manual), { headers: { origin: EVIL } });
    expect([manually.status, manually.headers.get('access-control-allow-origin')]).toEqual([403, null]);
    expect(await manually.json()).toMatchObject({ error: { code: 'ORIGIN_NOT_TRUSTED' } });
    const over = await call('/passkeys/authentication/options', { interaction: 'gone', token }, EVIL);
    expect([over.status, over.allowed]).toEqual([403, null]);
    const targets = await refusals();
    expect(targets.filter((target) => target === EVIL)).toHaveLength(3 + 3 + 1 + 1);
  });

  it('takes no answer that was made on a page which the application does not trust', async () => {
    const interaction = await invoked(createBrowser());
    // Relayed by a program, which says nothing of an origin: the authenticator said it.
    const { body } = await prove(interaction, EVIL, null);
    expect(body.error?.code).toBe('PASSKEY_REFUSED');
  });

  it('counts the trust of the application that the call is about, not of another in the realm', async () => {
    const other = await embed('AUTOMATIC', 'http://localhost:5174');
    const interaction = await invoked(createBrowser());
    const answer = await call('/passkeys/authentication/options', { interaction }, 'http://localhost:5174');
    expect([answer.status, answer.allowed]).toEqual([403, null]);
    const { token } = await link(other.config);
    expect((await call('/passkeys/registration/open', { token })).status).toBe(403);
    // Naming something trusted beside it, in the body or the query, changes nothing.
    const mixed = { token, interaction: await invoked(createBrowser()), job: (await link(configId)).job };
    const path = `/passkeys/registration/open?job=${mixed.job}&interaction=${mixed.interaction}`;
    expect((await call(path, mixed)).status).toBe(403);
  });

  it('keeps the pages of applications on our own page to our own page', async () => {
    const { application } = await test.services.applications.create(realm, {
      displayName: 'Hosted',
      type: 'PUBLIC',
      grantTypes: ['authorization_code'],
      redirectUris: [REDIRECT],
    });
    const browser = createBrowser();
    const first = await browser.request(begin(application.id));
    expect(first.headers.get('location')).toContain('/sign-in/');
    const uid = first.headers.get('location')?.split('/sign-in/')[1];
    const answer = await call('/passkeys/authentication/options', { interaction: uid });
    expect([answer.status, answer.body.error?.code]).toEqual([403, 'ORIGIN_NOT_TRUSTED']);
    const identity = await test.services.identities.create(realm, { username: 'hosted' });
    const made = await test.services.bindingJobs.create(realm, { identityId: identity.id });
    const opened = await call('/passkeys/registration/open', { token: made.link.split('#token=')[1] });
    expect([opened.status, opened.body.error?.code]).toEqual([403, 'ORIGIN_NOT_TRUSTED']);
  });

  it('leads a binding link to the application’s page, with its secret behind the #', async () => {
    const { job } = await link(configId);
    const answer = await fetch(`${base}/bind?job=${job}`, { redirect: 'manual' });
    expect(answer.status).toBe(303);
    expect(answer.headers.get('location')).toBe(`${APP}/app/bind?realm=${realm.realm.id}&job=${job}`);
    const asked = await fetch(`${base}/bind?job=${job}`, {
      headers: { accept: 'application/json', origin: APP },
    });
    expect(asked.headers.get('access-control-allow-origin')).toBe(APP);
    expect(await asked.json()).toEqual({ bindUrl: answer.headers.get('location') });
    const unknown = await fetch(`${base}/bind?job=${newId()}`, { redirect: 'manual' });
    expect([unknown.status, unknown.headers.get('content-type')]).toEqual([200, 'text/html; charset=utf-8']);
  });

  it('makes links to the page for one person and for many over GraphQL', async () => {
    const { id } = await test.services.identities.create(realm, { username: 'many' });
    const answer = await test.graphql<{
      createCredentialBindingJobs: {
        results: {
          bindingLink: string;
          credentialBindingJob: { id: string; authenticatorConfigId: string };
        }[];
      };
    }>(
      await test.apiToken(),
      `mutation ($input: CreateCredentialBindingJobsInput!) { createCredentialBindingJobs(input: $input) {
        results { bindingLink credentialBindingJob { id authenticatorConfigId } } } }`,
      { input: { realmId: realm.realm.id, identityIds: [id], authenticatorConfigId: configId } },
    );
    const [made] = answer.data.createCredentialBindingJobs.results;
    expect(made?.credentialBindingJob.authenticatorConfigId).toBe(configId);
    expect(made?.bindingLink).toMatch(`${base}/bind?job=${made?.credentialBindingJob.id}#token=`);
  });

  it('makes no link for a config of another realm, or for one of machines', async () => {
    const identity = await test.services.identities.create(realm, { username: 'nowhere' });
    const theirs = await test.services.authenticatorConfigs.managed(
      test.services.db,
      test.tenant.adminRealmId,
      'HOSTED_WEB',
    );
    const none = await test.services.authenticatorConfigs.managed(test.services.db, realm.realm.id, 'NONE');
    for (const authenticatorConfigId of [theirs.id, none.id, newId()])
      await expect(
        test.services.bindingJobs.create(realm, { identityId: identity.id, authenticatorConfigId }),
      ).rejects.toMatchObject({ code: 'INVALID_INPUT', path: ['authenticatorConfigId'] });
  });

  it('tells a page of the realm plainly that a link or a sign-in is over', async () => {
    const link = await call('/passkeys/registration/open', { token: 'unknown' });
    expect([link.status, link.allowed, link.body.error?.code]).toEqual([410, APP, 'LINK_INVALID']);
    const signIn = await call('/passkeys/authentication/options', { interaction: 'a-b-c-d-e-f-g-h.i' });
    expect([signIn.status, signIn.allowed, signIn.body.error?.code]).toEqual([
      400,
      APP,
      'INTERACTION_EXPIRED',
    ]);
  });

  it('says which remembered passkeys are still accepted, of this realm alone', async () => {
    const first = await bound((await link(configId)).token);
    const second = await link(configId);
    const revoked = await bound(second.token);
    const ids = [first.response?.id ?? '', revoked.response?.id ?? '', randomBytes(16).toString('base64url')];
    const accepted = async () => (await call('/passkeys/accepted', { credentialIds: ids })).body.accepted;
    expect(new Set(await accepted())).toEqual(new Set(ids.slice(0, 2)));
    // Suspended for a while is no reason for a browser to lose it.
    await test.services.identities.suspend(realm, { identityId: second.identityId });
    expect(await accepted()).toHaveLength(2);
    const row = await test.services.passkeys.findByCredentialId(
      test.services.db,
      realm.realm.id,
      ids[1] ?? '',
    );
    await test.services.passkeys.revoke(realm, { credentialId: row?.id });
    expect(await accepted()).toEqual([ids[0]]);
    const elsewhere = await fetch(`${test.url}/realms/${test.tenant.adminRealmId}/passkeys/accepted`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ credentialIds: ids }),
    });
    expect(await elsewhere.json()).toEqual({ accepted: [] });
  });
});
