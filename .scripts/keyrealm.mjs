// npm run -s keyrealm -- <command>: the operator's commands in a checkout. Only their answer goes to the output.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { buildAll, installAll, node, ROOT, SERVER } from './tools.mjs';

const say = (line) => process.stderr.write(`${line} …\n`);

try {
  if (!existsSync(SERVER)) {
    installAll(say);
    buildAll(say);
  }
  const result = spawnSync(node(), [SERVER, ...process.argv.slice(2)], { cwd: ROOT, stdio: 'inherit' });
  process.exitCode = result.status ?? 1;
} catch (error) {
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
}
