import { createServer } from 'node:net';
import type { FastifyInstance } from 'fastify';
import { pino } from 'pino';
import { buildApp } from '../app.js';
import type { Config } from '../config.js';
import type { Ctx, RealmCtx, RequestFacts } from '../kernel/context.js';
import { newId } from '../kernel/ids.js';
import { ALL_SCOPES, type Scope } from '../kernel/permissions.js';
import { createVault } from '../kernel/vault.js';
import type { MetadataTrust } from '../modules/authenticator-metadata/authenticator-metadata.types.js';
import type { CreatedTenant } from '../modules/tenants/tenants.service.js';
import { createServices, type Services } from '../services.js';
import { createTestDatabase, type TestDatabase } from './database.js';

export const PUBLIC_URL = 'http://localhost:8080';

export interface TestApp {
  readonly app: FastifyInstance;
  readonly url: string;
  readonly services: Services;
  readonly database: TestDatabase;
  /** The first tenant; its administrator has no passkey yet. */
  readonly tenant: CreatedTenant;
  /** What the server logged, line by line. */
  readonly logged: string[];
  /** The tenant's own machine with exactly these scopes, inside one realm; the Admin Realm unless said. */
  caller(scopes?: readonly Scope[], realmId?: string): Promise<RealmCtx>;
  /** An API token of the tenant with exactly these scopes. */
  apiToken(scopes?: readonly Scope[]): Promise<string>;
  graphql<T = Record<string, unknown>>(
    token: string | undefined,
    query: string,
    variables?: object,
  ): Promise<GraphAnswer<T>>;
  close(): Promise<void>;
}

export interface GraphAnswer<T> {
  readonly status: number;
  readonly data: T;
  readonly errors?: { message: string; extensions: { code: string } }[];
  readonly extensions?: { requestId: string };
}

export const facts = (): RequestFacts => ({
  requestId: newId(),
  correlationId: newId(),
  ip: '127.0.0.1',
  userAgent: 'Linux',
});

/** The whole server on a database of its own, for injected requests. */
export async function buildTestApp(
  options: {
    publicUrl?: string;
    connections?: number;
    anonymousPerMinute?: number;
    mail?: Config['mail'];
    metadataTrust?: MetadataTrust;
  } = {},
): Promise<TestApp> {
  const publicUrl = options.publicUrl ?? PUBLIC_URL;
  const database = await createTestDatabase(options.connections);
  const vault = createVault('a secret of more than thirty-two characters');
  const services = createServices({
    db: database.db,
    vault,
    config: { publicUrl, mail: options.mail },
    ...(options.metadataTrust ? { metadataTrust: options.metadataTrust } : {}),
  });
  const logged: string[] = [];
  const log = pino({ level: 'info' }, { write: (line: string) => void logged.push(line) });
  const page = '<script type="application/json" id="keyrealm-page">"__KEYREALM_PAGE__"</script>';
  const app = await buildApp({
    services,
    vault,
    publicUrl,
    trustProxy: false,
    bundles: { console: { template: '<title>Console</title>' }, hosted: { template: page } },
    log,
    ready: async () => true,
    ceremoniesPerMinute: 10_000,
    anonymousPerMinute: options.anonymousPerMinute ?? 100_000,
  });
  const tenant = await services.tenants.create(facts(), { name: 'Mine', adminEmail: 'me@example.com' });

  const caller = (scopes: readonly Scope[] = ALL_SCOPES, realmId = tenant.adminRealmId) =>
    services.realms.enter(machineOf(tenant, scopes), realmId);

  return {
    app,
    url: publicUrl,
    services,
    database,
    tenant,
    logged,
    caller,
    async apiToken(scopes = ALL_SCOPES) {
      const wanted = { name: 'Test', scopes: [...scopes], replace: true };
      const minted = await services.tokens.mint(await caller(), wanted);
      return minted.token;
    },
    async graphql(token, query, variables) {
      const response = await app.inject({
        method: 'POST',
        url: '/graphql',
        headers: {
          'content-type': 'application/json',
          ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
        },
        payload: JSON.stringify({ query, variables }),
      });
      return { status: response.statusCode, ...response.json() };
    },
    async close() {
      await app.close();
      await database.drop();
    },
  };
}

export const machineOf = (tenant: CreatedTenant, scopes: readonly Scope[]): Ctx => ({
  ...facts(),
  actor: {
    kind: 'APPLICATION',
    id: tenant.managementApi.clientId,
    realmId: tenant.adminRealmId,
    displayName: 'Machine',
  },
  tenantId: tenant.tenantId,
  grants: new Map(scopes.map((scope) => [scope, 'ALL'])),
});

/** The same, listening on a port of its own, for clients that need real HTTP. */
export async function listenTestApp(
  options: { connections?: number; anonymousPerMinute?: number; mail?: Config['mail'] } = {},
): Promise<TestApp> {
  const port = await freePort();
  const test = await buildTestApp({ ...options, publicUrl: `http://localhost:${port}` });
  await test.app.listen({ port, host: '127.0.0.1' });
  return test;
}

function freePort(): Promise<number> {
  return new Promise((done) => {
    const server = createServer();
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => done(typeof address === 'object' && address ? address.port : 0));
    });
  });
}
