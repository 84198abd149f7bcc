// Time, random values and the environment enter the server in one place each; anywhere else is a fault.
import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { ROOT } from './tools.mjs';

const SERVER = 'packages/server/src';
const RULES = [
  {
    pattern: /\bprocess\.env\b|\bprocess\[|\benv\b.*(\bfrom 'node:process'|= process\b)/,
    only: [`${SERVER}/config.ts`],
    what: 'process.env',
  },
  {
    pattern: /\bDate\.now\b|\bnew Date(\(\s*\)|(?=\s*[;,)\]}]|$))|\bperformance\.now\b|\bhrtime\b/,
    only: [`${SERVER}/kernel/clock.ts`, `${SERVER}/kernel/ids.ts`],
    what: 'the time',
  },
  {
    pattern: /\brandom(UUID|Bytes|Int|Fill|FillSync)\b|\bMath\.random\b|\bgetRandomValues\b/,
    only: [`${SERVER}/kernel/ids.ts`, `${SERVER}/kernel/vault.ts`],
    what: 'a random value',
  },
];

/** Sources that run; tests and what they share may read the clock. */
function sources(dir) {
  return readdirSync(dir, { withFileTypes: true }).flatMap((entry) => {
    const path = join(dir, entry.name);
    if (entry.isDirectory()) return entry.name === 'testing' ? [] : sources(path);
    return path.endsWith('.ts') && !path.endsWith('.test.ts') ? [path] : [];
  });
}

const faults = [SERVER, 'packages/policy/src'].flatMap((folder) =>
  sources(join(ROOT, folder)).flatMap((path) => {
    const name = relative(ROOT, path);
    const rules = RULES.filter(({ only }) => !only.includes(name));
    return readFileSync(path, 'utf8')
      .split('\n')
      .flatMap((line, index) =>
        rules
          .filter(({ pattern }) => pattern.test(line))
          .map(({ only, what }) => `${name}:${index + 1}: ${what} is read in ${only.join(' and ')} alone`),
      );
  }),
);
if (faults.length > 0) {
  process.stderr.write(`${faults.join('\n')}\n`);
  process.exitCode = 1;
}
