// What the scripts share: the pinned package manager, Node 24 from the packages, steps that say what they do.
import { spawn, spawnSync } from 'node:child_process';
import { accessSync, constants, existsSync, mkdirSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const ROOT = dirname(dirname(fileURLToPath(import.meta.url)));
export const SERVER = join(ROOT, 'packages/server/dist/main.js');
const MODULES = join(ROOT, 'node_modules');
/** Longer than the server gives to the requests in flight. */
const STOP_MS = 30_000;
const PNPM = ['--yes', 'pnpm@12.4.2'];

/** In the order of need: the server uses the policy package, and serves the two web applications; examples use the SDK. */
export const BUILDS = [
  '@keyrealm/policy',
  '@keyrealm/server',
  '@keyrealm/authenticator',
  '@keyrealm/console',
  '@keyrealm/sdk',
];

/** Node as the packages bring it; the one that runs this where it is new enough. */
export function node() {
  const own = join(MODULES, 'node/bin/node');
  if (existsSync(own)) return own;
  const [major, minor] = process.versions.node.split('.').map(Number);
  if (major > 22 || (major === 22 && minor >= 12)) return process.execPath;
  throw new Error('Node 22.12 or newer is needed, and the one of the packages is not installed.');
}

function writable(path) {
  try {
    accessSync(path, constants.W_OK);
    return true;
  } catch {
    return false;
  }
}

/** The package managers keep their caches at home; who has none that can be written gets one here. */
function environment(extra) {
  const env = { ...process.env, CI: 'true', ...extra };
  if (writable(homedir())) return env;
  const home = join(MODULES, '.keyrealm-home');
  mkdirSync(home, { recursive: true });
  return { ...env, HOME: home, npm_config_cache: join(home, '.npm') };
}

/** Runs the package manager. @returns {{ok: boolean, output: string}} */
export function pnpm(args) {
  const result = spawnSync('npx', [...PNPM, ...args], {
    cwd: ROOT,
    encoding: 'utf8',
    maxBuffer: 1 << 28,
    env: environment(),
  });
  return { ok: result.status === 0, output: `${result.stdout ?? ''}${result.stderr ?? result.error ?? ''}` };
}

/**
 * The same with a limit: what hangs is ended with all that it started.
 * @param options {{env?: object, minutes: number}}
 */
export function pnpmWithin(args, { env, minutes }) {
  return new Promise((done) => {
    const child = spawn('npx', [...PNPM, ...args], { cwd: ROOT, env: environment(env), detached: true });
    let output = '';
    const end = (signal) => {
      try {
        process.kill(-child.pid, signal);
      } catch {
        // It has ended by itself.
      }
    };
    const interrupted = () => {
      end('SIGTERM');
      process.exit(130);
    };
    process.once('SIGINT', interrupted).once('SIGTERM', interrupted);
    const timer = setTimeout(() => {
      output += `\nStopped: it took more than ${minutes} minutes.\n`;
      end('SIGKILL');
    }, minutes * 60_000);
    const finish = (ok) => {
      clearTimeout(timer);
      process.off('SIGINT', interrupted).off('SIGTERM', interrupted);
      done({ ok, output });
    };
    for (const stream of [child.stdout, child.stderr])
      stream.setEncoding('utf8').on('data', (text) => {
        output += text;
      });
    child.on('error', (error) => {
      output += error.message;
      finish(false);
    });
    child.on('close', (code) => finish(code === 0));
  });
}

/** @param say told what is done, one line a step. @throws Error with the output of what failed */
export function installAll(say) {
  say('Installing packages');
  if (!writable(existsSync(MODULES) ? MODULES : ROOT))
    throw new Error(`${MODULES} belongs to another user. Run this as that user, or in a clone of your own.`);
  const installed = pnpm(['install', '--frozen-lockfile']);
  if (!installed.ok) throw new Error(`Installing failed:\n${installed.output}`);
}

/** @param say told what is done, one line a step. @throws Error with the output of what failed */
export function buildAll(say) {
  for (const name of BUILDS) {
    say(`Building ${name}`);
    const built = pnpm(['--filter', name, 'run', 'build']);
    if (!built.ok) throw new Error(`Building ${name} failed:\n${built.output}`);
  }
}

/** Runs the server's program in this one's place: its words, its signals, its exit code. */
export function runServer(args) {
  // In a group of its own: a Ctrl-C comes from the terminal and from npm, and the server is to hear it once.
  const child = spawn(node(), [SERVER, ...args], { cwd: ROOT, stdio: 'inherit', detached: true });
  let end;
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'])
    process.on(signal, () => {
      if (end === undefined) child.kill('SIGTERM');
      end ??= setTimeout(() => child.kill('SIGKILL'), STOP_MS).unref();
    });
  child.on('error', fail);
  child.on('exit', (code) => {
    process.exitCode = code ?? 1;
  });
}

/** Ends a script with a sentence. */
export function fail(error) {
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
}
