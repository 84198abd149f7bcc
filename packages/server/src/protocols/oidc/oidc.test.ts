import { createHash } from 'node:crypto';
import * as client from 'openid-client';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { RealmCtx } from '../../kernel/context.js';
import { listenTestApp, type TestApp } from '../../testing/app.js';
import { type Browser, createBrowser } from '../../testing/browser.js';
import { enrol, type Person, signIn } from '../../testing/people.js';

const REDIRECT = 'http://localhost:9999/callback';

describe('OpenID Connect', () => {
  let test: TestApp;
  let realm: RealmCtx;
  let issuer: URL;
  let web: { config: client.Configuration; id: string; secret: string };
  let ada: Person;

  async function application(input: object = {}) {
    const { application: row, secret } = await test.services.applications.create(realm, {
      displayName: 'Shop',
      type: 'CONFIDENTIAL',
      grantTypes: ['authorization_code', 'refresh_token'],
      redirectUris: [REDIRECT],
      postLogoutRedirectUris: ['http://localhost:9999/'],
      ...input,
    });
    const config = await client.discovery(issuer, row.id, undefined, client.ClientSecretBasic(secret ?? ''), {
      execute: [client.allowInsecureRequests],
    });
    return { config, id: row.id, secret: secret ?? '' };
  }

  async function begin(config: client.Configuration, extra: Record<string, string> = {}) {
    const verifier = client.randomPKCECodeVerifier();
    const nonce = client.randomNonce();
    const url = client.buildAuthorizationUrl(config, {
      redirect_uri: REDIRECT,
      scope: 'openid profile email',
      code_challenge: await client.calculatePKCECodeChallenge(verifier),
      code_challenge_method: 'S256',
      state: 'state',
      nonce,
      ...extra,
    });
    const redeem = (location: URL) =>
      client.authorizationCodeGrant(config, location, {
        pkceCodeVerifier: verifier,
        expectedNonce: nonce,
        expectedState: 'state',
      });
    return { url, redeem };
  }

  async function signedIn(person: Person = ada, browser: Browser = createBrowser(), app = web) {
    const { url, redeem } = await begin(app.config);
    const { location, refused } = await signIn(browser, url, person.authenticator);
    if (!location) throw new Error(JSON.stringify(refused));
    return { tokens: await redeem(location), location, redeem, browser };
  }

  const eventsOf = async (filter: object) =>
    (await test.services.events.list(await test.caller(undefined, realm.realm.id), filter, {})).items.map(
      ({ node }) => node,
    );

  beforeAll(async () => {
    test = await listenTestApp();
    const row = await test.services.realms.create(await test.caller(), { displayName: 'People' });
    realm = await test.caller(undefined, row.id);
    issuer = new URL(`${test.url}/realms/${row.id}`);
    web = await application();
    ada = await enrol(test, realm, 'ada');
  });
  afterAll(() => test.close());

  it('signs a person in with a passkey and gives a client its claims', async () => {
    const { tokens } = await signedIn();
    expect(tokens.claims()).toMatchObject({
      sub: ada.id,
      name: 'ada',
      preferred_username: 'ada',
      acr: 'urn:keyrealm:acr:passkey',
      amr: ['pop', 'user', 'mfa'],
    });
    const userinfo = await client.fetchUserInfo(web.config, tokens.access_token, ada.id);
    expect(userinfo).toMatchObject({ sub: ada.id, preferred_username: 'ada' });
    const live = await test.services.tokens.verify(tokens.access_token);
    expect(live?.claims).toMatchObject({ aud: issuer.href, client_id: web.id, sub: ada.id });
    expect(live?.claims.sid).toBeDefined();
  });

  it('tells the whole flow under one correlation id, from the request to the token', async () => {
    await signedIn();
    const [last] = await eventsOf({ types: ['token.issued'] });
    const flow = await eventsOf({ correlationId: last?.correlation_id });
    expect(flow.map((event) => event.type).reverse()).toEqual([
      'authorization.requested',
      'policy.evaluated',
      'authentication.succeeded',
      'authorization.completed',
      'token.issued',
    ]);
    expect(last).toMatchObject({ actor_kind: 'IDENTITY', actor_name: 'ada' });
  });

  it('redeems a code at most once, however many ask at the same instant', async () => {
    const { url, redeem } = await begin(web.config);
    const { location } = await signIn(createBrowser(), url, ada.authenticator);
    const answers = await Promise.allSettled(
      Array.from({ length: 12 }, () => redeem(new URL(location ?? url))),
    );
    // A replay that is seen ends the grant, so that even the first may come away with nothing.
    expect(answers.filter(({ status }) => status === 'fulfilled').length).toBeLessThanOrEqual(1);
    await expect(redeem(new URL(location ?? url))).rejects.toMatchObject({ error: 'invalid_grant' });
  });

  it('refuses a code without its verifier, and one of another application', async () => {
    const other = await application();
    const { url } = await begin(web.config);
    const { location } = await signIn(createBrowser(), url, ada.authenticator);
    await expect(
      client.authorizationCodeGrant(other.config, location ?? url, {
        pkceCodeVerifier: client.randomPKCECodeVerifier(),
        expectedState: 'state',
        expectedNonce: 'x',
      }),
    ).rejects.toMatchObject({ error: 'invalid_grant' });
  });

  it('demands PKCE of everyone, and an exact redirect URI', async () => {
    const browser = createBrowser();
    const bare = client.buildAuthorizationUrl(web.config, { redirect_uri: REDIRECT, scope: 'openid' });
    const refused = await browser.request(bare);
    expect(new URL(refused.headers.get('location') ?? '').searchParams.get('error')).toBe('invalid_request');
    const { url } = await begin(web.config, { redirect_uri: `${REDIRECT}/evil` });
    const page = await browser.request(url, { headers: { accept: 'text/html' } });
    expect(page.headers.get('location')).toBeNull();
    expect(page.status).toBe(400);
    expect(await page.text()).toContain('invalid_redirect_uri');
  });

  it('finishes no sign-in in another browser than the one that began it', async () => {
    const { url } = await begin(web.config);
    const victim = createBrowser();
    const to = new URL((await victim.request(url)).headers.get('location') ?? '', url);
    const [realmPath, interaction] = to.pathname.split('/sign-in/');
    await victim.request(to);
    const thief = createBrowser();
    expect((await thief.request(to)).status).toBe(400);
    const asked = await thief.post(`${to.origin}${realmPath}/passkeys/authentication/options`, {
      interaction,
    });
    expect(await asked.json()).toMatchObject({ error: { code: 'INTERACTION_EXPIRED' } });
  });

  it('takes one answer for a sign-in: of two at once one opens a session, and none after that', async () => {
    const eve = await enrol(test, realm, 'eve');
    const browser = createBrowser();
    const { url } = await begin(web.config);
    const to = new URL((await browser.request(url)).headers.get('location') ?? '', url);
    const [realmPath, interaction] = to.pathname.split('/sign-in/');
    await browser.request(to);
    const base = `${to.origin}${realmPath}/passkeys/authentication`;
    const answer = async () => {
      const asked = await browser.post(`${base}/options`, { interaction });
      const { challengeId, options } = (await asked.json()) as {
        challengeId: string;
        options: { challenge: string };
      };
      return { interaction, challengeId, response: eve.authenticator.authenticate(options, { counter: 0 }) };
    };
    // Synced passkeys count nothing, so that two answers at once are both good.
    await test.database.pool.query('update passkeys set sign_count = 0 where identity_id = $1', [eve.id]);
    const [first, second, third] = [await answer(), await answer(), await answer()];
    const both = await Promise.all([
      browser.post(`${base}/verify`, first),
      browser.post(`${base}/verify`, second),
    ]);
    expect(both.map(({ status }) => status).sort()).toEqual([200, 400]);
    expect((await browser.post(`${base}/verify`, third)).status).toBe(400);
    const sessions = await test.database.pool.query('select 1 from sessions where identity_id = $1', [
      eve.id,
    ]);
    expect(sessions.rowCount).toBe(1);
  });

  it('signs on silently with the session, until the identity is suspended: then everything of it is dead', async () => {
    const bob = await enrol(test, realm, 'bob');
    const { tokens, browser } = await signedIn(bob);
    const silent = await begin(web.config, { prompt: 'none' });
    const again = await browser.request(silent.url);
    await silent.redeem(new URL(again.headers.get('location') ?? ''));

    await test.services.identities.suspend(realm, { identityId: bob.id });
    await expect(client.refreshTokenGrant(web.config, tokens.refresh_token ?? '')).rejects.toMatchObject({
      error: 'invalid_grant',
    });
    await expect(client.fetchUserInfo(web.config, tokens.access_token, bob.id)).rejects.toThrow();
    expect(await client.tokenIntrospection(web.config, tokens.access_token)).toEqual({ active: false });
    const refused = await browser.request((await begin(web.config, { prompt: 'none' })).url);
    expect(new URL(refused.headers.get('location') ?? '').searchParams.get('error')).toBe('login_required');
    const fresh = await begin(web.config);
    const signing = await signIn(createBrowser(), fresh.url, bob.authenticator);
    expect(signing.refused).toMatchObject({ code: 'PASSKEY_REFUSED' });
  });

  it('asks the policy at single sign-on too: a session for one application is none for another', async () => {
    const { browser } = await signedIn();
    const denied = await application();
    const rule = {
      id: 'deny',
      name: 'Not there',
      enabled: true,
      action: { type: 'DENY' },
      condition: {
        all: [
          { fact: 'transaction.kind', op: 'is', value: 'AUTHENTICATION' },
          { fact: 'application.id', op: 'is', value: denied.id },
        ],
      },
    };
    await test.database.pool.query(
      `insert into policy_versions (realm_id, version, document, created_by_name)
       select realm_id, 2, jsonb_set(document, '{rules}', $2::jsonb || (document->'rules')), 'test'
       from policy_versions where realm_id = $1 and version = 1`,
      [realm.realm.id, JSON.stringify([rule])],
    );
    await test.database.pool.query('update policies set active_version = 2 where realm_id = $1', [
      realm.realm.id,
    ]);
    const silent = await begin(denied.config, { prompt: 'none' });
    const answer = await browser.request(silent.url);
    expect(new URL(answer.headers.get('location') ?? '').searchParams.get('error')).toBe('login_required');
    const { url } = await begin(denied.config);
    expect((await signIn(browser, url, ada.authenticator)).refused).toMatchObject({ code: 'POLICY_DENIED' });
    expect((await signedIn()).tokens.access_token).toBeDefined();
  });

  it('rotates refresh tokens, forgives a retry, and ends the chain when an old one comes back', async () => {
    const { tokens } = await signedIn();
    const old = tokens.refresh_token ?? '';
    const answers = await Promise.all([
      client.refreshTokenGrant(web.config, old),
      client.refreshTokenGrant(web.config, old),
    ]);
    expect(answers.every(({ refresh_token }) => refresh_token !== undefined && refresh_token !== old)).toBe(
      true,
    );
    await test.database.pool.query(
      "update oidc_models set consumed_at = consumed_at - interval '1 minute' where consumed_at is not null",
    );
    await expect(client.refreshTokenGrant(web.config, old)).rejects.toMatchObject({ error: 'invalid_grant' });
    await expect(client.refreshTokenGrant(web.config, answers[0]?.refresh_token ?? '')).rejects.toMatchObject(
      { error: 'invalid_grant' },
    );
  });

  it('forgives one repetition of a refresh and no second one', async () => {
    const { tokens } = await signedIn();
    const old = tokens.refresh_token ?? '';
    await client.refreshTokenGrant(web.config, old);
    await client.refreshTokenGrant(web.config, old);
    await expect(client.refreshTokenGrant(web.config, old)).rejects.toMatchObject({ error: 'invalid_grant' });
  });

  it('gives fewer scopes when a refresh asks for fewer', async () => {
    const { tokens } = await signedIn();
    const narrow = await client.refreshTokenGrant(web.config, tokens.refresh_token ?? '', {
      scope: 'openid',
    });
    expect(narrow.scope).toBe('openid');
  });

  it('asks again when a session ended between the passkey and the answer, also after a reactivation', async () => {
    const zoe = await enrol(test, realm, 'zoe');
    const browser = createBrowser();
    const { url } = await begin(web.config);
    const halted = await signIn(browser, url, zoe.authenticator, {}, async () => {
      await test.services.identities.suspend(realm, { identityId: zoe.id });
    });
    expect(halted.location?.searchParams.get('code') ?? null).toBeNull();
    await test.services.identities.activate(realm, { identityId: zoe.id });
    const again = await browser.request((await begin(web.config)).url);
    expect(again.status).toBe(303);
    expect(again.headers.get('location')).toContain('/sign-in/');
  });

  it("does not answer for one person with another's hint", async () => {
    const eva = await enrol(test, realm, 'eva');
    const { tokens } = await signedIn(eva);
    const { browser } = await signedIn();
    const { url } = await begin(web.config, { prompt: 'none', id_token_hint: tokens.id_token ?? '' });
    const answer = await browser.request(url);
    expect(new URL(answer.headers.get('location') ?? '').searchParams.get('error')).toBe('login_required');
  });

  it('gives no two people one subject', async () => {
    const byEmail = await application({ subject: 'EMAIL' });
    const one = await enrol(test, realm, 'one');
    const emails = [{ value: 'boss@example.com', primary: true }];
    await test.services.identities.change(realm, {
      id: one.id,
      change: (now: object) => ({ ...now, emails }),
    });
    expect((await signedIn(one, createBrowser(), byEmail)).tokens.claims()?.sub).toBe('boss@example.com');
    await test.services.identities.create(realm, { username: 'two', emails });
    await expect(signedIn(one, createBrowser(), byEmail)).rejects.toThrow();
  });

  it('posts the answer back where an application wants a form, with a script that its own policy allows', async () => {
    const { url } = await begin(web.config, { response_mode: 'form_post' });
    const { last } = await signIn(createBrowser(), url, ada.authenticator);
    const page = await last.text();
    expect(page).toContain(`action="${REDIRECT}"`);
    const script = /<script>([\s\S]*?)<\/script>/.exec(page)?.[1] ?? '';
    const digest = createHash('sha256').update(script).digest('base64');
    expect(last.headers.get('content-security-policy')).toMatch(
      new RegExp(`script-src [^;]*'sha256-${RegExp.escape(digest)}'`),
    );
  });

  it('refuses what it can not store, and tells nobody what broke', async () => {
    const odd = await fetch(`${issuer.href}/authorize?state=%00`, { redirect: 'manual' });
    expect(odd.status).toBe(400);
  });

  it('revokes refresh tokens and access tokens, each for the application that holds it alone', async () => {
    const other = await application();
    const { tokens } = await signedIn();
    await client.tokenRevocation(other.config, tokens.access_token);
    expect(await client.tokenIntrospection(web.config, tokens.access_token)).toMatchObject({ active: true });
    await client.tokenRevocation(web.config, tokens.access_token);
    expect(await client.tokenIntrospection(web.config, tokens.access_token)).toEqual({ active: false });
    await client.tokenRevocation(web.config, tokens.refresh_token ?? '');
    await expect(client.refreshTokenGrant(web.config, tokens.refresh_token ?? '')).rejects.toMatchObject({
      error: 'invalid_grant',
    });
  });

  it('signs out: the session and its tokens are dead, and the browser is sent home', async () => {
    const { tokens, browser } = await signedIn();
    const url = client.buildEndSessionUrl(web.config, {
      id_token_hint: tokens.id_token ?? '',
      post_logout_redirect_uri: 'http://localhost:9999/',
    });
    const page = await (await browser.request(url)).text();
    const data = JSON.parse(/<script[^>]*>(.*)<\/script>/.exec(page)?.[1] ?? '{}');
    expect(data).toMatchObject({ page: 'sign-out' });
    const done = await browser.request(`${test.url}${data.action}`, {
      method: 'POST',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      body: new URLSearchParams({ xsrf: data.xsrf, logout: 'yes' }),
    });
    expect(done.headers.get('location')).toBe('http://localhost:9999/');
    expect(await client.tokenIntrospection(web.config, tokens.access_token)).toEqual({ active: false });
    await expect(client.refreshTokenGrant(web.config, tokens.refresh_token ?? '')).rejects.toMatchObject({
      error: 'invalid_grant',
    });
  });

  it('keeps no token that could be read out of the database', async () => {
    const { tokens } = await signedIn();
    const rows = await test.database.pool.query(
      'select payload::text, encode(id_hash, $1) from oidc_models',
      ['hex'],
    );
    const text = JSON.stringify(rows.rows);
    expect(text).not.toContain(tokens.refresh_token);
    expect(test.logged.join('\n')).not.toContain(tokens.refresh_token);
    expect(test.logged.join('\n')).not.toContain(tokens.access_token);
  });

  it('gives the subject as the application knows people', async () => {
    const byName = await application({ subject: 'USERNAME' });
    const { tokens } = await signedIn(ada, createBrowser(), byName);
    expect(tokens.claims()?.sub).toBe('ada');
    const userinfo = await client.fetchUserInfo(byName.config, tokens.access_token, 'ada');
    expect(userinfo.sub).toBe('ada');
  });

  it('answers with its configured address whatever host a request claims', async () => {
    const response = await test.app.inject({
      url: `/realms/${realm.realm.id}/.well-known/openid-configuration`,
      headers: { host: 'evil.example', 'x-forwarded-host': 'evil.example' },
    });
    expect(response.body).not.toContain('evil.example');
    expect(response.json()).toMatchObject({
      issuer: issuer.href,
      userinfo_endpoint: `${issuer.href}/userinfo`,
      code_challenge_methods_supported: ['S256'],
    });
  });

  it('sends a preflight of a stranger away from tokens', async () => {
    const response = await test.app.inject({
      method: 'POST',
      url: `/realms/${realm.realm.id}/token`,
      headers: {
        origin: 'https://evil.example',
        'content-type': 'application/x-www-form-urlencoded',
        authorization: `Basic ${Buffer.from(`${web.id}:${web.secret}`).toString('base64')}`,
      },
      payload: 'grant_type=authorization_code&code=x&redirect_uri=y&code_verifier=z',
    });
    expect(response.headers['access-control-allow-origin']).toBeUndefined();
    expect(response.statusCode).toBe(400);
  });
});
