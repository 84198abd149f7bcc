import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { RealmCtx } from '../../kernel/context.js';
import { newId } from '../../kernel/ids.js';
import { buildTestApp, machineOf, type TestApp } from '../../testing/app.js';
import { stateOf } from './brake.js';

describe('the brake of a provisioning client', () => {
  let test: TestApp;

  beforeAll(async () => {
    test = await buildTestApp();
  });
  afterAll(() => test.close());

  interface Scene {
    readonly admin: RealmCtx;
    readonly clientId: string;
    /** The client as it enters now. */
    enter(): Promise<RealmCtx>;
    /** Identities that the client provisioned. */
    people(count: number): Promise<string[]>;
    /** @returns undefined, or what the client was told */
    suspend(identityId: string): Promise<{ kind: string; code: string; message: string } | undefined>;
    state(): Promise<unknown>;
    told(): Promise<string[]>;
  }

  /** A realm of its own with one client, whose brake has these settings. */
  async function scene(settings: object = {}): Promise<Scene> {
    const { realms, provisioning, identities, events } = test.services;
    const row = await realms.create(await test.caller(), { displayName: newId() });
    const admin = await test.caller(undefined, row.id);
    const machine = machineOf(test.tenant, ['scim:all']);
    const actor = { ...machine.actor, credentialName: 'Okta' } as typeof machine.actor;
    const enter = async () => provisioning.enter({ ...machine, actor }, row.id);
    const client = await enter();
    const clientId = client.provisioning?.clientId ?? '';
    await provisioning.updateClient(admin, { clientId, ...settings });
    const find = () => provisioning.find(admin, clientId);
    return {
      admin,
      clientId,
      enter,
      async people(count) {
        const made: string[] = [];
        for (let done = 0; done < count; done += 10)
          made.push(
            ...(await Promise.all(
              Array.from({ length: Math.min(10, count - done) }, async () => {
                return (await identities.create(client, { username: newId() })).id;
              }),
            )),
          );
        return made;
      },
      suspend: async (identityId) =>
        provisioning
          .guarded(client, () => identities.suspend(client, { identityId }))
          .then(
            () => undefined,
            (error) => error,
          ),
      async state() {
        const found = await find();
        return found && stateOf(found, new Date());
      },
      async told() {
        const page = await events.list(admin, { involvesId: clientId }, {});
        return page.items.map(({ node }) => node.type).filter((type) => type.startsWith('provisioning.'));
      },
    };
  }

  it('lets as many through as the limit says, refuses the next, and keeps the pause although its change is taken back', async () => {
    const { suspend, people, state, told, admin, clientId } = await scene({ maxCount: 3 });
    const [a, b, c, d, e] = (await people(5)) as [string, string, string, string, string];
    for (const one of [a, b, c]) expect(await suspend(one)).toBeUndefined();
    expect(await state()).toBe('RUNNING');
    expect(await suspend(d)).toMatchObject({
      kind: 'rate_limited',
      code: 'PROVISIONING_PAUSED',
      message:
        'More than 3 identities would have lost their access within 60 minutes. Deactivations and deletions wait until an administrator releases or rejects them.',
    });
    expect(await state()).toBe('PAUSED');
    expect(await test.services.identities.find(admin, d)).toMatchObject({ status: 'ACTIVE', version: 1 });
    expect(await suspend(e)).toMatchObject({ kind: 'rate_limited', code: 'PROVISIONING_PAUSED' });
    expect(await told()).toEqual(['provisioning.paused']);
    expect(await test.services.provisioning.find(admin, clientId)).toMatchObject({
      paused_reason: 'More than 3 identities would have lost their access within 60 minutes.',
    });
  });

  it('counts deletions like deactivations', async () => {
    const { people, enter, state } = await scene({ maxCount: 1 });
    const [a, b] = (await people(2)) as [string, string];
    const client = await enter();
    const remove = (identityId: string) =>
      test.services.provisioning.guarded(client, () =>
        test.services.identities.remove(client, { identityId }),
      );
    await remove(a);
    await expect(remove(b)).rejects.toMatchObject({ code: 'PROVISIONING_PAUSED' });
    expect(await state()).toBe('PAUSED');
  });

  it('holds up nothing but deprovisioning: people still join, change and come back, and administrators act freely', async () => {
    const { people, suspend, enter, admin } = await scene({ maxCount: 1 });
    const [a, b, c] = (await people(3)) as [string, string, string];
    await suspend(a);
    expect(await suspend(b)).toBeDefined();
    const client = await enter();
    const { identities } = test.services;
    await identities.create(client, { username: 'newcomer' });
    await identities.change(client, { id: b, change: (now: object) => ({ ...now, displayName: 'B' }) });
    await identities.activate(client, { identityId: a });
    await identities.suspend(admin, { identityId: c });
    expect(await identities.find(admin, c)).toMatchObject({ status: 'SUSPENDED' });
  });

  it('refuses a share that is too large, counted of those that are active and those that went', async () => {
    const { people, suspend, state, told } = await scene({ maxCount: null, maxPercent: 50 });
    const everybody = await people(204);
    const outcomes: unknown[] = [];
    for (const one of everybody.slice(0, 102)) outcomes.push(await suspend(one));
    expect(outcomes.filter(Boolean)).toEqual([]);
    expect(await suspend(everybody[102] ?? '')).toMatchObject({
      code: 'PROVISIONING_PAUSED',
      message: expect.stringMatching(/^More than 50 % of the identities of this client/),
    });
    expect(await state()).toBe('PAUSED');
    expect(await told()).toEqual(['provisioning.paused']);
  });

  it('asks for no share below a hundred: the last two of two may go', async () => {
    const { people, suspend, state } = await scene({ maxPercent: 1 });
    for (const one of await people(40)) expect(await suspend(one)).toBeUndefined();
    expect(await state()).toBe('RUNNING');
  });

  it('forgets what is older than its window', async () => {
    const { people, suspend, admin, clientId, state } = await scene({ maxCount: 2, windowMinutes: 5 });
    await sql`insert into provisioning_deprovisions (realm_id, client_id, id)
      select ${admin.realm.id}::uuid, ${clientId}::uuid, uuid_v7_floor(now() - make_interval(mins => 5, secs => n))
      from generate_series(1, 50) n`.execute(test.database.db);
    const [a, b, c] = (await people(3)) as [string, string, string];
    expect([await suspend(a), await suspend(b)]).toEqual([undefined, undefined]);
    expect(await suspend(c)).toMatchObject({ code: 'PROVISIONING_PAUSED' });
    expect(await state()).toBe('PAUSED');
  });

  it('counts nothing for one window once it is released, and then begins anew', async () => {
    const { people, suspend, state, told, admin, clientId } = await scene({ maxCount: 1 });
    const { provisioning } = test.services;
    const [a, b, c, d, e] = (await people(5)) as [string, string, string, string, string];
    await suspend(a);
    expect(await suspend(b)).toBeDefined();
    const paused = await provisioning.find(admin, clientId);
    const released = await provisioning.release(admin, { clientId, ifVersion: paused?.version });
    expect(await state()).toBe('RELEASED');
    const until = released.released_until?.getTime() ?? 0;
    expect(Math.abs(until - Date.now() - 3_600_000)).toBeLessThan(10_000);
    for (const one of [b, c]) expect(await suspend(one)).toBeUndefined();
    expect(await provisioning.deprovisionings(admin, released)).toBe(0);
    await test.database.db
      .updateTable('provisioning_clients')
      .set({ released_until: new Date() })
      .where('id', '=', clientId)
      .execute();
    expect(await suspend(d)).toBeUndefined();
    expect(await suspend(e)).toMatchObject({ kind: 'rate_limited' });
    expect(await told()).toEqual(['provisioning.paused', 'provisioning.released', 'provisioning.paused']);
  });

  it('refuses for good what was rejected, until it is released after all', async () => {
    const { people, suspend, state, told, admin, clientId } = await scene({ maxCount: 0 });
    const { provisioning } = test.services;
    const [a] = (await people(1)) as [string];
    await expect(provisioning.reject(admin, { clientId })).rejects.toMatchObject({ code: 'INVALID_INPUT' });
    await suspend(a);
    await provisioning.reject(admin, { clientId });
    expect(await suspend(a)).toMatchObject({ kind: 'forbidden', code: 'PROVISIONING_PAUSED' });
    expect(await state()).toBe('REJECTED');
    await provisioning.reject(admin, { clientId });
    await provisioning.release(admin, { clientId });
    expect(await suspend(a)).toBeUndefined();
    expect(await told()).toEqual(['provisioning.released', 'provisioning.rejected', 'provisioning.paused']);
  });

  it('overshoots by no more than the requests that run at once, and pauses once', async () => {
    const { people, suspend, told, admin } = await scene({ maxCount: 5 });
    const everybody = await people(40);
    const outcomes = await Promise.all(everybody.map(suspend));
    const through = outcomes.filter((outcome) => outcome === undefined).length;
    expect(through).toBeGreaterThanOrEqual(5);
    expect(through).toBeLessThanOrEqual(5 + 12);
    for (const outcome of outcomes.filter(Boolean))
      expect(outcome).toMatchObject({ code: 'PROVISIONING_PAUSED' });
    const suspended = await test.services.identities.list(admin, { status: 'SUSPENDED' }, 'USERNAME_ASC', {});
    expect(suspended.items).toHaveLength(through);
    expect(await told()).toEqual(['provisioning.paused']);
  });

  it('does not pause a client for what it only rehearsed', async () => {
    const { people, enter, state, told } = await scene({ maxCount: 0 });
    const [a] = (await people(1)) as [string];
    const rehearsing: RealmCtx = { ...(await enter()), dryRun: true };
    const { provisioning, identities } = test.services;
    await expect(
      provisioning.guarded(rehearsing, () => identities.suspend(rehearsing, { identityId: a })),
    ).rejects.toMatchObject({ code: 'PROVISIONING_PAUSED' });
    expect(await state()).toBe('RUNNING');
    expect(await told()).toEqual([]);
  });

  it('is off without a window, and with neither limit', async () => {
    for (const settings of [
      { maxCount: 0, windowMinutes: null },
      { maxCount: null, maxPercent: null },
    ]) {
      const { people, suspend } = await scene(settings);
      for (const one of await people(3)) expect(await suspend(one)).toBeUndefined();
    }
  });

  it('lets nobody decide without realms:update', async () => {
    const { admin, clientId, enter } = await scene();
    const reader = await test.caller(['realms:read', 'scim:all'], admin.realm.id);
    for (const ctx of [reader, await enter()])
      for (const decide of [test.services.provisioning.release, test.services.provisioning.reject])
        await expect(decide(ctx, { clientId })).rejects.toMatchObject({ code: 'FORBIDDEN' });
  });
});
