import * as client from 'openid-client';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { RealmCtx } from '../../kernel/context.js';
import { listenTestApp, type TestApp } from '../../testing/app.js';
import { type Browser, createBrowser } from '../../testing/browser.js';
import { enrol, type Person, signIn } from '../../testing/people.js';
import { createRelyingParty, type RelyingParty } from '../../testing/relying-party.js';

interface Shown {
  page: string;
  code?: string;
  interaction: string;
  loginHint?: string;
  fresh: boolean;
  accounts: { session: string; displayName: string; username: string }[];
}

describe('signing in again', () => {
  let test: TestApp;
  let realm: RealmCtx;
  let shop: RelyingParty;
  let ada: Person;
  let bob: Person;
  let browser: Browser;

  beforeAll(async () => {
    test = await listenTestApp();
    const row = await test.services.realms.create(await test.caller(), { displayName: 'People' });
    realm = await test.caller(undefined, row.id);
    shop = await createRelyingParty(test, realm);
    ada = await enrol(test, realm, 'ada');
    bob = await enrol(test, realm, 'bob@example.com');
  });
  afterAll(() => test.close());
  beforeEach(() => {
    browser = createBrowser();
  });

  const base = () => `${test.url}/realms/${realm.realm.id}/passkeys/authentication`;

  /** As if the time since the sign-in had passed, in our session and in the engine's. */
  const age = async (person: Person, seconds: number) => {
    await test.database.pool.query(
      `update sessions set created_at = created_at - $2 * interval '1 second' where identity_id = $1`,
      [person.id, seconds],
    );
    await test.database.pool.query(
      `update oidc_models set payload = jsonb_set(payload, '{loginTs}', to_jsonb((payload ->> 'loginTs')::bigint - $2::bigint))
        where identity_id = $1 and model = 'Session'`,
      [person.id, seconds],
    );
  };

  /** Asks, and reads the page that comes where the browser is not sent back at once. */
  async function ask(extra: Record<string, string>) {
    const { url, redeem } = await shop.begin(extra);
    const first = await browser.request(url);
    const to = new URL(first.headers.get('location') ?? '', url);
    if (!to.pathname.includes('/sign-in/')) return { location: to, url, redeem, shown: undefined };
    const second = await browser.request(to);
    const onward = second.headers.get('location');
    if (onward !== null) {
      const last = await browser.request(new URL(onward, url));
      return { location: new URL(last.headers.get('location') ?? '', url), url, redeem, shown: undefined };
    }
    const shown = JSON.parse(
      /id="keyrealm-page">(.*)<\/script>/.exec(await second.text())?.[1] ?? '{}',
    ) as Shown;
    return { location: undefined, url: to, redeem, shown };
  }

  async function answer(shown: Shown | undefined, person: Person) {
    const interaction = shown?.interaction ?? '';
    const made = await (await browser.post(`${base()}/options`, { interaction })).json();
    const { challengeId, options } = made as { challengeId: string; options: { challenge: string } };
    const verified = await browser.post(`${base()}/verify`, {
      interaction,
      challengeId,
      response: person.authenticator.authenticate(options),
    });
    return follow(verified);
  }

  async function choose(shown: Shown | undefined, session: string | undefined) {
    return follow(await browser.post(`${base()}/choose`, { interaction: shown?.interaction, session }));
  }

  async function follow(response: Response) {
    const body = (await response.json()) as {
      next?: string;
      error?: { code: string; correlationId: string };
    };
    if (body.next === undefined) return { status: response.status, error: body.error, location: undefined };
    const last = await browser.request(body.next);
    return { location: new URL(last.headers.get('location') ?? '', test.url), error: undefined };
  }

  const errorOf = (location: URL | undefined) => location?.searchParams.get('error');
  const liveSessions = async (person: Person) =>
    (await test.services.sessions.pageOf(realm.realm.id, [person.id], {}))[0]?.items.length;

  it('answers prompt=none with login_required where nobody is signed in', async () => {
    const { location, redeem } = await ask({ prompt: 'none' });
    expect(errorOf(location)).toBe('login_required');
    await expect(redeem(location ?? new URL(test.url))).rejects.toMatchObject({ error: 'login_required' });
  });

  it('asks for a new passkey sign-in with prompt=login, and says when it was', async () => {
    const first = await shop.signIn(ada, browser);
    await age(ada, 100);
    const before = await ask({});
    const kept = await before.redeem(before.location ?? before.url);
    const { shown, redeem } = await ask({ prompt: 'login' });
    expect(shown).toMatchObject({ page: 'sign-in', fresh: true, accounts: [{ username: 'ada' }] });
    // To choose who is signed in is no new sign-in.
    expect(await choose(shown, shown?.accounts[0]?.session)).toMatchObject({
      status: 403,
      error: { code: 'REAUTHENTICATION_REQUIRED' },
    });
    const { location } = await answer(shown, ada);
    const tokens = await redeem(location ?? new URL(test.url));
    expect(tokens.claims()?.auth_time).toBeGreaterThan(Number(kept.claims()?.auth_time) + 90);
    expect(tokens.claims()?.sub).toBe(first.tokens.claims()?.sub);
  });

  it('asks again when the sign-in is older than max_age, and not before', async () => {
    await shop.signIn(ada, browser);
    const young = await ask({ max_age: '60' });
    await young.redeem(young.location ?? young.url, { maxAge: 60 });
    await age(ada, 61);
    expect(errorOf((await ask({ max_age: '60', prompt: 'none' })).location)).toBe('login_required');
    const old = await ask({ max_age: '60' });
    expect(old.shown).toMatchObject({ fresh: false });
    expect(await choose(old.shown, old.shown?.accounts[0]?.session)).toMatchObject({ status: 403 });
    const { location } = await answer(old.shown, ada);
    const tokens = await old.redeem(location ?? old.url, { maxAge: 60 });
    expect(tokens.claims()?.sub).toBe(ada.id);
    expect((await ask({ max_age: '0' })).shown).toMatchObject({ fresh: true });
  });

  it('gives another person nothing of the first one: neither the subject, nor the grant, nor the session', async () => {
    const first = await shop.signIn(ada, browser);
    await age(ada, 61);
    const { shown, redeem, url } = await ask({ max_age: '60' });
    const { location } = await answer(shown, bob);
    const second = await redeem(location ?? url);
    expect(second.claims()?.sub).toBe(bob.id);
    const [a, b] = await Promise.all(
      [first.tokens, second].map(({ access_token }) => test.services.tokens.verify(access_token)),
    );
    expect(b?.identity?.id).toBe(bob.id);
    expect(b?.claims.sid).not.toBe(a?.claims.sid);
    const grants = await test.database.pool.query(
      `select identity_id, session_id from oidc_models where model = 'Grant' and identity_id = any($1) and client_id = $2`,
      [[ada.id, bob.id], shop.id],
    );
    for (const row of grants.rows as { identity_id: string; session_id: string }[]) {
      const owner = await test.services.sessions.find(test.services.db, realm.realm.id, row.session_id);
      expect(owner?.identity_id).toBe(row.identity_id);
    }
    // Switching on purpose signs nobody out: the first one can be chosen again.
    expect(a?.identity?.id).toBe(ada.id);
    const refreshed = await client.refreshTokenGrant(shop.config, second.refresh_token ?? '');
    expect((await test.services.tokens.verify(refreshed.access_token))?.identity?.id).toBe(bob.id);
  });

  it('says in acr that a passkey was used, whether or not it was asked for by name', async () => {
    const acr = 'urn:keyrealm:acr:passkey';
    for (const wanted of [acr, 'urn:example:something-else']) {
      const { tokens } = await shop.signIn(ada, createBrowser(), { acr_values: wanted });
      expect(tokens.claims()).toMatchObject({ acr, amr: ['pop', 'user', 'mfa'] });
    }
    await shop.signIn(ada, browser);
    const silent = await ask({ acr_values: acr, prompt: 'none' });
    expect((await silent.redeem(silent.location ?? silent.url)).claims()?.acr).toBe(acr);
  });

  describe('with several people in one browser', () => {
    beforeEach(async () => {
      await shop.signIn(ada, browser);
      await answer((await ask({ prompt: 'login' })).shown, bob);
    });

    it('lists them with prompt=select_account, goes on with the chosen one and stays with that one', async () => {
      const { shown, redeem, url } = await ask({ prompt: 'select_account' });
      expect(shown?.accounts.map(({ username }) => username)).toEqual(['bob@example.com', 'ada']);
      const first = shown?.accounts.find(({ username }) => username === 'ada');
      const { location } = await choose(shown, first?.session);
      expect((await redeem(location ?? url)).claims()?.sub).toBe(ada.id);
      const silent = await ask({ prompt: 'none' });
      expect((await silent.redeem(silent.location ?? silent.url)).claims()?.sub).toBe(ada.id);
      const back = await ask({ prompt: 'select_account' });
      const other = await choose(
        back.shown,
        back.shown?.accounts.find((one) => one.username !== 'ada')?.session,
      );
      expect((await back.redeem(other.location ?? url)).claims()?.sub).toBe(bob.id);
    });

    it('answers prompt=none with prompt=select_account as an error, not with a guess', async () => {
      const { location } = await ask({ prompt: 'select_account none' });
      expect(errorOf(location)).toBe('invalid_request');
    });

    it('goes on by itself with the one that login_hint names, whoever is in front', async () => {
      for (const [hint, person] of [
        ['ADA', ada],
        ['bob@example.com', bob],
        [ada.id, ada],
      ] as const) {
        const { location, redeem, url } = await ask({ login_hint: hint });
        expect((await redeem(location ?? url)).claims()?.sub, hint).toBe(person.id);
      }
      expect((await ask({ login_hint: 'ada', prompt: 'login' })).shown).toMatchObject({ loginHint: 'ada' });
    });

    it('says of a login_hint only what the person sees anyway: known and unknown names look alike', async () => {
      await enrol(test, realm, 'known@example.com');
      const pages = [];
      for (const hint of ['known@example.com', 'nobody@example.com']) {
        const { shown } = await ask({ login_hint: hint });
        expect(shown?.loginHint).toBe(hint);
        pages.push({ ...shown, loginHint: '', interaction: '' });
        expect(errorOf((await ask({ login_hint: hint, prompt: 'none' })).location)).toBe('login_required');
      }
      expect(pages[0]).toEqual(pages[1]);
    });

    it('signs out one of them, and the other stays', async () => {
      const { shown } = await ask({ prompt: 'select_account' });
      const mine = shown?.accounts.find(({ username }) => username === 'bob@example.com');
      const before = await liveSessions(ada);
      const answered = await browser.post(`${base()}/sign-out`, {
        interaction: shown?.interaction,
        session: mine?.session,
      });
      expect(answered.status).toBe(204);
      expect(await liveSessions(ada)).toBe(before);
      const page = await browser.request(
        `${test.url}/realms/${realm.realm.id}/sign-in/${shown?.interaction}`,
      );
      // The authorization that it happened in goes on.
      expect(await page.text()).toContain('"username":"ada"');
      const left = await ask({ prompt: 'select_account' });
      expect(left.shown?.accounts.map(({ username }) => username)).toEqual(['ada']);
      // Who was in front is gone, so that silence finds nobody.
      expect(errorOf((await ask({ prompt: 'none' })).location)).toBe('login_required');
      const [event] = (await test.services.events.list(realm, { types: ['session.ended'] }, {})).items;
      expect(event?.node).toMatchObject({
        actor_id: bob.id,
        subject_id: mine?.session,
        data: { reason: 'signed_out', identityId: bob.id },
      });
    });

    it('lets nobody choose or sign out a session of another browser', async () => {
      const { shown } = await ask({ prompt: 'select_account' });
      const theirs = shown?.accounts[0]?.session;
      const before = await liveSessions(bob);
      browser = createBrowser();
      const thief = await ask({});
      expect(thief.shown?.accounts).toEqual([]);
      expect(await choose(thief.shown, theirs)).toMatchObject({
        error: { code: 'REAUTHENTICATION_REQUIRED' },
      });
      await browser.post(`${base()}/sign-out`, { interaction: thief.shown?.interaction, session: theirs });
      expect(await liveSessions(bob)).toBe(before);
    });

    it('lists nobody whose session was ended, and does not go on with that either', async () => {
      const { shown } = await ask({ prompt: 'select_account' });
      await test.services.sessionAdministration.endAll(realm, { identityId: ada.id });
      const gone = shown?.accounts.find(({ username }) => username === 'ada')?.session;
      expect(await choose(shown, gone)).toMatchObject({ error: { code: 'REAUTHENTICATION_REQUIRED' } });
      const again = await ask({ prompt: 'select_account' });
      expect(again.shown?.accounts.map(({ username }) => username)).toEqual(['bob@example.com']);
    });
  });

  it('asks again at single sign-on where a rule of the policy asks for a step up, and lets a new ceremony through', async () => {
    const bank = await createRelyingParty(test, realm, { displayName: 'Bank' });
    const rule = {
      id: 'step-up',
      name: 'Ask again',
      enabled: true,
      action: { type: 'STEP_UP' },
      condition: { all: [{ fact: 'application.id', op: 'is', value: bank.id }] },
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
    await shop.signIn(ada, browser);
    const silent = await bank.begin({ prompt: 'none' });
    const refused = await browser.request(silent.url);
    expect(errorOf(new URL(refused.headers.get('location') ?? ''))).toBe('login_required');
    expect((await bank.signIn(ada, browser)).tokens.claims()?.sub).toBe(ada.id);
    expect((await ask({ prompt: 'none' })).location?.searchParams.get('code')).toBeTruthy();
  });

  it('takes a choice once: of two at once one finishes the authorization', async () => {
    await shop.signIn(ada, browser);
    const { shown } = await ask({ prompt: 'select_account' });
    const body = { interaction: shown?.interaction, session: shown?.accounts[0]?.session };
    const both = await Promise.all([1, 2, 3].map(() => browser.post(`${base()}/choose`, body)));
    expect(both.filter(({ status }) => status === 200)).toHaveLength(1);
  });

  it('refuses an unknown, a revoked and a suspended passkey, and a wrong signature, in the same words', async () => {
    const person = async (name: string) => enrol(test, realm, name);
    const [revoked, suspended, forged, unknown] = [
      await person('revoked'),
      await person('suspended'),
      await person('forged'),
      await person('unknown'),
    ];
    const [own] = await test.services.passkeys.ofMany(realm, [revoked.id], {});
    await test.services.passkeys.revoke(realm, { credentialId: own?.items[0]?.node.id });
    await test.services.identities.suspend(realm, { identityId: suspended.id });
    await test.services.identities.remove(realm, { identityId: unknown.id });
    const said: { code: unknown; message: unknown; status: number; reference: string | null }[] = [];
    for (const [who, tampering] of [
      [unknown, {}],
      [unknown, { breakSignature: true }],
      [revoked, {}],
      [forged, { breakSignature: true }],
      // Nobody without its key learns of a counter either.
      [forged, { breakSignature: true, counter: 0 }],
      [suspended, {}],
    ] as const) {
      const { url } = await shop.begin();
      const { refused, last } = await signIn(createBrowser(), url, who.authenticator, tampering);
      said.push({
        code: refused?.code,
        message: refused?.message,
        status: last.status,
        reference: last.headers.get('x-correlation-id'),
      });
      expect(refused?.correlationId).toBe(last.headers.get('x-correlation-id'));
    }
    expect(new Set(said.map(({ status, message }) => `${status} ${message}`)).size).toBe(1);
    // Only who holds the key of a suspended person's passkey is told to keep it.
    expect(said.map(({ code }) => code)).toEqual([
      ...Array.from({ length: 5 }, () => 'PASSKEY_UNKNOWN'),
      'PASSKEY_REFUSED',
    ]);
    expect(new Set(said.map(({ reference }) => reference)).size).toBe(6);
    const events = await test.services.events.list(
      realm,
      { types: ['authentication.failed', 'authentication.denied'] },
      { first: 6 },
    );
    expect(events.items.map(({ node }) => Reflect.get(Object(node.data), 'reason')).reverse()).toEqual([
      'unknown_passkey',
      'unknown_passkey',
      'revoked',
      'signature',
      'signature',
      'identity_suspended',
    ]);
  });

  it('takes about as long to refuse a passkey that nobody knows as one that was revoked', async () => {
    const [gone, revoked] = [await enrol(test, realm, 'gone'), await enrol(test, realm, 'taken')];
    const [own] = await test.services.passkeys.ofMany(realm, [revoked.id], {});
    await test.services.passkeys.revoke(realm, { credentialId: own?.items[0]?.node.id });
    await test.services.identities.remove(realm, { identityId: gone.id });
    const timed = async (person: Person): Promise<number> => {
      const { url } = await shop.begin();
      const mine = createBrowser();
      const to = new URL((await mine.request(url)).headers.get('location') ?? '', url);
      await (await mine.request(to)).text();
      const interaction = to.pathname.split('/sign-in/')[1];
      const made = await (await mine.post(`${base()}/options`, { interaction })).json();
      const { challengeId, options } = made as { challengeId: string; options: { challenge: string } };
      const response = person.authenticator.authenticate(options);
      const began = performance.now();
      await (await mine.post(`${base()}/verify`, { interaction, challengeId, response })).text();
      return performance.now() - began;
    };
    const times = { gone: [] as number[], revoked: [] as number[] };
    for (let round = 0; round < 15; round += 1) {
      times.gone.push(await timed(gone));
      times.revoked.push(await timed(revoked));
    }
    const median = (of: number[]) => of.toSorted((a, b) => a - b)[7] ?? 0;
    expect(median(times.gone) / median(times.revoked)).toBeGreaterThan(1 / 3);
    expect(median(times.gone) / median(times.revoked)).toBeLessThan(3);
  });
});
