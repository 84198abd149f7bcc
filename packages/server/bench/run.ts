import { benchClientCredentials } from './client-credentials.ts';
import { benchIdentities } from './identities.ts';
import { benchSignIn } from './sign-in.ts';
import { benchStart } from './start.ts';

const BENCHES = new Map([
  ['start', benchStart],
  ['client-credentials', benchClientCredentials],
  ['identities', benchIdentities],
  ['sign-in', benchSignIn],
]);

/** `npm run bench`, or `npm run bench -- start sign-in` for some of them; they measure the built server. */
const asked = process.argv.slice(2).filter((word) => word !== '--');
for (const [name, bench] of BENCHES) {
  if (asked.length > 0 && !asked.includes(name)) continue;
  process.stdout.write(`${name}\n`);
  for (const line of await bench()) process.stdout.write(`  ${line}\n`);
}
