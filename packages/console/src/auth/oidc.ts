import * as oauth from 'oauth4webapi';
import { CALLBACK_PATH, CONSOLE_PATH, ownAddress } from './addresses';
import type { ConsoleConfig } from './config';
import { SignInFailed } from './failure';
import { pendingSignIn, signedOut } from './storage';
import { SignInRequired, type Tokens } from './tokens';

/** The console as an OpenID Connect relying party: public client, code flow with PKCE, tokens in memory. */
export interface OidcClient {
  readonly config: ConsoleConfig;
  /** Leaves the page for the sign-in page. */
  readonly begin: (returnTo: string) => Promise<void>;
  /** @throws SignInFailed or an error of oauth4webapi */
  readonly complete: (callback: URL) => Promise<{ tokens: Tokens; returnTo: string }>;
  /** @throws SignInRequired when the server no longer takes the refresh token */
  readonly renew: (refreshToken: string, previous: Tokens) => Promise<Tokens>;
  /** Leaves the page for the sign-out of OpenID Connect RP-Initiated Logout 1.0. */
  readonly end: (tokens: Tokens) => Promise<void>;
}

export function createOidcClient(config: ConsoleConfig): OidcClient {
  const client: oauth.Client = { client_id: config.clientId };
  const redirectUri = location.origin + CALLBACK_PATH;
  const issuer = new URL(config.issuer);
  // Plain http is for trying Keyrealm on one's own machine, where this page itself came over it too.
  const options = {
    [oauth.allowInsecureRequests]: issuer.protocol === 'http:' && location.protocol === 'http:',
  };
  let discovered: Promise<oauth.AuthorizationServer> | undefined;

  const server = (): Promise<oauth.AuthorizationServer> => {
    discovered ??= oauth
      .discoveryRequest(issuer, { ...options, algorithm: 'oidc' })
      .then((response) => oauth.processDiscoveryResponse(issuer, response));
    return discovered;
  };

  return {
    config,
    begin: async (returnTo) => {
      const url = await authorizationUrl(await server(), config, redirectUri, returnTo);
      signedOut.clear();
      location.assign(url);
    },
    complete: async (callback) => {
      const pending = pendingSignIn.read();
      pendingSignIn.clear();
      if (pending === undefined) throw new SignInFailed(NOT_STARTED_HERE);
      const as = await server();
      const parameters = oauth.validateAuthResponse(as, client, callback, pending.state);
      const response = await oauth.authorizationCodeGrantRequest(
        as,
        client,
        oauth.None(),
        parameters,
        redirectUri,
        pending.codeVerifier,
        options,
      );
      const answer = await oauth.processAuthorizationCodeResponse(as, client, response, {
        expectedNonce: pending.nonce,
        requireIdToken: true,
      });
      return { tokens: toTokens(answer), returnTo: ownAddress(pending.returnTo, location.origin) };
    },
    renew: async (refreshToken, previous) => {
      const as = await server();
      const response = await oauth.refreshTokenGrantRequest(as, client, oauth.None(), refreshToken, options);
      try {
        return toTokens(await oauth.processRefreshTokenResponse(as, client, response), previous);
      } catch (error) {
        if (error instanceof oauth.ResponseBodyError && error.status < 500) throw new SignInRequired(error);
        throw error;
      }
    },
    end: async (tokens) => {
      const as = await server();
      await revoke(as, client, tokens, options);
      signedOut.set();
      location.assign(endSessionUrl(as, config, tokens));
    },
  };
}

const NOT_STARTED_HERE = {
  title: 'The sign-in could not be finished',
  message: 'It was not started in this tab, or it was finished before.',
  correlationId: undefined,
};

async function authorizationUrl(
  as: oauth.AuthorizationServer,
  config: ConsoleConfig,
  redirectUri: string,
  returnTo: string,
): Promise<string> {
  const pending = {
    tenantId: config.tenantId,
    state: oauth.generateRandomState(),
    nonce: oauth.generateRandomNonce(),
    codeVerifier: oauth.generateRandomCodeVerifier(),
    returnTo,
  };
  pendingSignIn.write(pending);
  const url = endpoint(as, 'authorization_endpoint');
  url.search = new URLSearchParams({
    client_id: config.clientId,
    response_type: 'code',
    redirect_uri: redirectUri,
    scope: config.scopes.join(' '),
    state: pending.state,
    nonce: pending.nonce,
    code_challenge: await oauth.calculatePKCECodeChallenge(pending.codeVerifier),
    code_challenge_method: 'S256',
  }).toString();
  return url.href;
}

/** The session ends at the server in any case, so a revocation that fails must not keep anyone signed in. */
async function revoke(
  as: oauth.AuthorizationServer,
  client: oauth.Client,
  tokens: Tokens,
  options: oauth.RevocationRequestOptions,
): Promise<void> {
  if (as.revocation_endpoint === undefined || tokens.refreshToken === undefined) return;
  await oauth
    .revocationRequest(as, client, oauth.None(), tokens.refreshToken, options)
    .catch(() => undefined);
}

function endSessionUrl(as: oauth.AuthorizationServer, config: ConsoleConfig, tokens: Tokens): string {
  if (as.end_session_endpoint === undefined) return CONSOLE_PATH;
  const url = new URL(as.end_session_endpoint);
  url.searchParams.set('client_id', config.clientId);
  url.searchParams.set('post_logout_redirect_uri', location.origin + CONSOLE_PATH);
  if (tokens.idToken !== undefined) url.searchParams.set('id_token_hint', tokens.idToken);
  return url.href;
}

function endpoint(as: oauth.AuthorizationServer, name: 'authorization_endpoint'): URL {
  const address = as[name];
  if (address === undefined) throw new Error(`The server's discovery document has no ${name}.`);
  return new URL(address);
}

function toTokens(answer: oauth.TokenEndpointResponse, previous?: Tokens): Tokens {
  return {
    accessToken: answer.access_token,
    refreshToken: answer.refresh_token ?? previous?.refreshToken,
    idToken: answer.id_token ?? previous?.idToken,
    expiresAt: Date.now() + (answer.expires_in ?? 300) * 1000,
  };
}
