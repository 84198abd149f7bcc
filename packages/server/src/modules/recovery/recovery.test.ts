import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { RealmCtx } from '../../kernel/context.js';
import { ALL_SCOPES } from '../../kernel/permissions.js';
import { listenTestApp, type TestApp } from '../../testing/app.js';
import { createBrowser } from '../../testing/browser.js';
import { bind, enrol } from '../../testing/people.js';
import { readMail, startSmtp, type TestSmtp } from '../../testing/smtp.js';
import type { Profile } from '../identities/identities.types.js';

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

async function freshRealm(settings: object = {}): Promise<RealmCtx> {
  const made = await test.services.realms.create(await test.caller(), { displayName: 'People' });
  const ctx = await test.caller(ALL_SCOPES, made.id);
  await test.services.recoverySettings.update(ctx, {
    emailLink: true,
    existingPasskeys: 'REVOKE',
    ...settings,
  });
  return ctx;
}

/** Somebody with a passkey, an address and another one. */
async function somebody(ctx = realm) {
  const username = `person${++people}`;
  const person = await enrol(test, ctx, username);
  const address = `${username}@example.com`;
  const other = `${username}@home.example`;
  await change(person.id, [address, other], ctx);
  return { ...person, address, other };
}

const change = (id: string, addresses: string[], ctx = realm) =>
  test.services.identities.change(ctx, {
    id,
    change: (profile: Profile) => ({ ...profile, emails: addresses.map((value) => ({ value })) }),
  });

const post = (path: string, body: object, ctx = realm) =>
  createBrowser().post(`${test.url}/realms/${ctx.realm.id}/recovery/${path}`, body);
const ask = (email: string, ctx = realm) => post('request', { email }, ctx);
const stop = (token: string, ctx = realm) => post('stop', { token }, ctx);

async function settle(): Promise<void> {
  while ((await test.services.recoveryRuns.step()) > 0);
  while ((await test.services.mailSender.step()) > 0);
}

/** As if the waiting time were over. */
async function wait(): Promise<void> {
  const past = new Date(Date.now() - 1000);
  await test.database.db
    .updateTable('recovery_requests')
    .set({ ready_at: past, next_attempt_at: past })
    .where('status', '=', 'WAITING')
    .execute();
  await settle();
}

/** What came, and goes with it. */
function received(): { to: string; text: string; link: string; token: string; subject: string }[] {
  return smtp.received.splice(0).map(({ to, source }) => {
    const { text, headers } = readMail(source);
    const link = /http\S+#token=\S+/.exec(text)?.[0] ?? '';
    const token = link.slice(link.indexOf('#token=') + 7);
    return { to: to[0] ?? '', text, link, token, subject: headers.get('subject')?.[0] ?? '' };
  });
}

const requestsOf = (identityId: string) =>
  test.database.db
    .selectFrom('recovery_requests')
    .selectAll()
    .where('identity_id', '=', identityId)
    .orderBy('id')
    .execute();
const passkeysOf = (identityId: string) =>
  test.database.db
    .selectFrom('passkeys')
    .select(['id', 'status'])
    .where('identity_id', '=', identityId)
    .orderBy('id')
    .execute();
async function eventsOf(ctx = realm): Promise<{ type: string; data: Record<string, unknown> }[]> {
  const rows = await test.database.db
    .selectFrom('events')
    .select(['type', 'data', 'subject_id', 'actor_kind', 'correlation_id'])
    .where('realm_id', '=', ctx.realm.id)
    .where('type', 'like', 'recovery%')
    .orderBy('id')
    .execute();
  return rows;
}

/** Up to the point where the link has come. */
async function untilLink(person: { address: string }, ctx = realm): Promise<string> {
  await ask(person.address, ctx);
  await settle();
  received();
  await wait();
  const link = received().find((mail) => /\/bind#/.test(mail.link))?.link;
  if (link === undefined) throw new Error('no link came');
  return link;
}

describe('a lost passkey', () => {
  beforeEach(async () => {
    for (const table of ['mails', 'recovery_asks', 'recovery_requests'] as const)
      await test.database.db.deleteFrom(table).execute();
    realm = await freshRealm();
    smtp.received.length = 0;
    smtp.refuseWith(undefined);
  });

  it('tells all addresses, waits, mails the link, and ends the old passkeys with the new one', async () => {
    const person = await somebody();
    expect((await ask(person.address)).status).toBe(202);
    expect(smtp.received).toEqual([]);
    await settle();
    const notices = received();
    expect(notices.map(({ to }) => to).sort()).toEqual([person.address, person.other].sort());
    for (const notice of notices) expect(notice.link).toMatch(/\/recover\/stop#token=[\w-]{43}$/);
    expect(await test.services.recoveryRuns.step()).toBe(0);

    await wait();
    const [mail, ...more] = received();
    expect(more).toEqual([]);
    expect(mail?.to).toBe(person.address);
    expect((await passkeysOf(person.id)).map(({ status }) => status)).toEqual(['ACTIVE']);
    await bind(mail?.link ?? '');
    expect((await passkeysOf(person.id)).map(({ status }) => status)).toEqual(['REVOKED', 'ACTIVE']);

    await settle();
    const last = received();
    expect(last.map(({ to }) => to).sort()).toEqual([person.address, person.other].sort());
    const events = await eventsOf();
    expect(events.map(({ type }) => type)).toEqual([
      'recovery_settings.updated',
      'recovery.requested',
      'recovery.completed',
    ]);
    expect(events[2]?.data).toMatchObject({ revoked: 1 });
    await expect(bind(mail?.link ?? '')).rejects.toThrow('LINK_USED');
  });

  it('keeps the old passkeys where that was chosen', async () => {
    realm = await freshRealm({ existingPasskeys: 'KEEP' });
    const person = await somebody();
    await bind(await untilLink(person));
    expect((await passkeysOf(person.id)).map(({ status }) => status)).toEqual(['ACTIVE', 'ACTIVE']);
  });

  it('ends the sessions that the old passkeys opened', async () => {
    const person = await somebody();
    const [old] = await passkeysOf(person.id);
    const session = await test.services.events.transact(realm, (work) =>
      test.services.sessions.open(work, { identityId: person.id, passkeyId: old?.id ?? '' }),
    );
    await bind(await untilLink(person));
    expect(await test.services.sessions.find(test.database.db, realm.realm.id, session.id)).toBeUndefined();
  });

  it('answers for known and unknown addresses alike, and looks nothing up before it has answered', async () => {
    const person = await somebody();
    const gone = await somebody();
    await test.services.identities.suspend(realm, { identityId: gone.id });
    const answers = await Promise.all(
      [person.address, 'nobody@example.com', gone.address].map(async (email) => {
        const response = await ask(email);
        const headers = [...response.headers.keys()].filter((name) => name !== 'date').sort();
        return { status: response.status, body: await response.json(), headers };
      }),
    );
    expect(new Set(answers.map((answer) => JSON.stringify(answer))).size).toBe(1);
    expect(await requestsOf(person.id)).toEqual([]);
    await settle();
    expect(received().map(({ to }) => to)).not.toContain('nobody@example.com');
    const reasons = (await eventsOf()).filter(({ type }) => type === 'recovery.refused');
    expect(reasons.map(({ data }) => data.reason).sort()).toEqual(['SUSPENDED', 'UNKNOWN_ADDRESS']);
    expect(JSON.stringify(await eventsOf())).not.toContain('@example.com');
    const asks = await test.database.db.selectFrom('recovery_asks').select('address').execute();
    expect(asks.every(({ address }) => address === null)).toBe(true);
  });

  it('runs the same statements for a known address as for an unknown one', async () => {
    const person = await somebody();
    const timed = async (email: string): Promise<number> => {
      const begun = performance.now();
      await test.services.recovery.ask({ ...realm, ip: null }, { email });
      return performance.now() - begun;
    };
    const known: number[] = [];
    const unknown: number[] = [];
    for (let at = 0; at < 15; at++) {
      await test.database.db.deleteFrom('recovery_asks').execute();
      known.push(await timed(person.address));
      unknown.push(await timed(`nobody${at}@example.com`));
    }
    const median = (times: number[]): number => times.sort((a, b) => a - b)[7] ?? 0;
    expect(Math.abs(median(known) - median(unknown))).toBeLessThan(25);
  });

  it('sends nothing but to the address as the directory spells it', async () => {
    const person = await somebody();
    await change(person.id, ['Grace@example.com']);
    await ask('  grace@EXAMPLE.COM ');
    await settle();
    expect(received().map(({ to }) => to)).toEqual(['Grace@example.com']);
    await ask('gracе@example.com');
    await settle();
    expect(received()).toEqual([]);
  });

  it('bombs no mailbox: three asks a day for an address, one open request for a person', async () => {
    const person = await somebody();
    await Promise.all(Array.from({ length: 12 }, () => ask(person.address)));
    const kept = await test.database.db
      .selectFrom('recovery_asks')
      .select('id')
      .where('realm_id', '=', realm.realm.id)
      .execute();
    expect(kept).toHaveLength(3);
    await Promise.all(Array.from({ length: 4 }, () => test.services.recoveryRuns.step()));
    await settle();
    expect(received()).toHaveLength(2);
    expect(await requestsOf(person.id)).toHaveLength(1);
    await ask(person.other);
    await settle();
    expect(received()).toEqual([]);
  });

  it('takes no more than thirty asks an hour from one network', async () => {
    const answers: number[] = [];
    for (let at = 0; at < 31; at++) answers.push((await ask(`stranger${at}@example.com`)).status);
    expect(answers.filter((status) => status === 202)).toHaveLength(30);
    expect(answers.at(-1)).toBe(429);
  });

  it('takes no more of them when they all come at once', async () => {
    const asks = Array.from({ length: 45 }, (_, at) => ask(`stranger${at}@example.com`));
    const answers = (await Promise.all(asks)).map(({ status }) => status);
    expect(answers.filter((status) => status === 202)).toHaveLength(30);
  });

  it('is stopped by any of the notices, once, and its link is dead then', async () => {
    const person = await somebody();
    await ask(person.address);
    await settle();
    const notice = received().find(({ to }) => to === person.other);
    await wait();
    const [link] = received();
    const stopped = await stop(notice?.token ?? '');
    expect([stopped.status, await stopped.json()]).toEqual([200, { undone: false }]);
    expect((await stop(notice?.token ?? '')).status).toBe(410);
    await expect(bind(link?.link ?? '')).rejects.toThrow('LINK_REVOKED');
    expect((await passkeysOf(person.id)).map(({ status }) => status)).toEqual(['ACTIVE']);
    // Whoever holds the mailbox does not begin again at once.
    await ask(person.address);
    await settle();
    expect(received()).toEqual([]);
    const types = (await eventsOf()).map(({ type }) => type);
    expect(types.filter((type) => type === 'recovery.stopped')).toHaveLength(1);
  });

  it('leaves in peace for a day who says no, however long ago it was asked for', async () => {
    const person = await somebody();
    await ask(person.address);
    await settle();
    await test.database.db
      .updateTable('recovery_requests')
      .set({ created_at: new Date(Date.now() - 5 * 86_400_000) })
      .execute();
    expect((await stop(received()[0]?.token ?? '')).status).toBe(200);
    await ask(person.address);
    await settle();
    expect(received()).toEqual([]);
    await test.database.db
      .updateTable('recovery_requests')
      .set({ ended_at: new Date(Date.now() - 25 * 3_600_000) })
      .execute();
    await ask(person.address);
    await settle();
    expect(received()).toHaveLength(2);
  });

  it('ends the old passkeys also with a link that an administrator sent again', async () => {
    const person = await somebody();
    await untilLink(person);
    const job = (await requestsOf(person.id))[0]?.binding_job_id ?? '';
    const sent = { credentialBindingJobId: job };
    await test.services.bindingJobs.resend(realm, sent);
    await settle();
    await test.database.db
      .updateTable('recovery_requests')
      .set({ expires_at: new Date(Date.now() - 1000) })
      .execute();
    await test.services.recovery.purge();
    await bind(received().find(({ link }) => /\/bind#/.test(link))?.link ?? '');
    expect((await passkeysOf(person.id)).map(({ status }) => status)).toEqual(['REVOKED', 'ACTIVE']);
    expect((await requestsOf(person.id)).map(({ status }) => status)).toEqual(['COMPLETED']);
  });

  it('makes no link at all when it is stopped while it waits', async () => {
    const person = await somebody();
    await ask(person.address);
    await settle();
    await stop(received()[0]?.token ?? '');
    await wait();
    expect(received()).toEqual([]);
    expect((await requestsOf(person.id)).map(({ status }) => status)).toEqual(['STOPPED']);
  });

  it('lets the person take the new passkey back afterwards, with its sessions', async () => {
    const person = await somebody();
    await bind(await untilLink(person));
    await settle();
    const { token = '' } = received().find(({ to }) => to === person.other) ?? {};
    const [, bound] = await passkeysOf(person.id);
    const session = await test.services.events.transact(realm, (work) =>
      test.services.sessions.open(work, { identityId: person.id, passkeyId: bound?.id ?? '' }),
    );
    expect(await (await stop(token)).json()).toEqual({ undone: true });
    expect((await passkeysOf(person.id)).map(({ status }) => status)).toEqual(['REVOKED', 'REVOKED']);
    expect(await test.services.sessions.find(test.database.db, realm.realm.id, session.id)).toBeUndefined();
    expect((await stop(token)).status).toBe(410);
  });

  it('takes back with it what was made with it, and nothing that somebody else gave', async () => {
    const person = await somebody();
    const thief = await bind(await untilLink(person));
    await settle();
    const { token = '' } = received().find(({ to }) => to === person.other) ?? {};
    const browser = createBrowser();
    const account = `${test.url}/realms/${realm.realm.id}/account`;
    const own = { origin: test.url };
    const said = async <T>(path: string, body: object): Promise<T> =>
      (await (await browser.post(`${account}/${path}`, body, own)).json()) as T;
    const made = await said<{ challengeId: string; options: { challenge: string } }>('enter/options', {});
    const response = thief.authenticate(made.options);
    await said('enter/verify', { challengeId: made.challengeId, response });
    const added = await said<{ token: string }>('passkeys/add', {});
    await bind(`${test.url}/realms/${realm.realm.id}/bind#token=${added.token}`, browser);
    const open = await said<{ token: string }>('passkeys/add', {});
    const { link } = await test.services.bindingJobs.create(realm, { identityId: person.id });
    await bind(link);
    expect(await (await stop(token)).json()).toEqual({ undone: true });
    expect((await passkeysOf(person.id)).map(({ status }) => status)).toEqual([
      'REVOKED',
      'REVOKED',
      'REVOKED',
      'ACTIVE',
    ]);
    await expect(bind(`${test.url}/realms/${realm.realm.id}/bind#token=${open.token}`)).rejects.toThrow(
      'LINK_REVOKED',
    );
  });

  it('knows no link of another realm', async () => {
    const person = await somebody();
    await ask(person.address);
    await settle();
    const { token = '' } = received()[0] ?? {};
    const elsewhere = await freshRealm();
    expect((await stop(token, elsewhere)).status).toBe(410);
    expect((await requestsOf(person.id))[0]?.status).toBe('WAITING');
    await wait();
    const link = received().find((mail) => mail.link.includes('/bind#'))?.link ?? '';
    await expect(bind(link.replace(realm.realm.id, elsewhere.realm.id))).rejects.toThrow('LINK_INVALID');
  });

  it('ends with the person: suspended or deleted meanwhile', async () => {
    const suspended = await somebody();
    const deleted = await somebody();
    await ask(suspended.address);
    await ask(deleted.address);
    await settle();
    received();
    await test.services.identities.suspend(realm, { identityId: suspended.id });
    await test.services.identities.remove(realm, { identityId: deleted.id });
    await wait();
    expect(received()).toEqual([]);
    expect((await requestsOf(suspended.id)).map(({ status }) => status)).toEqual(['REFUSED']);
    expect(await requestsOf(deleted.id)).toEqual([]);
  });

  it('ends with the link: of who is suspended after it came', async () => {
    const person = await somebody();
    const link = await untilLink(person);
    await test.services.identities.suspend(realm, { identityId: person.id });
    await test.services.identities.activate(realm, { identityId: person.id });
    await expect(bind(link)).rejects.toThrow('LINK_REVOKED');
  });

  it('sends no link to an address that was added or taken away while it waited', async () => {
    const person = await somebody();
    await ask(person.address);
    await settle();
    received();
    await change(person.id, ['thief@example.com', person.other]);
    await wait();
    expect(received()).toEqual([]);
    expect((await requestsOf(person.id)).map(({ status }) => status)).toEqual(['REFUSED']);
    expect((await eventsOf()).at(-1)).toMatchObject({
      type: 'recovery.refused',
      data: { reason: 'ADDRESS_CHANGED' },
    });
  });

  it('tells of the end whoever was told of the beginning, though the address was changed meanwhile', async () => {
    const person = await somebody();
    const link = await untilLink(person);
    await change(person.id, [person.address, 'thief@example.com']);
    await bind(link);
    await settle();
    expect(
      received()
        .map(({ to }) => to)
        .sort(),
    ).toEqual([person.address, person.other, 'thief@example.com'].sort());
  });

  it('lets exactly one of the link and the stop win, however they race', async () => {
    for (let round = 0; round < 6; round++) {
      const person = await somebody();
      await ask(person.address);
      await settle();
      const { token = '' } = received()[0] ?? {};
      await wait();
      const link = received()[0]?.link ?? '';
      const [bound, stopped] = await Promise.allSettled([
        bind(link),
        stop(token).then(({ status }) => status),
      ]);
      const won = bound.status === 'fulfilled';
      expect(stopped).toMatchObject({ value: won ? 410 : 200 });
      expect((await passkeysOf(person.id)).map(({ status }) => status)).toEqual(
        won ? ['REVOKED', 'ACTIVE'] : ['ACTIVE'],
      );
    }
  });

  it('may be asked for again when the link could not be sent, or ran out', async () => {
    const person = await somebody();
    await ask(person.address);
    await settle();
    received();
    smtp.refuseWith(550);
    await wait();
    smtp.refuseWith(undefined);
    await ask(person.address);
    await settle();
    expect(received()).toHaveLength(2);
    await wait();
    expect(received()).toHaveLength(1);
    const past = { expires_at: new Date(Date.now() - 1000) };
    const { db } = test.database;
    await db.updateTable('recovery_requests').set(past).where('status', '=', 'READY').execute();
    await db
      .updateTable('credential_binding_jobs')
      .set(past)
      .where('identity_id', '=', person.id)
      .where('status', '=', 'LINK_SENT')
      .execute();
    await test.services.housekeeping.sweep();
    expect((await requestsOf(person.id)).map(({ status }) => status)).toEqual(['EXPIRED', 'EXPIRED']);
  });

  it('is off unless it was switched on, and goes no further when it is switched off', async () => {
    const person = await somebody();
    await ask(person.address);
    await settle();
    received();
    await test.services.recoverySettings.update(realm, { emailLink: false });
    expect((await ask(person.address)).status).toBe(403);
    await wait();
    expect(received()).toEqual([]);
    const untouched = await test.services.realms.create(await test.caller(), { displayName: 'Quiet' });
    const quiet = await test.caller(ALL_SCOPES, untouched.id);
    expect((await ask('any@example.com', quiet)).status).toBe(403);
  });
});

describe('the settings of recovery', () => {
  it('have the old passkeys chosen before it is switched on', async () => {
    const made = await test.services.realms.create(await test.caller(), { displayName: 'Quiet' });
    const ctx = await test.caller(ALL_SCOPES, made.id);
    expect(await test.services.recoverySettings.get(ctx)).toEqual({
      emailLink: false,
      waitingMinutes: 60,
      existingPasskeys: null,
      version: 1,
    });
    const update = (input: object) => test.services.recoverySettings.update(ctx, input);
    await expect(update({ emailLink: true })).rejects.toMatchObject({ path: ['existingPasskeys'] });
    await expect(update({ waitingMinutes: 10_081 })).rejects.toMatchObject({ path: ['waitingMinutes'] });
    expect(await update({ emailLink: true, existingPasskeys: 'KEEP', ifVersion: 1 })).toMatchObject({
      emailLink: true,
      version: 2,
    });
    await expect(update({ waitingMinutes: 0, ifVersion: 1 })).rejects.toMatchObject({
      code: 'VERSION_MISMATCH',
    });
    const reader = await test.caller(['realms:read'], made.id);
    await expect(test.services.recoverySettings.update(reader, {})).rejects.toMatchObject({
      code: 'FORBIDDEN',
    });
  });

  it('leave administrators at least an hour to say no', async () => {
    const admin = await test.caller();
    const on = { emailLink: true, existingPasskeys: 'REVOKE' };
    await expect(
      test.services.recoverySettings.update(admin, { ...on, waitingMinutes: 59 }),
    ).rejects.toMatchObject({ path: ['waitingMinutes'] });
    await test.services.recoverySettings.update(admin, { ...on, waitingMinutes: 60 });
    await test.services.recoverySettings.update(admin, { emailLink: false });
  });
});

describe('a lost passkey of the last administrator', () => {
  it('is not given up for one that the console lets nobody in with', async () => {
    const admins = await test.caller();
    const boss = await test.services.identities.findByUsername(
      test.database.db,
      admins.realm.id,
      'me@example.com',
    );
    const person = { id: boss?.id ?? '', address: 'me@example.com' };
    await bind((await test.services.bindingJobs.create(admins, { identityId: person.id })).link);
    const on = { emailLink: true, existingPasskeys: 'REVOKE', waitingMinutes: 60 };
    await test.services.recoverySettings.update(admins, on);
    const link = await untilLink(person, admins);
    const { pool } = test.database;
    await pool.query(`update passkeys set attestation = 'VERIFIED' where identity_id = $1`, [person.id]);
    const rule = {
      id: 'attested',
      name: 'Attested alone',
      enabled: true,
      action: { type: 'DENY' },
      condition: {
        all: [
          { fact: 'transaction.kind', op: 'is', value: 'AUTHENTICATION' },
          { fact: 'passkey.attested', op: 'is', value: false },
        ],
      },
    };
    await pool.query(
      `insert into policy_versions (realm_id, version, document, created_by_name)
       select realm_id, 2, jsonb_set(document, '{rules}', $2::jsonb || (document->'rules')), 'test'
       from policy_versions where realm_id = $1 and version = 1`,
      [admins.realm.id, JSON.stringify([rule])],
    );
    await pool.query('update policies set active_version = 2 where realm_id = $1', [admins.realm.id]);
    await expect(bind(link)).rejects.toThrow('ADMIN_LOCKOUT');
    expect((await passkeysOf(person.id)).map(({ status }) => status)).toEqual(['ACTIVE']);
    await pool.query('update policies set active_version = 1 where realm_id = $1', [admins.realm.id]);
    await bind(link);
    expect((await passkeysOf(person.id)).map(({ status }) => status)).toEqual(['REVOKED', 'ACTIVE']);
  });
});
