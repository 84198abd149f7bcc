// npm test: installs what the checks need, runs every one of them, and closes with the count that CI reads.
// npm test -- --only unit,e2e runs some of them.
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { findBrowser } from './browser.mjs';
import { BUILDS, installAll, pnpmWithin, ROOT } from './tools.mjs';

const GROUPS = ['types', 'lint', 'structure', 'unused', 'schema', 'codegen', 'unit', 'e2e'];
const CHECKS = [
  ['lint', 'lint', ['exec', 'biome', 'check', '.']],
  ['structure', 'structure', ['run', 'structure']],
  ['unused', 'unused', ['run', 'unused']],
  ['schema', 'schema.graphql in step', ['run', 'schema', '--check']],
  ['codegen', 'client types in step', ['--filter', '@keyrealm/console', 'run', 'codegen', '--check']],
];

const results = mkdtempSync(join(tmpdir(), 'keyrealm-results-'));
const total = { passed: 0, failed: 0, skipped: 0 };
const say = (line) => process.stdout.write(`${line}\n`);

function count({ passed = 0, failed = 0, skipped = 0 }) {
  total.passed += passed;
  total.failed += failed;
  total.skipped += skipped;
}

const asLine = ({ passed, failed, skipped }) =>
  `${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`;

function told(name, ok, started, output) {
  say(`${ok ? 'ok  ' : 'FAIL'} ${name} (${((Date.now() - started) / 1000).toFixed(1)} s)`);
  if (!ok) say(output.slice(-20_000));
}

/** One check: it counts as one. */
async function check(name, args) {
  const started = Date.now();
  const { ok, output } = await pnpmWithin(args, { minutes: 5 });
  told(name, ok, started, output);
  count(ok ? { passed: 1 } : { failed: 1 });
  return ok;
}

/**
 * A suite: each of its tests counts; one that breaks outside of its tests, or has none, counts as a failure.
 * @param options.file where its report goes to
 * @param options.countsOf of that report: how many tests passed, failed and were skipped
 */
async function suite(name, options) {
  const { args, env, file, countsOf } = options;
  const started = Date.now();
  const { ok, output } = await pnpmWithin(args, { env, minutes: 18 });
  let counts = { passed: 0, failed: 0, skipped: 0 };
  try {
    counts = countsOf(JSON.parse(readFileSync(file, 'utf8')));
  } catch {
    // Without a report nothing was counted, which the next line makes a failure.
  }
  if (counts.failed === 0 && (!ok || counts.passed === 0)) counts.failed = 1;
  told(`${name}: ${asLine(counts)}`, counts.failed === 0, started, output);
  count(counts);
}

function unit(name) {
  const file = join(results, `${name.replaceAll(/\W/g, '-')}.json`);
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${file}`];
  return suite(`tests of ${name}`, {
    args: ['--filter', name, 'exec', 'vitest', 'run', ...reporters],
    file,
    countsOf: (report) => ({
      passed: report.numPassedTests,
      failed: report.numFailedTests,
      skipped: report.numPendingTests + report.numTodoTests,
    }),
  });
}

async function endToEnd() {
  const browser = await findBrowser(say);
  if (browser === undefined) {
    say(
      'FAIL end to end: no browser that starts was found or could be installed. Set KEYREALM_CHROMIUM to one.',
    );
    count({ failed: 1 });
    return;
  }
  const file = join(results, 'e2e.json');
  await suite('end to end', {
    args: ['--filter', '@keyrealm/e2e', 'run', 'e2e'],
    env: { KEYREALM_CHROMIUM: browser, KEYREALM_E2E_REPORT: file },
    file,
    countsOf: ({ stats }) => ({
      passed: stats.expected,
      failed: stats.unexpected + stats.flaky,
      skipped: stats.skipped,
    }),
  });
}

/** Names of the packages with a script of this name: a new package can't be forgotten. */
function packagesWith(script) {
  const folders = readdirSync(join(ROOT, 'packages')).map((name) => join('packages', name));
  return [...folders, 'e2e'].flatMap((folder) => {
    try {
      const { name, scripts } = JSON.parse(readFileSync(join(ROOT, folder, 'package.json'), 'utf8'));
      return scripts?.[script] ? [name] : [];
    } catch (error) {
      if (error.code === 'ENOENT') return [];
      throw error;
    }
  });
}

/** What the person has set for a server of their own is not to change the tests. */
function forgetSettings() {
  const ours = /^(KEYREALM_(?!CHROMIUM$).*|DATABASE_URL|PORT|HOST|SMTP_URL|TRUST_PROXY|LOG_LEVEL)$/;
  for (const name of Object.keys(process.env)) if (ours.test(name)) delete process.env[name];
}

function chosen() {
  const { only } = parseArgs({ options: { only: { type: 'string' } } }).values;
  const groups = only?.split(',') ?? GROUPS;
  const unknown = groups.filter((group) => !GROUPS.includes(group));
  if (unknown.length > 0)
    throw new Error(`There is no ${unknown.join(', ')}; there are ${GROUPS.join(', ')}.`);
  return groups;
}

async function main() {
  const groups = chosen();
  forgetSettings();
  installAll((line) => say(`${line} …`));
  let built = true;
  for (const name of BUILDS)
    built = (await check(`build of ${name}`, ['--filter', name, 'run', 'build'])) && built;
  if (groups.includes('types'))
    for (const name of packagesWith('types'))
      await check(`types of ${name}`, ['--filter', name, 'run', 'types']);
  for (const [group, name, args] of CHECKS) if (groups.includes(group)) await check(name, args);
  if (groups.includes('unit')) for (const name of packagesWith('test')) await unit(name);
  if (!groups.includes('e2e')) return;
  if (built) await endToEnd();
  else {
    say('FAIL end to end: nothing to run it on, as a build failed.');
    count({ failed: 1 });
  }
}

try {
  await main();
} catch (error) {
  say(`FAIL ${error.message}`);
  count({ failed: 1 });
} finally {
  rmSync(results, { recursive: true, force: true });
}
say(asLine(total));
process.exitCode = total.failed === 0 && total.passed > 0 ? 0 : 1;
