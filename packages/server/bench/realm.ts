import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { Agent, request } from 'node:http';
import { join } from 'node:path';
import pg from 'pg';
import { type Measure, measureOn } from './measure.ts';
import { type SeedSize, seed } from './seed.ts';
import { type BenchServer, startServer } from './server.ts';

export interface BenchOptions {
  readonly size: SeedSize;
  /** Kept afterwards and used again by the next run; without one everything is made anew and removed. */
  readonly dataDir: string | undefined;
}

export interface Answer {
  readonly status: number;
  readonly body: string;
  /** Milliseconds from the first byte sent to the last received, on a connection that stays open. */
  readonly took: number;
}

interface Known {
  readonly tenantId: string;
  readonly realmId: string;
  readonly size: SeedSize;
}

export interface LargeRealm extends Known {
  readonly token: string;
  readonly server: BenchServer;
  readonly database: pg.Client;
  readonly report: string[];
  readonly measure: Measure;
  send(method: string, path: string, body?: unknown): Promise<Answer>;
  /** @param body is sent as it is */
  scimRaw(method: string, path: string, body?: string): Promise<Answer>;
  /** @param path below the realm's SCIM address */
  scim(method: string, path: string, body?: unknown): Promise<Answer>;
  graphql<T>(query: string, variables: object): Promise<{ data: T; took: number }>;
  close(): Promise<void>;
}

const SCOPES = [
  ...[
    'scim:all',
    'realms:create',
    'realms:read',
    'identities:read',
    'identities:create',
    'identities:update',
  ],
  ...['identities:delete', 'groups:read', 'groups:create', 'groups:update', 'groups:delete', 'events:read'],
].join(' ');

/** A built server with a realm of this size in it; seeded where the data directory does not hold it yet. */
export async function openLargeRealm({ size, dataDir }: BenchOptions): Promise<LargeRealm> {
  if (dataDir !== undefined) mkdirSync(dataDir, { recursive: true });
  const server = await startServer(dataDir === undefined ? {} : { dataDir });
  const report: string[] = [];
  const known = knownOf(server, size) ?? (await make(server, size, report));
  const database = new pg.Client({ connectionString: server.databaseUrl() });
  await database.connect();
  const agent = new Agent({ keepAlive: true, maxSockets: 64 });
  const token = mint(server, known.tenantId);
  const { send, scim, scimRaw, graphql } = clientOf(server.url, known.realmId, token, agent);
  return {
    ...known,
    token,
    server,
    database,
    report,
    measure: measureOn(server.process.pid ?? 0),
    send,
    scim,
    scimRaw,
    graphql,
    async close() {
      agent.destroy();
      await database.end();
      await server.stop(dataDir !== undefined);
    },
  };
}

const noteOf = (server: BenchServer): string => join(server.dataDir, 'bench-realm.json');

function knownOf(server: BenchServer, size: SeedSize): Known | undefined {
  if (!existsSync(noteOf(server))) return undefined;
  const known = JSON.parse(readFileSync(noteOf(server), 'utf8')) as Known;
  const same = known.size.identities === size.identities && known.size.groups === size.groups;
  if (!same) throw new Error(`${server.dataDir} holds a realm of ${known.size.identities} identities`);
  return known;
}

/** A token names the address of its server, which is another each time; its name makes it the same client. */
function mint(server: BenchServer, tenantId: string): string {
  const words = ['api-token', 'create', '--tenant', tenantId, '--scopes', SCOPES, '--name', 'bench'];
  return server.cli(...words, '--replace').token ?? '';
}

async function make(server: BenchServer, size: SeedSize, report: string[]): Promise<Known> {
  const { tenantId = '' } = server.cli('tenant', 'create', '--name', 'Bench', '--admin-email', 'a@b.example');
  const token = mint(server, tenantId);
  const agent = new Agent({ keepAlive: true });
  const { graphql } = clientOf(server.url, '', token, agent);
  const made = await graphql<{ createRealm: { realm: { id: string } } }>(
    'mutation { createRealm(input: { displayName: "Large" }) { realm { id } } }',
    {},
  );
  const realmId = made.data.createRealm.realm.id;
  await clientOf(server.url, realmId, token, agent).scim('GET', '/Users?count=1');
  agent.destroy();
  const clientId = await ownClient(server, realmId);
  await seed(server.databaseUrl(), realmId, clientId, size, (line) => void report.push(line));
  const known = { tenantId, realmId, size };
  writeFileSync(noteOf(server), JSON.stringify(known));
  return known;
}

/** The provisioning client that the first request made the token known as: it may change what it owns. */
async function ownClient(server: BenchServer, realmId: string): Promise<string | null> {
  const client = new pg.Client({ connectionString: server.databaseUrl() });
  await client.connect();
  const { rows } = await client.query<{ id: string }>(
    'select id from provisioning_clients where realm_id = $1',
    [realmId],
  );
  await client.end();
  return rows[0]?.id ?? null;
}

function clientOf(url: string, realmId: string, token: string, agent: Agent) {
  const raw = (method: string, path: string, payload: string | undefined): Promise<Answer> =>
    new Promise((done, failed) => {
      const started = performance.now();
      const sent = request(
        `${url}${path}`,
        {
          method,
          agent,
          headers: {
            authorization: `Bearer ${token}`,
            ...(payload === undefined
              ? {}
              : { 'content-type': 'application/json', 'content-length': Buffer.byteLength(payload) }),
          },
        },
        (response) => {
          const chunks: Buffer[] = [];
          response.on('data', (chunk: Buffer) => void chunks.push(chunk));
          response.on('end', () =>
            done({
              status: response.statusCode ?? 0,
              body: Buffer.concat(chunks).toString(),
              took: performance.now() - started,
            }),
          );
          response.on('error', failed);
        },
      );
      sent.on('error', failed);
      sent.end(payload);
    });
  const send: LargeRealm['send'] = (method, path, body) =>
    raw(method, path, body === undefined ? undefined : JSON.stringify(body));
  return {
    send,
    scimRaw: (method: string, path: string, body?: string) =>
      raw(method, `/realms/${realmId}/scim/v2${path}`, body),
    scim: (method: string, path: string, body?: unknown) =>
      send(method, `/realms/${realmId}/scim/v2${path}`, body),
    async graphql<T>(query: string, variables: object) {
      const answer = await send('POST', '/graphql', { query, variables });
      const parsed = JSON.parse(answer.body) as { data: T; errors?: unknown };
      if (parsed.errors) throw new Error(JSON.stringify(parsed.errors));
      return { data: parsed.data, took: answer.took };
    },
  };
}

/** Fills a data directory, or the database of DATABASE_URL, and leaves it. */
export async function benchSeed(options: BenchOptions): Promise<string[]> {
  const realm = await openLargeRealm(options);
  const { rows } = await realm.database.query<{ size: string }>(
    'select pg_size_pretty(pg_database_size(current_database())) as size',
  );
  await realm.close();
  return [...realm.report, `the database holds ${rows[0]?.size}`, `realm ${realm.realmId}`];
}
