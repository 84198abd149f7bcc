// Time, random values and the environment enter the server in one place each; anywhere else is a fault.
import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { ROOT } from './tools.mjs';

const SOURCE = join(ROOT, 'packages/server/src');
const RULES = [
  { pattern: /\bprocess\.env\b/, only: ['config.ts'], what: 'process.env' },
  {
    pattern: /\bDate\.now\(|\bnew Date\(\)|\bperformance\.now\(/,
    only: ['kernel/clock.ts', 'kernel/ids.ts'],
    what: 'the time',
  },
  {
    pattern: /\brandomUUID\(|\brandomBytes\(|\bMath\.random\(|\bgetRandomValues\(/,
    only: ['kernel/ids.ts', 'kernel/vault.ts'],
    what: 'a random value',
  },
];

const faults = [];
const walk = (dir) => {
  for (const entry of readdirSync(dir, { withFileTypes: true })) {
    const path = join(dir, entry.name);
    const name = relative(SOURCE, path);
    if (entry.isDirectory()) {
      if (entry.name !== 'testing') walk(path);
    } else if (name.endsWith('.ts') && !name.endsWith('.test.ts'))
      for (const { pattern, only, what } of RULES)
        if (!only.includes(name))
          readFileSync(path, 'utf8')
            .split('\n')
            .forEach((line, index) => {
              if (pattern.test(line)) faults.push(`${name}:${index + 1}: ${what} belongs into ${only[0]}`);
            });
  }
};
walk(SOURCE);
if (faults.length > 0) {
  process.stderr.write(`${faults.join('\n')}\n`);
  process.exitCode = 1;
}
