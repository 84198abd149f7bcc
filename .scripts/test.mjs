// npm test: installs what the checks need, runs every one of them, and closes with the count that CI reads.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findBrowser } from './browser.mjs';
import { BUILDS, install, pnpmAsync } from './tools.mjs';

const results = mkdtempSync(join(tmpdir(), 'keyrealm-results-'));
const only = process.argv
  .find((word) => word.startsWith('--only='))
  ?.slice('--only='.length)
  .split(',');
const total = { passed: 0, failed: 0 };

const wanted = (group) => only === undefined || only.includes(group);
const say = (line) => process.stdout.write(`${line}\n`);

function told(name, ok, started, output) {
  say(`${ok ? 'ok  ' : 'FAIL'} ${name} (${((Date.now() - started) / 1000).toFixed(1)} s)`);
  if (!ok) say(output.slice(-20_000));
  return ok;
}

/** One check: it counts as one. */
async function check(name, args, options) {
  const started = Date.now();
  const { ok, output } = await pnpmAsync(args, options);
  total[told(name, ok, started, output) ? 'passed' : 'failed'] += 1;
  return ok;
}

/** A suite: each of its tests counts; one that breaks before it has counted anything counts as a failure. */
async function suite(name, args, options, countsOf) {
  const file = join(results, `${name.replaceAll(/\W/g, '-')}.json`);
  const started = Date.now();
  const { ok, output } = await pnpmAsync(args(file), options(file));
  let counts = { passed: 0, failed: 0 };
  try {
    counts = countsOf(JSON.parse(readFileSync(file, 'utf8')));
  } catch {
    counts.failed += 1;
  }
  if (counts.passed + counts.failed === 0 || (!ok && counts.failed === 0)) counts.failed += 1;
  told(`${name}: ${counts.passed} passed, ${counts.failed} failed`, counts.failed === 0, started, output);
  total.passed += counts.passed;
  total.failed += counts.failed;
}

const unit = (name) =>
  suite(
    `tests of ${name}`,
    (file) => [
      '--filter',
      name,
      'exec',
      'vitest',
      'run',
      '--reporter=default',
      '--reporter=json',
      `--outputFile.json=${file}`,
    ],
    () => ({}),
    (report) => ({ passed: report.numPassedTests, failed: report.numFailedTests }),
  );

async function endToEnd() {
  const browser = await findBrowser(say);
  if (browser === undefined) {
    say('FAIL end to end: no browser could be found or installed. Set KEYREALM_CHROMIUM to one.');
    total.failed += 1;
    return;
  }
  await suite(
    'end to end',
    () => ['--filter', '@keyrealm/e2e', 'run', 'e2e'],
    (file) => ({ env: { KEYREALM_CHROMIUM: browser, KEYREALM_E2E_REPORT: file } }),
    ({ stats }) => ({ passed: stats.expected, failed: stats.unexpected + stats.flaky + stats.skipped }),
  );
}

async function main() {
  const started = Date.now();
  const installed = install();
  if (!told('install', installed.ok, started, installed.output)) {
    total.failed += 1;
    return;
  }
  let built = true;
  for (const name of BUILDS)
    built = (await check(`build ${name}`, ['--filter', name, 'run', 'build'])) && built;
  if (wanted('checks')) {
    for (const name of [...BUILDS, '@keyrealm/examples', '@keyrealm/e2e'])
      await check(`types ${name}`, ['--filter', name, 'run', 'types']);
    await check('lint', ['exec', 'biome', 'check', '.']);
    await check('structure', ['run', 'structure']);
    await check('unused', ['run', 'unused']);
    await check('schema.graphql in step', ['run', 'schema', '--check']);
    await check('client types in step', ['--filter', '@keyrealm/console', 'run', 'codegen', '--check']);
  }
  if (wanted('unit')) for (const name of BUILDS) await unit(name);
  if (wanted('e2e') && built) await endToEnd();
}

try {
  await main();
} finally {
  rmSync(results, { recursive: true, force: true });
}
say(`${total.passed} passed, ${total.failed} failed`);
process.exitCode = total.failed === 0 && total.passed > 0 ? 0 : 1;
