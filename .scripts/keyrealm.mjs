// npm run -s keyrealm -- <command>: the operator's commands in a checkout. Only their answer goes to the output.
import { existsSync } from 'node:fs';
import { buildAll, fail, installAll, runServer, SERVER } from './tools.mjs';

const say = (line) => process.stderr.write(`${line} …\n`);

try {
  if (!existsSync(SERVER)) {
    installAll(say);
    buildAll(say);
  }
  runServer(process.argv.slice(2));
} catch (error) {
  fail(error);
}
