// npm start: installs, builds what changed, runs Keyrealm on its embedded database.
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { buildAll, installAll, node, ROOT, SERVER } from './tools.mjs';

const STAMP = join(ROOT, 'node_modules/.keyrealm-build');
const SKIPPED = new Set(['node_modules', 'dist', 'data', '.git', '.results']);

/** Names, sizes and times of everything that a build reads. */
function fingerprint() {
  const hash = createHash('sha256');
  const walk = (dir) => {
    for (const entry of readdirSync(dir, { withFileTypes: true }).sort((a, b) =>
      a.name < b.name ? -1 : 1,
    )) {
      if (SKIPPED.has(entry.name)) continue;
      const path = join(dir, entry.name);
      if (entry.isDirectory()) walk(path);
      else hash.update(`${path} ${statSync(path).size} ${statSync(path).mtimeMs}\n`);
    }
  };
  walk(join(ROOT, 'packages'));
  hash.update(readFileSync(join(ROOT, 'pnpm-lock.yaml')));
  return hash.digest('hex');
}

function upToDate(now) {
  return existsSync(SERVER) && existsSync(STAMP) && readFileSync(STAMP, 'utf8') === now;
}

const say = (line) => process.stdout.write(`${line} …\n`);

try {
  const now = fingerprint();
  if (!upToDate(now)) {
    installAll(say);
    buildAll(say);
    mkdirSync(join(ROOT, 'node_modules'), { recursive: true });
    writeFileSync(STAMP, now);
  }
  const child = spawn(node(), [SERVER, 'serve'], { cwd: ROOT, stdio: 'inherit' });
  // A terminal sends Ctrl-C to the server as well; what is sent to this process alone is passed on.
  for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => child.kill(signal));
  child.on('exit', (code, signal) => {
    process.exitCode = code ?? (signal ? 1 : 0);
  });
} catch (error) {
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
}
