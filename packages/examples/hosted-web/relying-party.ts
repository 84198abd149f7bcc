import { randomBytes } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import * as oidc from 'openid-client';

export interface RelyingPartyOptions {
  /** Address of the realm; plain http is accepted on localhost alone. */
  readonly issuer: string;
  readonly clientId: string;
  /** Absent for a public application. */
  readonly clientSecret?: string;
  /** Part of the redirect URI, so that it has to be registered with it; 3000 unless said. */
  readonly port?: number;
}

export interface RelyingParty {
  readonly url: string;
  close(): Promise<void>;
}

interface Pending {
  readonly verifier: string;
  readonly state: string;
  readonly nonce: string;
}

interface Session {
  pending?: Pending;
  signedIn?: { readonly idToken: string; readonly refreshToken: string | undefined; readonly claims: object };
}

const COOKIE = 'shop_session';
const DEFAULT_PORT = 3000;

/**
 * A small web application whose people sign in with Keyrealm: what a relying party needs, and nothing more.
 * @throws Error when the issuer can't be reached or is not what it says
 */
export async function startRelyingParty(options: RelyingPartyOptions): Promise<RelyingParty> {
  const issuer = new URL(options.issuer);
  const local = issuer.protocol === 'http:' && issuer.hostname === 'localhost';
  const authentication =
    options.clientSecret === undefined ? oidc.None() : oidc.ClientSecretBasic(options.clientSecret);
  const config = await oidc.discovery(issuer, options.clientId, undefined, authentication, {
    // Plain http is for a Keyrealm on this machine only.
    execute: local ? [oidc.allowInsecureRequests] : [],
  });
  const sessions = new Map<string, Session>();
  const port = options.port ?? DEFAULT_PORT;
  const url = `http://localhost:${port}`;

  async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const at = new URL(request.url ?? '/', url);
    const id = idOf(request);
    const session = sessions.get(id) ?? {};
    if (at.pathname === '/login') return redirect(response, await begin(keep(response, id, session)));
    if (at.pathname === '/callback') return finish(keep(response, id, session), at, response);
    if (at.pathname === '/refresh') return refresh(session, response);
    if (at.pathname === '/logout') return redirect(response, signOut(id, session));
    if (at.pathname === '/') return page(response, 200, home(session));
    return page(response, 404, '<h1>Not found</h1>');
  }

  /** Under a new name at each step of a sign-in: whoever planted or saw the old one has nothing. */
  function keep(response: ServerResponse, id: string, session: Session): Session {
    const fresh = randomBytes(24).toString('base64url');
    sessions.delete(id);
    sessions.set(fresh, session);
    response.setHeader('set-cookie', `${COOKIE}=${fresh}; Path=/; HttpOnly; SameSite=Lax`);
    return session;
  }

  async function begin(session: Session): Promise<URL> {
    const pending = {
      verifier: oidc.randomPKCECodeVerifier(),
      state: oidc.randomState(),
      nonce: oidc.randomNonce(),
    };
    session.pending = pending;
    return oidc.buildAuthorizationUrl(config, {
      redirect_uri: `${url}/callback`,
      scope: 'openid profile email',
      code_challenge: await oidc.calculatePKCECodeChallenge(pending.verifier),
      code_challenge_method: 'S256',
      state: pending.state,
      nonce: pending.nonce,
    });
  }

  async function finish(session: Session, at: URL, response: ServerResponse): Promise<void> {
    const { pending } = session;
    delete session.pending;
    if (!pending) return page(response, 400, '<h1>This sign-in was not begun here</h1>');
    try {
      const tokens = await oidc.authorizationCodeGrant(config, at, {
        pkceCodeVerifier: pending.verifier,
        expectedState: pending.state,
        expectedNonce: pending.nonce,
        idTokenExpected: true,
      });
      const claims = tokens.claims();
      const userinfo = await oidc.fetchUserInfo(config, tokens.access_token, claims?.sub ?? '');
      session.signedIn = {
        idToken: tokens.id_token ?? '',
        refreshToken: tokens.refresh_token,
        claims: { ...claims, ...userinfo },
      };
      return redirect(response, new URL(url));
    } catch (error) {
      return page(response, 400, `<h1>Sign-in failed</h1><p>${escaped(messageOf(error))}</p>`);
    }
  }

  /** Asks for new tokens, as an application does in the background. */
  async function refresh(session: Session, response: ServerResponse): Promise<void> {
    const { signedIn } = session;
    if (signedIn?.refreshToken === undefined) return page(response, 400, '<h1>Nothing to refresh</h1>');
    try {
      const tokens = await oidc.refreshTokenGrant(config, signedIn.refreshToken);
      session.signedIn = { ...signedIn, refreshToken: tokens.refresh_token ?? signedIn.refreshToken };
      return page(response, 200, '<h1>Refreshed</h1>');
    } catch (error) {
      delete session.signedIn;
      return page(response, 401, `<h1>Signed out</h1><p>${escaped(messageOf(error))}</p>`);
    }
  }

  /** Here first; then the browser goes to Keyrealm, which ends the session there (OpenID Connect RP-Initiated Logout). */
  function signOut(id: string, { signedIn }: Session): URL {
    sessions.delete(id);
    return oidc.buildEndSessionUrl(config, {
      post_logout_redirect_uri: `${url}/`,
      ...(signedIn ? { id_token_hint: signedIn.idToken } : {}),
    });
  }

  const server = createServer((request, response) => {
    handle(request, response).catch(() => page(response, 500, '<h1>Something went wrong</h1>'));
  });
  await listen(server, port);
  return { url, close: () => close(server) };
}

const idOf = (request: IncomingMessage): string =>
  new RegExp(`(?:^|; )${COOKIE}=([\\w-]+)`).exec(request.headers.cookie ?? '')?.[1] ?? '';

function home(session: Session): string {
  if (!session.signedIn) return '<h1>Example shop</h1><p><a href="/login">Sign in</a></p>';
  const rows = Object.entries(session.signedIn.claims)
    .map(
      ([name, value]) => `<tr><th scope="row">${escaped(name)}</th><td>${escaped(textOf(value))}</td></tr>`,
    )
    .join('');
  return `<h1>Signed in</h1><table>${rows}</table><p><a href="/logout">Sign out</a></p>`;
}

function page(response: ServerResponse, status: number, body: string): void {
  response.writeHead(status, {
    'content-type': 'text/html; charset=utf-8',
    'content-security-policy': "default-src 'none'; style-src 'unsafe-inline'",
  });
  response.end(
    `<!doctype html><html lang="en"><title>Example shop</title><style>body{font:1rem/1.5 system-ui;margin:3rem}th{text-align:left;padding-right:2rem}</style>${body}</html>`,
  );
}

function redirect(response: ServerResponse, to: URL): void {
  response.writeHead(303, { location: to.href });
  response.end();
}

const textOf = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value));

const escaped = (text: string): string =>
  text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);

/** The error code of the server where there is one: its sentence may be meant for the developer. */
function messageOf(error: unknown): string {
  const code: unknown = Reflect.get(Object(error), 'error');
  if (typeof code === 'string') return code;
  return error instanceof Error ? error.message : 'unknown';
}

const listen = (server: Server, port: number): Promise<void> =>
  new Promise((done, fail) => {
    server.once('error', fail);
    server.listen(port, '127.0.0.1', () => done());
  });

const close = (server: Server): Promise<void> =>
  new Promise((done) => {
    server.close(() => done());
    server.closeAllConnections();
  });
