import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { newId } from './kernel/ids.js';
import { ALL_SCOPES, type Scope } from './kernel/permissions.js';
import { PREDEFINED_ROLES } from './modules/roles/predefined.js';
import { buildTestApp, facts, type TestApp } from './testing/app.js';
import { type RouteRow, refusedTokens, routesOf } from './testing/authorization.js';

const REALM = '/realms/:realmId';

/** A token of the Management API, and what it must carry. */
const GUARDED: readonly (readonly [pattern: RegExp, scopes: readonly Scope[]])[] = [
  [/^\/realms\/:realmId\/scim\/v2/, ['scim:all']],
  [/^\/realms\/:realmId\/imports\/:importId\/file$/, ['identities:create']],
  [/^\/realms\/:realmId\/directory-export$/, ['identities:read']],
  [/^\/realms\/:realmId\/credentials\/export$/, ['credentials:read', 'identities:read']],
];

/** The same for everybody: pages before anything is shown in them, and what is public by its nature. */
const PUBLIC: readonly string[] = [
  'GET /',
  'GET /healthz',
  'GET /readyz',
  'GET /.well-known/webauthn',
  'GET /.well-known/keyrealm-domain',
  'GET /.well-known/oauth-authorization-server/realms/:realmId',
  `GET ${REALM}/.well-known/openid-configuration`,
  `GET ${REALM}/.well-known/oauth-authorization-server`,
  `GET ${REALM}/jwks`,
  `GET ${REALM}/theme/logos/:digest`,
  `GET ${REALM}/sign-in/:uid`,
  `GET ${REALM}/sign-up`,
  `GET ${REALM}/recover`,
  `GET ${REALM}/recover/stop`,
  `GET ${REALM}/account`,
  `GET ${REALM}/bind`,
  `GET ${REALM}/logout`,
  `GET ${REALM}/logout/success`,
  'GET /console',
  'GET /console/',
  'GET /console/config.json',
  'GET /console/*',
  'OPTIONS *',
  'OPTIONS /*',
  `OPTIONS ${REALM}/token`,
  `OPTIONS ${REALM}/userinfo`,
];

/** Each field has a row of its own in the table of GraphQL. */
const GRAPHQL = 'POST /graphql';

/** What ask for a proof of their own: a code, a secret, a cookie, a link, a passkey. */
const PROOF = new RegExp(
  `^(GET|POST) ${REALM}/(authorize(/:uid)?|token|introspect|revoke|userinfo|logout(/confirm)?|recovery/[a-z]+|account/.+|passkeys/.+)$`,
);

const keyOf = ({ method, url }: RouteRow) => `${method} ${url}`;

describe('the authorization table of the other routes', () => {
  let test: TestApp;
  let realmId: string;
  let routes: RouteRow[];
  beforeAll(async () => {
    test = await buildTestApp();
    realmId = (await test.services.realms.create(await test.caller(), { displayName: 'Shop' })).id;
    routes = routesOf(test.app);
  });
  afterAll(() => test.close());

  const scopesOf = ({ url }: RouteRow) => GUARDED.find(([pattern]) => pattern.test(url))?.[1];
  const guarded = () => routes.filter((row) => scopesOf(row) !== undefined);

  async function ask({ method, url }: RouteRow, token?: string): Promise<number> {
    const at = url
      .replace(':realmId', realmId)
      .replace(/:[a-zA-Z]+/g, () => newId())
      .replace(/\/?\*$/, '/x');
    const scim = url.includes('/scim/');
    const body = ['POST', 'PUT', 'PATCH', 'QUERY'].includes(method);
    const answer = await test.app.inject({
      method: method as 'GET',
      url: url.endsWith('export') ? `${at}?format=csv` : at,
      headers: {
        ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
        ...(body ? { 'content-type': scim ? 'application/scim+json' : 'application/json' } : {}),
      },
      ...(body ? { payload: '{}' } : {}),
    });
    return answer.statusCode;
  }

  async function wrongCells(
    rows: readonly RouteRow[],
    token: string | undefined,
    right: (status: number, row: RouteRow) => boolean,
  ): Promise<string[]> {
    const wrong: string[] = [];
    for (const row of rows) {
      const status = await ask(row, token);
      if (!right(status, row)) wrong.push(`${keyOf(row)}: ${status}`);
    }
    return wrong;
  }

  /** 501 is the answer of SCIM to a machine that asks for itself. */
  const passed = (status: number) => status !== 401 && status !== 403 && (status < 500 || status === 501);

  it('has a row for each route, and each row a route', () => {
    const known = (row: RouteRow) => {
      const key = keyOf(row);
      return scopesOf(row) !== undefined || PUBLIC.includes(key) || PROOF.test(key) || key === GRAPHQL;
    };
    expect(routes.filter((row) => !known(row)).map(keyOf)).toEqual([]);
    const keys = new Set(routes.map(keyOf));
    const missing = PUBLIC.filter((key) => !keys.has(key)).filter((key) => !key.startsWith('OPTIONS '));
    expect(missing).toEqual([]);
    for (const [pattern] of GUARDED) expect(routes.some(({ url }) => pattern.test(url))).toBe(true);
    expect(routes.length).toBeGreaterThan(90);
  });

  it('answers nobody without a token, or with one that expired, was revoked or is of another realm', async () => {
    const tokens = { ...(await refusedTokens(test, realmId)), missing: undefined };
    for (const [kind, token] of Object.entries(tokens)) {
      const wrong = await wrongCells(guarded(), token, (status) => status === 401);
      expect([kind, ...wrong]).toEqual([kind]);
    }
  });

  it('has nothing of one tenant for another, whatever that holds', async () => {
    const other = await test.services.tenants.create(facts(), { name: 'Other', adminEmail: 'x@example.com' });
    const body = new URLSearchParams({
      grant_type: 'client_credentials',
      client_id: other.managementApi.clientId,
      client_secret: other.managementApi.clientSecret,
    });
    const answer = await test.app.inject({
      method: 'POST',
      url: `/realms/${other.adminRealmId}/token`,
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      payload: body.toString(),
    });
    expect(answer.statusCode).toBe(200);
    const wrong = await wrongCells(guarded(), answer.json().access_token, (status) => status === 404);
    expect(wrong).toEqual([]);
  });

  it.each(PREDEFINED_ROLES.map((role) => [role.displayName, role.scopes] as const))(
    'lets a %s do what the role says and nothing else',
    async (_name, scopes) => {
      const wrong = await wrongCells(guarded(), await test.apiToken(scopes), (status, row) =>
        scopesOf(row)?.every((scope) => scopes.includes(scope)) ? passed(status) : status === 403,
      );
      expect(wrong).toEqual([]);
    },
  );

  it('asks for exactly the scopes of a row: they are enough, and each of them is needed', async () => {
    for (const [pattern, scopes] of GUARDED) {
      const rows = routes.filter(({ url }) => pattern.test(url));
      expect(await wrongCells(rows, await test.apiToken(scopes), passed)).toEqual([]);
      for (const scope of scopes) {
        const weak = await test.apiToken(ALL_SCOPES.filter((one) => one !== scope));
        expect(await wrongCells(rows, weak, (status) => status === 403)).toEqual([]);
      }
    }
  });

  it('opens nothing that asks for a proof of its own to who brings none, not to the most powerful token either', async () => {
    const rows = routes.filter((row) => PROOF.test(keyOf(row)) && !PUBLIC.includes(keyOf(row)));
    for (const token of [undefined, await test.apiToken()]) {
      const wrong = await wrongCells(rows, token, (status) => status >= 300 && status < 500);
      expect(wrong).toEqual([]);
    }
  });

  it('shows what is public alike to everybody', async () => {
    const rows = routes.filter((row) => PUBLIC.includes(keyOf(row)));
    const token = await test.apiToken();
    for (const row of rows) {
      const [bare, known] = [await ask(row), await ask(row, token)];
      expect([keyOf(row), known]).toEqual([keyOf(row), bare]);
      expect(bare).toBeLessThan(500);
    }
  });
});
