import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { RealmCtx } from '../../kernel/context.js';
import { newId } from '../../kernel/ids.js';
import { buildTestApp, type TestApp } from '../../testing/app.js';
import { leafOf, type PrintedEvent } from './leaf.js';
import { selectPrinted } from './leaf.queries.js';

/** Every group that can be erased, as the database itself erases it. */
const ACTOR = `actor_digest = actor_digest_of(events), actor_salt = null, actor_name = erased_actor_name(events),
  ip = null, user_agent = null`;
const SUBJECT = `subject_digest = subject_digest_of(events), subject_salt = null,
  subject_name = erased_subject_name(events)`;
const DATA = `data_digest = data_digest_of(events), data_salt = null, data = without_keys(data, '{username}')`;

describe('leaves of events', () => {
  let test: TestApp;
  let realm: RealmCtx;

  beforeAll(async () => {
    test = await buildTestApp();
    realm = await test.caller();
  });
  afterAll(() => test.close());

  async function eventOf(username = `müller "🦊" ${newId()}`): Promise<string> {
    const actor = {
      kind: 'IDENTITY' as const,
      id: newId(),
      realmId: realm.realm.id,
      displayName: 'Ada Løvelace',
      username: 'ada',
    };
    const acting = { ...realm, actor, userAgent: 'Ünïcode/1.0' };
    const row = await test.services.identities.create(acting, { username });
    const events = await test.services.events.list(realm, { involvesId: row.id }, { first: 1 });
    return events.items[0]?.node.id ?? '';
  }

  async function printed(id: string): Promise<PrintedEvent> {
    const row = await selectPrinted(test.database.db, realm.realm.id, id);
    if (!row) throw new Error(`no event ${id}`);
    return row;
  }
  const leaf = async (id: string) => leafOf(await printed(id)).toString('hex');
  const update = (id: string, set: string) =>
    test.database.pool.query(`update events set ${set} where realm_id = $1 and id = $2`, [
      realm.realm.id,
      id,
    ]);

  it.each([
    ['the actor', ACTOR],
    ['the subject', SUBJECT],
    ['data', DATA],
    ['all of it', [ACTOR, SUBJECT, DATA].join(', ')],
  ])('are equal before and after the erasure of %s', async (_, set) => {
    const id = await eventOf();
    const before = await leaf(id);
    const was = await printed(id);
    await update(id, set);
    expect(await printed(id)).not.toEqual(was);
    expect(await leaf(id)).toBe(before);
  });

  it('leave nothing of the person in an erased event', async () => {
    const id = await eventOf('secretive');
    await update(id, [ACTOR, SUBJECT, DATA].join(', '));
    const row = await printed(id);
    expect(row).toMatchObject({
      actor_name: 'Erased person',
      subject_name: 'Erased person',
      ip: null,
      user_agent: null,
      data: '{}',
      actor_salt: null,
      subject_salt: null,
      data_salt: null,
    });
    expect(JSON.stringify(row)).not.toMatch(/secretive|Løvelace|Ünïcode|127\.0\.0\.1/);
  });

  it('differ after a change of any column, and of any erased group', async () => {
    const row = await printed(await eventOf());
    const own = leafOf(row).toString('hex');
    const erased: PrintedEvent = { ...row, data_salt: null, data_digest: Buffer.alloc(32, 1) };
    const columns = Object.keys(row).filter((key) => !key.endsWith('_digest')) as (keyof PrintedEvent)[];
    expect(columns).toHaveLength(18);
    for (const column of columns)
      expect([column, leafOf({ ...row, [column]: `${row[column] ?? ''}x` }).toString('hex')]).not.toEqual([
        column,
        own,
      ]);
    expect(leafOf(erased).toString('hex')).not.toBe(own);
  });

  it('tell a field from its neighbour, and nothing from an empty text', async () => {
    const row = await printed(await eventOf());
    const of = (change: Partial<PrintedEvent>) => leafOf({ ...row, ...change }).toString('hex');
    expect(of({ ip: 'ab', user_agent: 'c' })).not.toBe(of({ ip: 'a', user_agent: 'bc' }));
    expect(of({ ip: null })).not.toBe(of({ ip: '' }));
    expect(of({ ip: null })).not.toBe(of({ ip: '-' }));
  });

  it.each([
    ['a name', `actor_name = 'Mallory'`],
    ['a type', `type = 'identity.deleted'`],
    ['data', `data = '{}'`],
    ['nothing at all', 'type = type'],
    ['a salt', 'actor_salt = gen_random_uuid()'],
    ['another digest than the row gives', ACTOR.replace('actor_digest_of(events)', `'\\x00'::bytea`)],
    ['an erasure with a type changed beside it', `${ACTOR}, type = 'identity.deleted'`],
    ['an erasure with a chosen name', ACTOR.replace('erased_actor_name(events)', `'Mallory'`)],
    ['an erasure that keeps the salt', ACTOR.replace('actor_salt = null,', '')],
    ['an erasure that adds to data', DATA.replace(`without_keys(data, '{username}')`, `data || '{"a": 1}'`)],
    [
      'an erasure that rewrites data',
      DATA.replace(`without_keys(data, '{username}')`, `'{"username": "x"}'`),
    ],
    ['an erasure that moves it in time', `${ACTOR}, occurred_at = now()`],
  ])('are kept true by the database, which refuses to change %s', async (_, set) => {
    const id = await eventOf();
    const before = await printed(id);
    await expect(update(id, set)).rejects.toMatchObject({ code: expect.stringMatching(/^(KR002|23514)$/) });
    expect(await printed(id)).toEqual(before);
  });

  it('are erased once: a second erasure of a group is refused', async () => {
    const id = await eventOf();
    await update(id, ACTOR);
    await expect(update(id, ACTOR)).rejects.toMatchObject({ code: 'KR002' });
    await expect(update(id, 'actor_digest = null, actor_salt = gen_random_uuid()')).rejects.toMatchObject({
      code: 'KR002',
    });
    await update(id, SUBJECT);
  });

  it('never go: events are neither deleted nor truncated', async () => {
    const { pool } = test.database;
    await expect(pool.query('delete from events')).rejects.toMatchObject({ code: 'KR002' });
    await expect(pool.query('truncate events')).rejects.toMatchObject({ code: 'KR002' });
  });
});
