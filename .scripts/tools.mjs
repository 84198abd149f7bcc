// What the scripts share: the pinned package manager, Node 24 from the packages, steps that say what they do.
import { spawn, spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const ROOT = dirname(dirname(fileURLToPath(import.meta.url)));
export const SERVER = join(ROOT, 'packages/server/dist/main.js');
const PNPM = ['--yes', 'pnpm@12.4.2'];

/** Node as the packages bring it; the one that runs this where it is new enough. */
export function node() {
  const own = join(ROOT, 'node_modules/node/bin/node');
  if (existsSync(own)) return own;
  const [major, minor] = process.versions.node.split('.').map(Number);
  if (major > 22 || (major === 22 && minor >= 12)) return process.execPath;
  throw new Error('Node 22.12 or newer is needed, and the one of the packages is not installed.');
}

/** Runs the package manager. @returns {{ok: boolean, output: string}} */
export function pnpm(args, options = {}) {
  const result = spawnSync('npx', [...PNPM, ...args], {
    cwd: ROOT,
    encoding: 'utf8',
    maxBuffer: 1 << 28,
    env: { ...process.env, CI: 'true', ...options.env },
  });
  return { ok: result.status === 0, output: `${result.stdout ?? ''}${result.stderr ?? ''}` };
}

/** The same without waiting in the way of others. */
export function pnpmAsync(args, options = {}) {
  return new Promise((done) => {
    const child = spawn('npx', [...PNPM, ...args], {
      cwd: ROOT,
      env: { ...process.env, CI: 'true', ...options.env },
    });
    let output = '';
    child.stdout.on('data', (text) => {
      output += text;
    });
    child.stderr.on('data', (text) => {
      output += text;
    });
    child.on('close', (code) => done({ ok: code === 0, output }));
  });
}

export const install = () => pnpm(['install', '--frozen-lockfile']);

/** In the order of need: the server uses the policy package, and serves the two web applications. */
export const BUILDS = [
  '@keyrealm/policy',
  '@keyrealm/server',
  '@keyrealm/authenticator',
  '@keyrealm/console',
];

/** @param say told what is done, one line a step. @throws Error with the output of what failed */
export function buildAll(say) {
  for (const name of BUILDS) {
    say(`Building ${name}`);
    const built = pnpm(['--filter', name, 'run', 'build']);
    if (!built.ok) throw new Error(`Building ${name} failed:\n${built.output}`);
  }
}

export function installAll(say) {
  say('Installing packages');
  const installed = install();
  if (!installed.ok) throw new Error(`Installing failed:\n${installed.output}`);
}
