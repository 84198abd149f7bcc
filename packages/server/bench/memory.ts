import { readFileSync } from 'node:fs';
import { get, request } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { type BenchOptions, type LargeRealm, openLargeRealm } from './realm.ts';

const IMPORT_MS = 240_000;

interface Run {
  readonly what: string;
  readonly seconds: number;
  readonly count: number;
  /** Resident megabytes of the server: before, highest, and in the second half at least and at most. */
  readonly before: number;
  readonly highest: number;
  readonly late: readonly [number, number];
}

/** What the server needs while a whole large directory is listed, written to a file and read from one. */
export async function benchMemory(options: BenchOptions): Promise<string[]> {
  const realm = await openLargeRealm(options);
  try {
    const runs = [
      await watched(realm, 'listed by cursor over SCIM', () => listed(realm)),
      await watched(realm, 'exported as NDJSON', () => exported(realm, 'ndjson')),
      await watched(realm, 'exported as CSV', () => exported(realm, 'csv')),
      await watched(realm, 'imported from CSV, dry', () => imported(realm)),
    ];
    return [
      ...realm.report,
      `${'resident MB of the server'.padEnd(30)}${['identities', 'seconds', 'before', 'highest', 'late low', 'late high'].map((word) => word.padStart(11)).join('')}`,
      ...runs.map(
        ({ what, count, seconds, before, highest, late }) =>
          `${what.padEnd(30)}${[count, seconds, before, highest, ...late].map((figure) => figure.toFixed(0).padStart(11)).join('')}`,
      ),
    ];
  } finally {
    await realm.close();
  }
}

async function watched(realm: LargeRealm, what: string, action: () => Promise<number>): Promise<Run> {
  const pid = realm.server.process.pid ?? 0;
  const before = residentOf(pid);
  const seen: number[] = [];
  const timer = setInterval(() => void seen.push(residentOf(pid)), 250);
  const started = performance.now();
  const count = await action();
  const seconds = (performance.now() - started) / 1_000;
  clearInterval(timer);
  const late = seen.slice(Math.floor(seen.length / 2));
  return {
    ...{ what, seconds, count, before },
    highest: Math.max(...seen),
    late: [Math.min(...late), Math.max(...late)],
  };
}

const residentOf = (pid: number): number =>
  Number(/^VmRSS:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0) / 1024;

async function listed(realm: LargeRealm): Promise<number> {
  let count = 0;
  for (let cursor: string | undefined = ''; cursor !== undefined; ) {
    const path = `/Users?count=200&cursor=${encodeURIComponent(cursor)}`;
    const { status, body } = await realm.scim('GET', path);
    if (status !== 200) throw new Error(body);
    const page = JSON.parse(body) as { Resources?: unknown[]; nextCursor?: string };
    count += page.Resources?.length ?? 0;
    cursor = page.nextCursor;
  }
  return count;
}

/** Reads the file as it comes, and counts its lines. */
function exported(realm: LargeRealm, format: 'csv' | 'ndjson'): Promise<number> {
  return new Promise((done, failed) => {
    const path = `/realms/${realm.realmId}/directory-export?format=${format}`;
    const headers = { authorization: `Bearer ${realm.token}` };
    get(`${realm.server.url}${path}`, { headers }, (response) => {
      let lines = format === 'csv' ? -1 : 0;
      response.on('data', (chunk: Buffer) => {
        for (const byte of chunk) if (byte === 10) lines += 1;
      });
      response.on('end', () =>
        response.statusCode === 200 ? done(lines) : failed(new Error(`${response.statusCode}`)),
      );
      response.on('error', failed);
    }).on('error', failed);
  });
}

const CREATE = `mutation ($input: CreateDirectoryImportInput!) { createDirectoryImport(input: $input) {
  directoryImport { id } errors { message } } }`;
const CANCEL = `mutation ($input: DirectoryImportActionInput!) { cancelDirectoryImport(input: $input) {
  directoryImport { id } errors { message } } }`;
const CHECK = `mutation ($input: DirectoryImportActionInput!) { checkDirectoryImport(input: $input) {
  directoryImport { id } errors { message } } }`;
const READ = `query ($realmId: ID!, $id: ID!) { realm(id: $realmId) { directoryImport(id: $id) {
  status processed failed } } }`;

/**
 * As many lines as the realm has identities, of people who are not there yet; run dry, so that it can be done again, and for
 * a few minutes at most.
 */
async function imported(realm: LargeRealm): Promise<number> {
  const realmId = realm.realmId;
  const made = await realm.graphql<{ createDirectoryImport: { directoryImport: { id: string } } }>(CREATE, {
    input: { realmId, name: 'Large', format: 'CSV', mode: 'CREATE' },
  });
  const { id } = made.data.createDirectoryImport.directoryImport;
  await upload(realm, `/realms/${realmId}/imports/${id}/file`);
  await realm.graphql(CHECK, { input: { realmId, importId: id } });
  const until = performance.now() + IMPORT_MS;
  for (;;) {
    await sleep(1_000);
    const { data } = await realm.graphql<{
      realm: { directoryImport: { status: string; processed: number; failed: number } };
    }>(READ, { realmId, id });
    const { status, processed, failed } = data.realm.directoryImport;
    if (failed > 0) throw new Error(`${failed} lines of the import failed`);
    if (status === 'CHECKED') return processed;
    if (status !== 'CHECKING') throw new Error(`the import is ${status}`);
    if (performance.now() < until) continue;
    await realm.graphql(CANCEL, { input: { realmId, importId: id } });
    return processed;
  }
}

function upload(realm: LargeRealm, path: string): Promise<void> {
  return new Promise((done, failed) => {
    const headers = { authorization: `Bearer ${realm.token}`, 'content-type': 'text/csv' };
    const sent = request(`${realm.server.url}${path}`, { method: 'PUT', headers }, (response) => {
      response.resume();
      response.on('end', () =>
        response.statusCode === 200 ? done() : failed(new Error(`${response.statusCode}`)),
      );
    });
    sent.on('error', failed);
    sent.write('username,displayName,givenName,familyName,email\r\n');
    let n = 0;
    const more = (): void => {
      while (n < realm.size.identities) {
        n += 1;
        const line = `import-${n}@corp.example,Given Family ${n},Given,Family ${n},import-${n}@corp.example\r\n`;
        if (!sent.write(line)) {
          sent.once('drain', more);
          return;
        }
      }
      sent.end();
    };
    more();
  });
}
