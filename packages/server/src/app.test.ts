import * as client from 'openid-client';
import { describe, expect, it } from 'vitest';
import { listenTestApp, type TestApp } from './testing/app.js';
import { createBrowser } from './testing/browser.js';
import { enrol, signIn } from './testing/people.js';

const REDIRECT = 'http://localhost:9999/callback';

/** Everything that a person and a machine do, once. */
async function everything(test: TestApp): Promise<void> {
  const row = await test.services.realms.create(await test.caller(), { displayName: 'People' });
  const realm = await test.caller(undefined, row.id);
  const ada = await enrol(test, realm, 'ada');
  const { application, secret } = await test.services.applications.create(realm, {
    displayName: 'Shop',
    type: 'CONFIDENTIAL',
    grantTypes: ['authorization_code', 'refresh_token'],
    redirectUris: [REDIRECT],
  });
  const issuer = new URL(`${test.url}/realms/${row.id}`);
  const config = await client.discovery(
    issuer,
    application.id,
    undefined,
    client.ClientSecretBasic(secret ?? ''),
    {
      execute: [client.allowInsecureRequests],
    },
  );
  const verifier = client.randomPKCECodeVerifier();
  const url = client.buildAuthorizationUrl(config, {
    redirect_uri: REDIRECT,
    scope: 'openid profile',
    code_challenge: await client.calculatePKCECodeChallenge(verifier),
    code_challenge_method: 'S256',
  });
  const { location } = await signIn(createBrowser(), url, ada.authenticator);
  const tokens = await client.authorizationCodeGrant(config, location ?? url, { pkceCodeVerifier: verifier });
  await client.fetchUserInfo(config, tokens.access_token, ada.id);
  await client.refreshTokenGrant(config, tokens.refresh_token ?? '');
  const token = await test.apiToken();
  const document = `mutation ($input: IdentityActionInput!) { suspendIdentity(input: $input) { errors { code } } }`;
  const suspended = await test.graphql(token, document, { input: { realmId: row.id, identityId: ada.id } });
  expect(suspended.data).toEqual({ suspendIdentity: { errors: [] } });
  await expect(client.refreshTokenGrant(config, tokens.refresh_token ?? '')).rejects.toThrow();
}

describe('the whole server', () => {
  // Whoever waits for a second connection while holding one can wait for ever once many do the same.
  it('never needs a second database connection while it holds one', async () => {
    const test = await listenTestApp({ connections: 1 });
    await everything(test);
    await test.close();
  });

  it('lets no secret into its log', async () => {
    const test = await listenTestApp();
    await everything(test);
    const log = test.logged.join('\n');
    expect(log).toContain('"msg":"request"');
    expect(log).not.toMatch(/eyJ|token=|code=|client_secret|Bearer|#token/);
    await test.close();
  });

  it('answers an address that asks too much with 429, and believes no header about it', async () => {
    const test = await listenTestApp({ anonymousPerMinute: 5 });
    const ask = (n: number) =>
      fetch(test.tenant.managementApi.tokenEndpoint, {
        method: 'POST',
        headers: { 'x-forwarded-for': `10.0.0.${n}` },
        body: new URLSearchParams({ grant_type: 'client_credentials', client_id: 'x' }),
      });
    const statuses: number[] = [];
    for (let n = 0; n < 8; n++) statuses.push((await ask(n)).status);
    expect(statuses.slice(0, 5)).not.toContain(429);
    expect(statuses.slice(5)).toEqual([429, 429, 429]);
    const events = await test.services.events.list(await test.caller(), { types: ['token.refused'] }, {});
    expect(new Set(events.items.map(({ node }) => node.ip))).toEqual(new Set(['127.0.0.1']));
    await test.close();
  });
});
