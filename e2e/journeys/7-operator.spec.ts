import { expect, test } from '@playwright/test';
import { createApi } from '../support/api.ts';
import { newPlace, type Place, removePlace, startAt } from '../support/server.ts';

let place: Place;
test.beforeAll(async () => {
  place = await newPlace();
});
test.afterAll(() => removePlace(place));

test('an operator starts, stops, starts again, crashes, recovers: nothing is lost, nothing is made twice', async () => {
  const first = await startAt(place);
  expect(first.bindingLink).toContain('/bind#token=');
  const tenantId = /tenant=([0-9a-f-]{36})/.exec(first.output())?.[1] ?? '';
  const mint = (server: typeof first) =>
    server.cli(
      'api-token',
      'create',
      '--tenant',
      tenantId,
      '--scopes',
      'realms:read realms:create',
      '--name',
      'op',
    );
  const { token = '' } = await mint(first);
  await createApi(first, token).createRealm('Kept');
  expect(await first.stop()).toBe(0);

  // Without a server the commands start the database for themselves.
  const recovered = await first.cli('recover', '--tenant', tenantId, '--username', 'ADMIN@acme.example');
  expect(recovered.bindingLink).toContain('/bind#token=');
  expect(new Date(recovered.expiresAt ?? '').getTime()).toBeLessThan(Date.now() + 61 * 60_000);

  const second = await startAt(place);
  expect(second.bindingLink).toBe('');
  expect(second.output()).toContain(`/console/?tenant=${tenantId}`);
  await second.crash();

  const third = await startAt(place);
  const realms = await createApi(third, token).graphql('{ tenant { realms { nodes { displayName } } } }');
  expect(realms.data).toEqual({
    tenant: { realms: { nodes: [{ displayName: 'Acme administration' }, { displayName: 'Kept' }] } },
  });
  expect(await third.cli('doctor')).toMatchObject({ signingKeys: { total: 2, readable: 2 } });
  for (const wrong of [
    ['nonsense'],
    ['tenant', 'create', '--name', 'x'],
    ['recover', '--tenant', tenantId, '--username', 'nobody'],
    ['api-token', 'create', '--tenant', tenantId, '--scopes', 'root', '--name', 'x'],
  ])
    await expect(third.cli(...wrong)).rejects.toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/^[^\n]+\.\n$/),
    });
  expect(await third.stop()).toBe(0);
});
