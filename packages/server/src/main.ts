import { run } from './cli/run.js';

// A terminal that is gone takes no more output; that is no reason to fail, nor to wait for it at the end.
for (const stream of [process.stdout, process.stderr]) stream.on('error', () => undefined);

process.exitCode = await run(process.argv.slice(2));
setTimeout(() => process.exit(), 1_000).unref();
