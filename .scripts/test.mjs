// Installs what the checks need, runs every one of them, and closes with the count that CI reads.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const PNPM = ['--yes', 'pnpm@12.4.2'];
const results = mkdtempSync(join(tmpdir(), 'keyrealm-results-'));
let passed = 0;
let failed = 0;

function run(name, args) {
  const started = Date.now();
  const result = spawnSync('npx', [...PNPM, ...args], { encoding: 'utf8', maxBuffer: 1 << 28 });
  const ok = result.status === 0;
  process.stdout.write(`${ok ? 'ok  ' : 'FAIL'} ${name} (${((Date.now() - started) / 1000).toFixed(1)} s)\n`);
  if (!ok) process.stdout.write(`${result.stdout}\n${result.stderr}\n`);
  return ok;
}

function check(name, args) {
  if (run(name, args)) passed += 1;
  else failed += 1;
}

function tests(name, filter) {
  const file = join(results, `${name}.json`);
  const ok = run(name, [
    '--filter',
    filter,
    'exec',
    'vitest',
    'run',
    '--reporter=json',
    `--outputFile=${file}`,
  ]);
  try {
    const report = JSON.parse(readFileSync(file, 'utf8'));
    passed += report.numPassedTests;
    failed += report.numFailedTests + (ok || report.numFailedTests > 0 ? 0 : 1);
    if (report.numTotalTests === 0) failed += 1;
  } catch {
    failed += 1;
  }
}

if (!run('install', ['install', '--frozen-lockfile'])) failed += 1;
else {
  check('build policy', ['--filter', '@keyrealm/policy', 'run', 'build']);
  check('types policy', ['--filter', '@keyrealm/policy', 'run', 'types']);
  check('types server', ['--filter', '@keyrealm/server', 'run', 'types']);
  check('lint', ['exec', 'biome', 'check', 'packages/policy', 'packages/server', '.scripts']);
  tests('policy', '@keyrealm/policy');
  tests('server', '@keyrealm/server');
}
rmSync(results, { recursive: true, force: true });
process.stdout.write(`${passed} passed, ${failed} failed\n`);
process.exit(failed === 0 && passed > 0 ? 0 : 1);
