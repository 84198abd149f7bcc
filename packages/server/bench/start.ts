import { setTimeout as sleep } from 'node:timers/promises';
import { memoryOf, startServer } from './server.ts';

/** Cold start on an existing data directory, and memory at rest with the embedded database. */
export async function benchStart(): Promise<string[]> {
  const first = await startServer();
  await first.stop(true);
  const again = await startServer({ dataDir: first.dataDir });
  await sleep(3_000);
  const memory = memoryOf(again.process.pid ?? 0);
  await again.stop();
  return [
    `first start to ready             ${(first.readyAfter / 1000).toFixed(2)} s`,
    `existing data directory to ready ${(again.readyAfter / 1000).toFixed(2)} s   (aim: under 3 s)`,
    `idle memory, database included   ${memory.toFixed(0)} MB  (aim: under 250 MB)`,
  ];
}
