// npm start: installs, builds what changed, runs Keyrealm on its embedded database.
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { BUILDS, buildAll, fail, installAll, ROOT, runServer } from './tools.mjs';

const STAMP = join(ROOT, 'node_modules/.keyrealm-build');
const SKIPPED = new Set(['node_modules', 'dist', 'data', '.results']);
const AT_ROOT = [
  'package.json',
  'pnpm-lock.yaml',
  'pnpm-workspace.yaml',
  '.tsconfig.base.json',
  'schema.graphql',
];

/** Names, sizes and times of everything that a build reads. */
function fingerprint() {
  const hash = createHash('sha256');
  const add = (path) => {
    const { size, mtimeMs } = statSync(path);
    hash.update(`${path} ${size} ${mtimeMs}\n`);
  };
  const walk = (dir) => {
    for (const entry of readdirSync(dir, { withFileTypes: true })) {
      if (SKIPPED.has(entry.name)) continue;
      const path = join(dir, entry.name);
      if (entry.isDirectory()) walk(path);
      else if (entry.isFile()) add(path);
    }
  };
  walk(join(ROOT, 'packages'));
  for (const name of AT_ROOT) add(join(ROOT, name));
  return hash.digest('hex');
}

function upToDate(now) {
  const built = BUILDS.every((name) => existsSync(join(ROOT, 'packages', name.split('/')[1], 'dist')));
  return built && existsSync(STAMP) && readFileSync(STAMP, 'utf8') === now;
}

const say = (line) => process.stdout.write(`${line} …\n`);

try {
  const now = fingerprint();
  if (!upToDate(now)) {
    installAll(say);
    buildAll(say);
    writeFileSync(STAMP, now);
  }
  runServer(['serve']);
} catch (error) {
  fail(error);
}
