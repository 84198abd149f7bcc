import * as client from 'openid-client';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { listenTestApp, type TestApp } from '../../testing/app.js';
import { createBrowser } from '../../testing/browser.js';
import { bind, signIn } from '../../testing/people.js';

describe('SCIM for a person', () => {
  let test: TestApp;
  let token: string;

  /** The first administrator, signed in to the console. */
  beforeAll(async () => {
    test = await listenTestApp();
    const { adminRealmId, bindingLink } = test.tenant;
    const authenticator = await bind(bindingLink);
    const application = await test.services.applications.findManaged(
      test.services.db,
      adminRealmId,
      'ADMIN_CONSOLE',
    );
    const config = await client.discovery(
      new URL(`${test.url}/realms/${adminRealmId}`),
      application?.id ?? '',
      undefined,
      client.None(),
      { execute: [client.allowInsecureRequests] },
    );
    const verifier = client.randomPKCECodeVerifier();
    const url = client.buildAuthorizationUrl(config, {
      redirect_uri: application?.redirect_uris[0] ?? '',
      scope: 'openid scim:all identities:read identities:update groups:read',
      code_challenge: await client.calculatePKCECodeChallenge(verifier),
      code_challenge_method: 'S256',
    });
    const { location } = await signIn(createBrowser(), url, authenticator);
    token = (await client.authorizationCodeGrant(config, location ?? url, { pkceCodeVerifier: verifier }))
      .access_token;
  });
  afterAll(() => test.close());

  const call = (realmId: string, method: 'GET' | 'PATCH', path: string, body?: object) =>
    test.app.inject({
      method,
      url: `/realms/${realmId}/scim/v2${path}`,
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/scim+json' },
      ...(body ? { payload: JSON.stringify(body) } : {}),
    });

  it('knows who asks, in the realm that they are of', async () => {
    const { adminRealmId } = test.tenant;
    const me = await call(adminRealmId, 'GET', '/Me');
    expect(me.json()).toMatchObject({ userName: 'me@example.com', meta: { resourceType: 'User' } });
    expect(me.headers.location).toBe(me.json().meta.location);
    const other = await test.services.realms.create(await test.caller(), { displayName: 'Other' });
    expect((await call(other.id, 'GET', '/Me')).json()).toMatchObject({ status: '501' });
  });

  it('changes no administrator, not even the one who asks', async () => {
    for (const value of [{ active: false }, { title: 'Founder' }]) {
      const change = { Operations: [{ op: 'replace', value }] };
      expect((await call(test.tenant.adminRealmId, 'PATCH', '/Me', change)).json()).toMatchObject({
        status: '403',
      });
    }
  });

  it('gives a person no more than they asked a token for', async () => {
    const { adminRealmId } = test.tenant;
    const make = await test.app.inject({
      method: 'POST',
      url: `/realms/${adminRealmId}/scim/v2/Users`,
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/scim+json' },
      payload: JSON.stringify({ userName: 'stranger' }),
    });
    expect(make.json()).toMatchObject({ status: '403' });
  });
});
