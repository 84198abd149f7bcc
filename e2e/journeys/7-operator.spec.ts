import { request } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
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
  expect(await third.cli('doctor')).toMatchObject({ signingKeys: { total: 4, readable: 4 } });
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
  const { answer, send } = await beginRequest(third.url);
  const stopping = third.stop();
  await sleep(500);
  send();
  expect(await answer).toBe(200);
  expect(await stopping).toBe(0);
});

/** A request whose body is still on its way: `send` lets the rest of it go. */
async function beginRequest(url: string): Promise<{ answer: Promise<number | undefined>; send: () => void }> {
  const started = request(`${url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'transfer-encoding': 'chunked' },
  });
  const answer = new Promise<number | undefined>((done, fail) => {
    started.on('error', fail).on('response', (response) => {
      response.resume();
      done(response.statusCode);
    });
  });
  await new Promise<void>((done) => started.write('{"query":', () => done()));
  await sleep(300);
  return {
    answer,
    send: () => started.end('"{ __typename }"}'),
  };
}
