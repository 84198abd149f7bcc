import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import {
  chownSync,
  closeSync,
  existsSync,
  mkdirSync,
  openSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:net';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { newSecret } from '../kernel/ids.js';
import { type Account, databaseAccount } from './embedded-account.js';
import { binaries } from './embedded-binaries.js';

export interface EmbeddedDatabase {
  readonly url: string;
  /** False when another Keyrealm process owns the running database; `stop` then does nothing. */
  readonly owned: boolean;
  stop(): Promise<void>;
}

interface Options {
  readonly dataDir: string;
  /** Extra settings of postgres, as `name=value`. */
  readonly settings?: readonly string[];
  readonly log: (line: string) => void;
}

interface Place {
  readonly cluster: string;
  readonly password: string;
  readonly lock: string;
}

const SMALL = [
  'shared_buffers=32MB',
  'max_connections=60',
  'listen_addresses=127.0.0.1',
  'unix_socket_directories=',
];

/**
 * A real PostgreSQL as a child process, its cluster under `dataDir/postgres`, reachable on the loopback only and with
 * a password that only this data directory knows.
 */
export async function startEmbedded(options: Options): Promise<EmbeddedDatabase> {
  const dir = resolve(options.dataDir);
  mkdirSync(dir, { recursive: true });
  const place = {
    cluster: join(dir, 'postgres'),
    password: join(dir, 'postgres.password'),
    lock: join(dir, 'keyrealm.pid'),
  };
  const owner = ownerOf(place);
  if (owner !== undefined) return attach(place, owner);
  if (!claim(place)) return attach(place, undefined);
  try {
    return await startOwned(place, options);
  } catch (error) {
    rmSync(place.lock, { force: true });
    throw error;
  }
}

async function startOwned(place: Place, options: Options): Promise<EmbeddedDatabase> {
  const account = databaseAccount();
  if (!existsSync(join(place.cluster, 'PG_VERSION'))) initialise(place, account);
  await endOrphan(place);
  const port = await freePort();
  const child = run(place, account, port, options);
  const url = urlOf(place, port);
  await untilReady(url, child);
  return {
    url,
    owned: true,
    stop: async () => {
      await ended(child);
      rmSync(place.lock, { force: true });
    },
  };
}

function initialise(place: Place, account: Account): void {
  rmSync(place.cluster, { recursive: true, force: true });
  mkdirSync(place.cluster, { mode: 0o700 });
  writeFileSync(place.password, newSecret(), { mode: 0o600 });
  if (account.owner) {
    chownSync(place.cluster, account.owner.uid, account.owner.gid);
    chownSync(place.password, account.owner.uid, account.owner.gid);
  }
  const args = ['-D', place.cluster, '-U', 'keyrealm', '--auth=scram-sha-256', `--pwfile=${place.password}`];
  const locale = ['--encoding=UTF8', '--locale-provider=builtin', '--builtin-locale=C.UTF-8', '--locale=C'];
  const [program = '', ...rest] = [...account.prefix, binaries().initdb, ...args, ...locale];
  const result = spawnSync(program, rest, { encoding: 'utf8', cwd: '/', env: { LC_ALL: 'C' } });
  // Only initdb needed to read it; the account that runs the database has no business with it.
  if (account.owner) chownSync(place.password, 0, 0);
  if (result.status !== 0) {
    rmSync(place.cluster, { recursive: true, force: true });
    throw new Error(`The embedded database can't be made: ${(result.stderr || String(result.error)).trim()}`);
  }
}

/** Its own session, so that Ctrl-C in a terminal does not reach it before the server has finished its requests. */
function run(place: Place, account: Account, port: number, options: Options): ChildProcess {
  const settings = [...SMALL, `port=${port}`, ...(options.settings ?? [])].flatMap((setting) => [
    '-c',
    setting,
  ]);
  const [program = '', ...rest] = [...account.prefix, binaries().postgres, '-D', place.cluster, ...settings];
  const child = spawn(program, rest, {
    detached: true,
    cwd: '/',
    stdio: ['ignore', 'ignore', 'pipe'],
    env: { LC_ALL: 'C' },
  });
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    for (const line of text.split('\n')) if (line.trim() !== '') options.log(line);
  });
  return child;
}

async function untilReady(url: string, child: ChildProcess): Promise<void> {
  for (let waited = 0; waited < 30_000; waited += 25) {
    if (child.exitCode !== null) throw new Error('The embedded database ended at once; the log says why.');
    if (await answers(url)) return;
    await sleep(25);
  }
  throw new Error('The embedded database did not get ready within 30 seconds.');
}

async function answers(url: string): Promise<boolean> {
  const client = new pg.Client({ connectionString: url });
  try {
    await client.connect();
    return true;
  } catch {
    return false;
  } finally {
    await client.end().catch(() => undefined);
  }
}

/** A smart end would wait for idle pools; a fast one rolls back what is open and loses nothing committed. */
async function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null) return;
  const exit = new Promise<void>((done) => child.once('exit', () => done()));
  child.kill('SIGINT');
  await exit;
}

/** The database of a Keyrealm that was killed goes on by itself: end it, then start our own. */
async function endOrphan(place: Place): Promise<void> {
  const pid = postmaster(place)?.pid;
  if (pid === undefined || !isPostgres(pid)) return;
  process.kill(pid, 'SIGINT');
  for (let waited = 0; alive(pid) && waited < 20_000; waited += 25) await sleep(25);
  if (alive(pid)) throw new Error(`An earlier embedded database (process ${pid}) does not end.`);
}

/** Beside a running Keyrealm, for its command line. */
async function attach(place: Place, owner: number | undefined): Promise<EmbeddedDatabase> {
  for (let waited = 0; waited < 30_000; waited += 50) {
    const running = postmaster(place);
    if (running?.ready) return { url: urlOf(place, running.port), owned: false, stop: async () => undefined };
    await sleep(50);
  }
  throw new Error(
    `Another Keyrealm${owner ? ` (process ${owner})` : ''} uses ${place.cluster}, but its database does not answer.`,
  );
}

function postmaster(place: Place): { pid: number; port: number; ready: boolean } | undefined {
  try {
    const lines = readFileSync(join(place.cluster, 'postmaster.pid'), 'utf8').split('\n');
    return { pid: Number(lines[0]), port: Number(lines[3]), ready: lines[7]?.trim() === 'ready' };
  } catch {
    return undefined;
  }
}

function ownerOf(place: Place): number | undefined {
  try {
    const pid = Number(readFileSync(place.lock, 'utf8'));
    if (pid > 0 && pid !== process.pid && alive(pid)) return pid;
    rmSync(place.lock, { force: true });
  } catch {
    // No lock: nobody owns it.
  }
  return undefined;
}

/** Exclusive creation is the lock: of two starts at once exactly one makes the file. */
function claim(place: Place): boolean {
  try {
    const file = openSync(place.lock, 'wx');
    writeFileSync(file, String(process.pid));
    closeSync(file);
    return true;
  } catch {
    return false;
  }
}

function alive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}

/** A process id may have been given to something else since; /proc tells where it exists. */
function isPostgres(pid: number): boolean {
  if (!alive(pid)) return false;
  if (!existsSync('/proc/self')) return true;
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes('postgres');
  } catch {
    return false;
  }
}

const urlOf = (place: Place, port: number): string =>
  `postgres://keyrealm:${readFileSync(place.password, 'utf8').trim()}@127.0.0.1:${port}/postgres`;

function freePort(): Promise<number> {
  return new Promise((done, fail) => {
    const server = createServer();
    server.once('error', fail);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => done(typeof address === 'object' && address ? address.port : 0));
    });
  });
}
