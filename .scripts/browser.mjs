// A Chromium for the end-to-end tests: the one that is there, or one that this user may install.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { delimiter, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { ROOT } from './tools.mjs';

const NAMES = ['chromium', 'chromium-browser', 'google-chrome-stable', 'google-chrome', 'chrome'];
const PACKAGES = ['chromium', 'fonts-dejavu-core'];
const PLAYWRIGHT = join(ROOT, 'e2e/node_modules/@playwright/test');
const CACHE = join(process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache'), 'keyrealm-chromium');
const UNPACKED = join(CACHE, 'start');
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
  return apt('install', '-y', '-q', '--no-install-recommends', ...PACKAGES) ? onPath() : undefined;
}

async function byPlaywright() {
  const args = [join(PLAYWRIGHT, 'cli.js'), 'install', ...(AS_ROOT ? ['--with-deps'] : []), 'chromium'];
  if (run(process.execPath, args).status !== 0) return undefined;
  const { chromium } = await playwright();
  return chromium.executablePath();
}

/** Debian's packages of what is missing here, unpacked into a folder of this user, for who may install nothing. */
function byUnpacking() {
  if (!existsSync('/usr/bin/apt-get')) return undefined;
  const [archives, lists, tree] = ['archives', 'lists', 'root'].map((name) => join(CACHE, name));
  for (const dir of [join(archives, 'partial'), join(lists, 'partial'), tree])
    mkdirSync(dir, { recursive: true, mode: 0o700 });
  const places = [`Dir::State::lists=${lists}`, `Dir::Cache=${CACHE}`, 'Debug::NoLocking=1'];
  const apt = (...args) =>
    run('apt-get', [...places.flatMap((place) => ['-o', place]), ...args]).status === 0;
  if (!apt('update', '-q')) return undefined;
  if (!apt('install', '-y', '-q', '--no-install-recommends', '--download-only', ...PACKAGES))
    return undefined;
  for (const name of readdirSync(archives).filter((file) => file.endsWith('.deb')))
    if (run('dpkg-deb', ['--extract', join(archives, name), tree]).status !== 0) return undefined;
  for (const dir of [archives, lists]) rmSync(dir, { recursive: true });
  writeStart(tree);
  return UNPACKED;
}

/** A program away from its place is to be told where its libraries and fonts are. */
function writeStart(tree) {
  const libraries = ['lib', 'usr/lib']
    .map((name) => join(tree, name))
    .filter((dir) => existsSync(dir))
    .flatMap((dir) => readdirSync(dir).map((name) => join(dir, name)))
    .filter((dir) => dir.endsWith('-linux-gnu'));
  const fonts = join(CACHE, 'fonts.conf');
  const dirs = ['/usr/share/fonts', join(tree, 'usr/share/fonts')].map((dir) => `<dir>${dir}</dir>`).join('');
  writeFileSync(fonts, `<fontconfig>${dirs}<cachedir>${join(CACHE, 'fonts')}</cachedir></fontconfig>\n`);
  const settings = `FONTCONFIG_FILE='${fonts}' LD_LIBRARY_PATH='${libraries.join(':')}'`;
  const program = join(tree, 'usr/lib/chromium/chromium');
  writeFileSync(UNPACKED, `#!/bin/sh\n${settings} exec '${program}' "$@"\n`, { mode: 0o700 });
}

const LADDER = [
  ['the system’s package', byApt],
  ['Playwright’s download', byPlaywright],
  ['the system’s package, unpacked for this user', byUnpacking],
];

/**
 * @param say told what is tried, one line each
 * @returns the path of a Chromium that starts, or undefined when none can be had
 */
export async function findBrowser(say) {
  const named = process.env.KEYREALM_CHROMIUM;
  if (named) return (await works(named)) ? named : undefined;
  for (const present of [onPath(), existsSync(UNPACKED) ? UNPACKED : undefined])
    if (await works(present)) return present;
  for (const [name, get] of LADDER) {
    say(`No browser here yet: trying ${name} …`);
    const path = await get();
    if (await works(path)) return path;
  }
  return undefined;
}
