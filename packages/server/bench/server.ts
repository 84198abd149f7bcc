import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

const MAIN = fileURLToPath(new URL('../dist/main.js', import.meta.url));

export interface BenchServer {
  readonly url: string;
  readonly dataDir: string;
  readonly process: ChildProcess;
  /** Milliseconds from the start of the process to an answer of /readyz. */
  readonly readyAfter: number;
  databaseUrl(): string;
  cli(...args: string[]): Record<string, string> & { managementApi: Record<string, string> };
  stop(keep?: boolean): Promise<void>;
}

/** The built server as an operator runs it. @param core pins it to one processor, where the system can */
export async function startServer(options: { dataDir?: string; core?: number } = {}): Promise<BenchServer> {
  const dataDir = options.dataDir ?? mkdtempSync(join(tmpdir(), 'keyrealm-bench-'));
  const port = await freePort();
  const url = `http://localhost:${port}`;
  const env = {
    ...process.env,
    KEYREALM_PUBLIC_URL: url,
    KEYREALM_DATA_DIR: dataDir,
    LOG_LEVEL: 'warn',
    // Each simulated person has an address of their own, so that the limit for one address stays what it is.
    TRUST_PROXY: 'true',
  };
  const started = performance.now();
  const child = spawn(process.execPath, [MAIN, 'serve'], { env, stdio: ['ignore', 'ignore', 'inherit'] });
  // A benchmark that fails leaves no server behind.
  const end = (): void => void child.kill('SIGTERM');
  process.once('exit', end);
  while (!(await answers(`${url}/readyz`))) {
    if (child.exitCode !== null) throw new Error('the server ended at once');
    await sleep(10);
  }
  // The database keeps to no core: it is another program, on its own machine in earnest.
  if (options.core !== undefined)
    execFileSync('taskset', ['-a', '-c', '-p', String(options.core), String(child.pid)], { stdio: 'ignore' });
  return {
    url,
    dataDir,
    process: child,
    readyAfter: performance.now() - started,
    databaseUrl: () => databaseUrl(dataDir),
    cli: (...words) =>
      JSON.parse(execFileSync(process.execPath, [MAIN, ...words, '--json'], { env, encoding: 'utf8' })),
    async stop(keep = false) {
      process.off('exit', end);
      const exit = new Promise((done) => child.once('exit', done));
      child.kill('SIGTERM');
      await exit;
      if (!keep) rmSync(dataDir, { recursive: true, force: true });
    },
  };
}

/** The embedded database of a data directory, as the server itself reaches it. */
function databaseUrl(dataDir: string): string {
  const password = readFileSync(join(dataDir, 'postgres.password'), 'utf8').trim();
  const port = readFileSync(join(dataDir, 'postgres', 'postmaster.pid'), 'utf8').split('\n')[3];
  return `postgres://keyrealm:${password}@127.0.0.1:${port}/postgres`;
}

/** A process and all below it. */
export function familyOf(pid: number): number[] {
  const table = execFileSync('ps', ['-eo', 'pid=,ppid=,pgid='], { encoding: 'utf8' })
    .trim()
    .split('\n')
    .map((line) => line.trim().split(/\s+/).map(Number) as [number, number, number]);
  const family = new Set([pid]);
  for (let before = 0; before !== family.size; ) {
    before = family.size;
    for (const [child, parent] of table) if (family.has(parent)) family.add(child);
  }
  return [...family];
}

/** Resident memory of a process and of all below it, in megabytes. */
export function memoryOf(pid: number): number {
  let kilobytes = 0;
  // Shared pages are counted once: PSS divides them among those that share.
  for (const member of familyOf(pid))
    kilobytes += Number(/^Pss:\s+(\d+)/m.exec(read(`/proc/${member}/smaps_rollup`))?.[1] ?? 0);
  return kilobytes / 1024;
}

/** Milliseconds of processor time that a process has used so far. */
export function processorTime(pid: number): number {
  const fields = read(`/proc/${pid}/stat`).split(') ')[1]?.split(' ') ?? [];
  return (Number(fields[11] ?? 0) + Number(fields[12] ?? 0)) * 10;
}

function read(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}

const answers = (url: string): Promise<boolean> =>
  fetch(url).then(
    ({ ok }) => ok,
    () => false,
  );

export function freePort(): Promise<number> {
  return new Promise((done) => {
    const server = createServer();
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => done(typeof address === 'object' && address ? address.port : 0));
    });
  });
}

export function percentile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;
}
