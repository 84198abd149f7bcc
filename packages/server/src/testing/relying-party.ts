import * as client from 'openid-client';
import type { RealmCtx } from '../kernel/context.js';
import type { TestApp } from './app.js';
import { type Browser, createBrowser } from './browser.js';
import { type Person, signIn } from './people.js';

const REDIRECT = 'http://localhost:9999/callback';

/** An application of the realm that signs people in, with a real client library. */
export async function createRelyingParty(test: TestApp, realm: RealmCtx, input: object = {}) {
  const { application, secret } = await test.services.applications.create(realm, {
    displayName: 'Shop',
    type: 'CONFIDENTIAL',
    grantTypes: ['authorization_code', 'refresh_token'],
    redirectUris: [REDIRECT],
    ...input,
  });
  const issuer = new URL(`${test.url}/realms/${realm.realm.id}`);
  const config = await client.discovery(
    issuer,
    application.id,
    undefined,
    client.ClientSecretBasic(secret ?? ''),
    { execute: [client.allowInsecureRequests] },
  );

  async function begin(extra: Record<string, string> = {}) {
    const verifier = client.randomPKCECodeVerifier();
    const nonce = client.randomNonce();
    const url = client.buildAuthorizationUrl(config, {
      redirect_uri: REDIRECT,
      scope: 'openid profile email',
      code_challenge: await client.calculatePKCECodeChallenge(verifier),
      code_challenge_method: 'S256',
      state: 'state',
      nonce,
      ...extra,
    });
    /** @throws ResponseBodyError, or AuthorizationResponseError with the error that the location carries */
    const redeem = (location: URL, checks: { maxAge?: number } = {}) =>
      client.authorizationCodeGrant(config, location, {
        pkceCodeVerifier: verifier,
        expectedNonce: nonce,
        expectedState: 'state',
        ...checks,
      });
    return { url, redeem };
  }

  return {
    id: application.id,
    config,
    begin,

    /** The whole way for a person in a browser, from the application to its tokens. */
    async signIn(person: Person, browser: Browser = createBrowser(), extra: Record<string, string> = {}) {
      const { url, redeem } = await begin(extra);
      const { location, refused } = await signIn(browser, url, person.authenticator);
      if (!location) throw new Error(JSON.stringify(refused));
      return { browser, tokens: await redeem(location) };
    },
  };
}

export type RelyingParty = Awaited<ReturnType<typeof createRelyingParty>>;
