import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const MAIN = fileURLToPath(new URL('../../packages/server/dist/main.js', import.meta.url));

export interface RunningServer {
  readonly url: string;
  /** The link of the first start; empty when there was a tenant already. */
  readonly bindingLink: string;
  /** Everything it has printed, its log included. */
  output(): string;
  /** Runs an operator's command beside it. */
  cli<T = Record<string, string>>(...args: string[]): Promise<T>;
  /** @returns its exit code after SIGTERM */
  stop(): Promise<number | null>;
  /** Ends it at once, as a crash would: nothing is put in order. */
  crash(): Promise<void>;
}

/** Where a server lives over its starts and stops. */
export interface Place {
  readonly dataDir: string;
  readonly port: number;
}

export const newPlace = async (): Promise<Place> => ({
  dataDir: mkdtempSync(join(tmpdir(), 'keyrealm-e2e-')),
  port: await freePort(),
});

export const removePlace = ({ dataDir }: Place): void => rmSync(dataDir, { recursive: true, force: true });

/** The built server in a place of its own, which goes with it. @param more of its configuration */
export async function startServer(more: Readonly<Record<string, string>> = {}): Promise<RunningServer> {
  const place = await newPlace();
  const server = await startAt(place, more);
  return {
    ...server,
    async stop() {
      const code = await server.stop();
      removePlace(place);
      return code;
    },
  };
}

/** The built server as an operator starts it: a process, a data directory, the embedded database. */
export async function startAt(
  { dataDir, port }: Place,
  more: Readonly<Record<string, string>> = {},
): Promise<RunningServer> {
  const url = `http://localhost:${port}`;
  const env = {
    ...process.env,
    KEYREALM_PUBLIC_URL: url,
    KEYREALM_DATA_DIR: dataDir,
    KEYREALM_TENANT_NAME: 'Acme',
    KEYREALM_ADMIN_EMAIL: 'admin@acme.example',
    DATABASE_URL: '',
    SMTP_URL: '',
    ...more,
  };
  const child = spawn(process.execPath, [MAIN, 'serve'], { env, stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  const keep = (text: string): void => {
    output += text;
  };
  child.stdout.setEncoding('utf8').on('data', keep);
  child.stderr.setEncoding('utf8').on('data', keep);
  const greeted = await printed(child, () => (/ {2}Stop /.test(output) ? output : undefined));
  if (greeted === undefined || !(await fetch(`${url}/readyz`)).ok) {
    await ended(child);
    throw new Error(`The server did not start:\n${output}`);
  }
  return {
    url,
    bindingLink: /\S+\/bind#token=\S+/.exec(greeted)?.[0] ?? '',
    output: () => output,
    async cli<T>(...args: string[]) {
      const { stdout } = await promisify(execFile)(process.execPath, [MAIN, ...args, '--json'], { env });
      return JSON.parse(stdout) as T;
    },
    stop: () => ended(child),
    async crash() {
      const exit = new Promise((done) => child.once('exit', done));
      child.kill('SIGKILL');
      await exit;
    },
  };
}

/** @returns undefined when the process ended, or printed nothing of the kind within a minute */
async function printed(child: ChildProcess, look: () => string | undefined): Promise<string | undefined> {
  for (let waited = 0; waited < 60_000; waited += 50) {
    const found = look();
    if (found !== undefined || hasEnded(child)) return found;
    await sleep(50);
  }
  return undefined;
}

/** @returns the exit code; null when it had to be killed, so that a test which asks for 0 fails */
async function ended(child: ChildProcess): Promise<number | null> {
  if (hasEnded(child)) return child.exitCode;
  const exit = new Promise<number | null>((done) => child.once('exit', (code) => done(code)));
  child.kill('SIGTERM');
  const impatient = setTimeout(() => child.kill('SIGKILL'), 20_000);
  return exit.finally(() => clearTimeout(impatient));
}

const hasEnded = (child: ChildProcess): boolean => child.exitCode !== null || child.signalCode !== null;

export function freePort(): Promise<number> {
  return new Promise((done) => {
    const server = createServer();
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => done(typeof address === 'object' && address ? address.port : 0));
    });
  });
}
