import * as client from 'openid-client';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { listenTestApp, type TestApp } from '../../testing/app.js';

describe('client credentials of the Management API', () => {
  let test: TestApp;
  beforeAll(async () => {
    test = await listenTestApp();
  });
  afterAll(() => test.close());

  async function grant(scope?: string) {
    const { clientId, clientSecret } = test.tenant.managementApi;
    const issuer = new URL(`${test.url}/realms/${test.tenant.adminRealmId}`);
    const config = await client.discovery(
      issuer,
      clientId,
      undefined,
      client.ClientSecretPost(clientSecret),
      {
        execute: [client.allowInsecureRequests],
      },
    );
    return client.clientCredentialsGrant(config, scope === undefined ? {} : { scope });
  }

  it('gives a token that works on GraphQL with exactly the scopes asked for', async () => {
    const { access_token, scope } = await grant('realms:read');
    expect(scope).toBe('realms:read');
    const answer = await test.graphql(access_token, '{ viewer { kind scopes tenant { displayName } } }');
    expect(answer.data).toEqual({
      viewer: { kind: 'APPLICATION', scopes: ['realms:read'], tenant: { displayName: 'Mine' } },
    });
    const refused = await test.graphql(
      access_token,
      '{ tenant { adminRealm { identities { nodes { id } } } } }',
    );
    expect(refused.errors?.[0]?.extensions.code).toBe('FORBIDDEN');
  });

  it('gives every allowed scope when none is asked for, and refuses one that is not allowed', async () => {
    expect((await grant()).scope?.split(' ')).toContain('scim:all');
    await expect(grant('realms:read root:everything')).rejects.toMatchObject({ error: 'invalid_scope' });
  });

  it('refuses a wrong secret and records it', async () => {
    const { clientId, tokenEndpoint } = test.tenant.managementApi;
    const response = await fetch(tokenEndpoint, {
      method: 'POST',
      body: new URLSearchParams({
        grant_type: 'client_credentials',
        client_id: clientId,
        client_secret: 'guess',
      }),
    });
    expect(response.status).toBe(401);
    const events = await test.services.events.list(await test.caller(), { types: ['token.refused'] }, {});
    expect(events.items[0]?.node.data).toMatchObject({ applicationId: clientId, error: 'invalid_client' });
  });
});
