import { spawn } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import autocannon from 'autocannon';
import { freePort, startServer } from './server.ts';

const SECONDS = 6;
const CONNECTIONS = 32;

/** Client-credentials tokens a second, beside a bare endpoint with the same checks on the same database. */
export async function benchClientCredentials(): Promise<string[]> {
  const server = await startServer();
  const tenant = server.cli('tenant', 'create', '--name', 'Bench', '--admin-email', 'a@b.example');
  const { clientId = '', clientSecret = '', tokenEndpoint = '' } = tenant.managementApi;
  const body = new URLSearchParams({
    grant_type: 'client_credentials',
    client_id: clientId,
    client_secret: clientSecret,
    scope: 'realms:read',
  }).toString();
  const port = await freePort();
  const bare = spawn(
    process.execPath,
    [
      fileURLToPath(new URL('bare.ts', import.meta.url)),
      String(port),
      server.databaseUrl(),
      tenant.adminRealmId ?? '',
    ],
    { stdio: ['ignore', 'ignore', 'inherit'] },
  );
  await sleep(1_500);
  const ours = await rate(tokenEndpoint, body);
  const theirs = await rate(`http://127.0.0.1:${port}/token`, body);
  bare.kill();
  await server.stop();
  return [
    `client credentials               ${ours.toFixed(0)} tokens/s`,
    `bare endpoint, same checks       ${theirs.toFixed(0)} tokens/s`,
    `ratio                            ${(ours / theirs).toFixed(2)}     (aim: at least 0.50)`,
  ];
}

async function rate(url: string, body: string): Promise<number> {
  const options = {
    url,
    method: 'POST' as const,
    body,
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    connections: CONNECTIONS,
  };
  await autocannon({ ...options, duration: 2 });
  const result = await autocannon({ ...options, duration: SECONDS });
  if (result.non2xx > 0 || result.errors > 0)
    throw new Error(`${url}: ${result.non2xx} answers were not 200`);
  return result.requests.average;
}
