import { parseArgs } from 'node:util';
import { benchClientCredentials } from './client-credentials.ts';
import { benchDirectory } from './directory.ts';
import { benchFuzz } from './fuzz.ts';
import { benchIdentities } from './identities.ts';
import { benchImports } from './imports.ts';
import { benchMemory } from './memory.ts';
import { benchPolicy } from './policy.ts';
import { benchProvisioning } from './provisioning.ts';
import { type BenchOptions, benchSeed } from './realm.ts';
import { benchSignIn } from './sign-in.ts';
import { benchStart } from './start.ts';

const BENCHES = new Map<string, (options: BenchOptions) => Promise<string[]>>([
  ['start', benchStart],
  ['client-credentials', benchClientCredentials],
  ['identities', benchIdentities],
  ['sign-in', benchSignIn],
  ['policy', benchPolicy],
]);

/** Those that take minutes and gigabytes: only when they are asked for. */
const LARGE = new Map<string, (options: BenchOptions) => Promise<string[]>>([
  ['seed', benchSeed],
  ['directory', benchDirectory],
  ['provisioning', benchProvisioning],
  ['memory', benchMemory],
  ['imports', benchImports],
  ['fuzz', benchFuzz],
]);

/**
 * `npm run bench`, or `npm run bench -- start sign-in` for some of them; they measure the built server.
 * The large ones take `--realm-size 1000000 --groups 10000 --data-dir DIR`.
 */
const { values, positionals } = parseArgs({
  args: process.argv.slice(2).filter((word) => word !== '--'),
  allowPositionals: true,
  options: {
    'realm-size': { type: 'string', default: '1000000' },
    groups: { type: 'string', default: '10000' },
    'data-dir': { type: 'string' },
  },
});
const options: BenchOptions = {
  size: { identities: Number(values['realm-size']), groups: Number(values.groups) },
  dataDir: values['data-dir'],
};
const asked = positionals.length > 0 ? positionals : [...BENCHES.keys()];
for (const name of asked) {
  const bench = BENCHES.get(name) ?? LARGE.get(name);
  if (!bench) throw new Error(`no benchmark is called ${name}`);
  process.stdout.write(`${name}\n`);
  for (const line of await bench(options)) process.stdout.write(`  ${line}\n`);
}
