import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { RealmCtx } from '../../kernel/context.js';
import { ALL_SCOPES } from '../../kernel/permissions.js';
import { listenTestApp, type TestApp } from '../../testing/app.js';
import { bind } from '../../testing/people.js';
import { readMail, startSmtp, type TestSmtp } from '../../testing/smtp.js';
import type { Profile } from '../identities/identities.types.js';

const FROM = 'keys@keyrealm.example';
let people = 0;

describe('mail', () => {
  let smtp: TestSmtp;
  let test: TestApp;
  let realm: RealmCtx;

  beforeAll(async () => {
    smtp = await startSmtp();
    test = await listenTestApp({ mail: { smtpUrl: smtp.url, from: FROM } });
    const people = await test.services.realms.create(await test.caller(), { displayName: 'People' });
    realm = await test.caller(ALL_SCOPES, people.id);
  });
  afterAll(async () => {
    await test.close();
    await smtp.close();
  });
  beforeEach(async () => {
    smtp.received.length = 0;
    smtp.refuseWith(undefined);
    await test.database.db.deleteFrom('mails').execute();
  });

  async function invite(more: object = {}) {
    const address = `person${++people}@example.com`;
    const identity = await test.services.identities.create(realm, {
      username: `person${people}`,
      emails: [{ value: address, primary: true }],
      ...more,
    });
    const made = await test.services.bindingJobs.create(realm, {
      identityId: identity.id,
      delivery: 'EMAIL',
    });
    return { identity, address, ...made };
  }
  const outbox = () => test.database.db.selectFrom('mails').selectAll().orderBy('id').execute();
  const jobOf = async (id: string) => {
    const job = await test.services.bindingJobs.find(realm, id);
    if (!job) throw new Error('no such job');
    return job;
  };
  const enrollment = async (id: string) =>
    (await test.services.identities.find(realm, id))?.enrollment_status;
  const eventsOf = (jobId: string) =>
    test.database.db.selectFrom('events').selectAll().where('subject_id', '=', jobId).orderBy('id').execute();
  const tokenOf = (link: string) => link.slice(link.indexOf('#token=') + 7);
  const hurry = () =>
    test.database.db
      .updateTable('mails')
      .set({ next_attempt_at: new Date(0) })
      .execute();

  it('brings the link to the person, and the link binds a passkey', async () => {
    const { job, address, identity, link } = await invite({ displayName: 'Ada Lovelace' });
    expect(await test.services.mailSender.step()).toBe(1);
    const [mail] = smtp.received;
    expect(mail).toMatchObject({ from: FROM, to: [address] });
    const { headers, text, html } = readMail(mail?.source ?? '');
    expect(headers.get('to')).toEqual([address]);
    expect(headers.get('auto-submitted')).toEqual(['auto-generated']);
    expect(text).toContain('Hello Ada Lovelace,');
    expect(text).toContain(link);
    expect(html).toContain(`href="${link}"`);
    expect((await jobOf(job.id)).sent_at).toBeInstanceOf(Date);
    await bind(text.match(/http\S+#token=\S+/)?.[0] ?? '');
    expect(await jobOf(job.id)).toMatchObject({ status: 'COMPLETED', delivery: 'EMAIL' });
    expect(await enrollment(identity.id)).toBe('ENROLLED');
  });

  it('keeps no secret once it is sent, in no table, event or log, and only a wrapped one before', async () => {
    const { job, link } = await invite();
    const token = tokenOf(link);
    const [waiting] = await outbox();
    expect(waiting?.wrapped_secret).not.toBeNull();
    expect(waiting?.wrapped_secret?.includes(token)).toBe(false);
    await test.services.mailSender.step();
    expect(await outbox()).toMatchObject([{ state: 'SENT', wrapped_secret: null, attempts: 1 }]);
    const kept = JSON.stringify([await outbox(), await eventsOf(job.id), await jobOf(job.id), test.logged]);
    expect(kept).not.toContain(token);
    const recorded = (await eventsOf(job.id)).map(({ type }) => type);
    expect(recorded).toEqual(['credential_binding_job.created', 'credential_binding_job.sent']);
  });

  it('refuses a person without an address, and one whose address would reach others', async () => {
    const nobody = await test.services.identities.create(realm, { username: 'nobody' });
    const wanted = { identityId: nobody.id, delivery: 'EMAIL' };
    await expect(test.services.bindingJobs.create(realm, wanted)).rejects.toMatchObject({
      code: 'EMAIL_MISSING',
      path: ['identityId'],
    });
    for (const value of ['a,b@evil.example', 'a<b@evil.example>', 'x:a;b@evil.example', '"a"@evil.example'])
      await expect(invite({ emails: [{ value }] })).rejects.toMatchObject({ code: 'EMAIL_MISSING' });
    expect(await outbox()).toEqual([]);
  });

  it('lets hostile names and themes write no header, no markup and no link', async () => {
    const evil = '<img src=x onerror=alert(1)>"\'&';
    await test.database.db
      .updateTable('themes')
      .set({
        display_name: `Acme\r\nBcc: victim@example.com\r\n\r\n${evil}`,
        support_email: 'help@example.com\r\nBcc: victim@example.com',
      })
      .where('realm_id', '=', realm.realm.id)
      .execute();
    const { link, address } = await invite({ displayName: evil });
    await invite({ displayName: 'Prize at evil.example/win' });
    await test.services.mailSender.step();
    await test.database.db
      .updateTable('themes')
      .set({ display_name: 'Mine', support_email: null })
      .where('realm_id', '=', realm.realm.id)
      .execute();
    expect(smtp.received).toHaveLength(2);
    const mails = smtp.received.map((mail) => ({ ...mail, ...readMail(mail.source) }));
    for (const mail of mails) {
      expect(mail.to).toHaveLength(1);
      expect(mail.headers.has('bcc')).toBe(false);
      expect(mail.headers.get('subject')).toHaveLength(1);
      expect(mail.html).not.toContain('<img');
      expect(mail.text).not.toContain('evil.example');
      expect(mail.html).not.toContain('evil.example');
    }
    const own = mails.find(({ to }) => to[0] === address);
    expect(own?.html).toContain('&lt;img src=x onerror=alert(1)&gt;&quot;&#39;&amp;');
    expect(own?.html.match(/href="/g)).toHaveLength(1);
    expect(own?.html).toContain(`href="${link}"`);
  });

  it('tries again while the mail server is away, and delivers when it is back', async () => {
    const { job } = await invite();
    const { port } = smtp;
    await smtp.close();
    await test.services.mailSender.step();
    const [waiting] = await outbox();
    expect(waiting).toMatchObject({ state: 'QUEUED', attempts: 1, lease_id: null });
    expect(waiting?.last_error).toMatch(/^[A-Z_]+(_\d{3})?$/);
    expect(waiting?.next_attempt_at.getTime()).toBeGreaterThan(Date.now() + 20_000);
    expect(await test.services.mailSender.step()).toBe(0);
    smtp = await startSmtp(port);
    await hurry();
    await test.services.mailSender.step();
    expect(smtp.received).toHaveLength(1);
    expect(await outbox()).toMatchObject([{ state: 'SENT', attempts: 2, last_error: null }]);
    expect((await jobOf(job.id)).status).toBe('LINK_SENT');
  });

  it('gives up in the end: the job failed to send, the person is not invited, the link is dead', async () => {
    const { job, identity, link } = await invite();
    smtp.refuseWith(451);
    await test.services.mailSender.step();
    expect(await outbox()).toMatchObject([{ state: 'QUEUED', last_error: 'EENVELOPE_451' }]);
    await test.database.db.updateTable('mails').set({ attempts: 11 }).execute();
    await hurry();
    await test.services.mailSender.step();
    expect(await outbox()).toMatchObject([{ state: 'FAILED', attempts: 12, wrapped_secret: null }]);
    expect((await jobOf(job.id)).status).toBe('FAILED_TO_SEND');
    expect(await enrollment(identity.id)).toBe('INVITE_FAILED');
    expect((await eventsOf(job.id)).at(-1)).toMatchObject({
      type: 'credential_binding_job.failed_to_send',
      outcome: 'FAILURE',
      correlation_id: job.correlation_id,
    });
    await expect(bind(link)).rejects.toThrow();
  });

  it('gives up at once when the mail server says that there is no such mailbox', async () => {
    const { job } = await invite();
    smtp.refuseWith(550);
    await test.services.mailSender.step();
    expect(await outbox()).toMatchObject([{ state: 'FAILED', attempts: 1, last_error: 'EENVELOPE_550' }]);
    expect((await jobOf(job.id)).status).toBe('FAILED_TO_SEND');
  });

  it('sends again after a crash between sending and marking, as the same message', async () => {
    await invite();
    const before = await outbox();
    await test.services.mailSender.step();
    const [row] = before;
    if (!row) throw new Error('nothing queued');
    // What the database holds when a worker dies after the server took the mail: its claim, and no more.
    await test.database.db
      .updateTable('mails')
      .set({ state: 'QUEUED', sent_at: null, wrapped_secret: row.wrapped_secret, attempts: 1 })
      .execute();
    expect(await test.services.mailSender.step()).toBe(0);
    await hurry();
    await test.services.mailSender.step();
    expect(await test.services.mailSender.step()).toBe(0);
    expect(smtp.received).toHaveLength(2);
    const ids = smtp.received.map(({ source }) => readMail(source).headers.get('message-id')?.[0]);
    expect(new Set(ids).size).toBe(1);
  });

  it('sends each mail once with many workers at a time', async () => {
    const made = await Promise.all(Array.from({ length: 12 }, () => invite()));
    await Promise.all(Array.from({ length: 6 }, () => test.services.mailSender.step()));
    while ((await test.services.mailSender.step()) > 0);
    const reached = smtp.received.map(({ to }) => to[0]).sort();
    expect(reached).toEqual(made.map(({ address }) => address).sort());
  });

  it('does not send what is revoked, deleted, or addressed to an address that is the person’s no more', async () => {
    const revoked = await invite();
    const gone = await invite();
    const moved = await invite();
    const suspended = await invite();
    await test.services.bindingJobs.revoke(realm, { credentialBindingJobId: revoked.job.id });
    await test.services.identities.remove(realm, { identityId: gone.identity.id });
    await test.services.identities.change(realm, {
      id: moved.identity.id,
      change: (profile: Profile) => ({ ...profile, emails: [{ value: 'new@example.com' }] }),
    });
    await test.services.identities.suspend(realm, { identityId: suspended.identity.id });
    while ((await test.services.mailSender.step()) > 0);
    expect(smtp.received).toEqual([]);
    const states = (await outbox()).map(({ state, last_error }) => [state, last_error]);
    expect(states.sort()).toEqual([
      ['FAILED', 'ADDRESS_CHANGED'],
      ['WITHDRAWN', null],
      ['WITHDRAWN', null],
    ]);
    expect((await jobOf(moved.job.id)).status).toBe('FAILED_TO_SEND');
  });

  it('sends a new link on demand and kills the old one', async () => {
    const { job, link } = await invite();
    await test.services.mailSender.step();
    const again = await test.services.bindingJobs.resend(realm, { credentialBindingJobId: job.id });
    await expect(bind(link)).rejects.toThrow();
    await test.services.mailSender.step();
    expect(smtp.received).toHaveLength(2);
    expect(readMail(smtp.received[1]?.source ?? '').text).toContain(again.link);
    await bind(again.link);
    await expect(
      test.services.bindingJobs.resend(realm, { credentialBindingJobId: job.id }),
    ).rejects.toMatchObject({ code: 'BINDING_JOB_CLOSED' });
    const recorded = (await eventsOf(job.id)).map(({ type }) => type);
    expect(recorded).toContain('credential_binding_job.resent');
  });
});
