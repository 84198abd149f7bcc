import { getEventListeners } from 'node:events';
import { expect, it, vi } from 'vitest';
import { startWorker } from './worker.js';

it('goes on after a failure, rests in between, and is stopped at once while it rests', async () => {
  const failures: unknown[] = [];
  let steps = 0;
  const stop = startWorker(
    async () => {
      steps += 1;
      if (steps === 2) throw new Error('broken');
      return steps === 1;
    },
    { idleMs: 1, failed: (error) => failures.push(error) },
  );
  await vi.waitUntil(() => steps > 5);
  await stop();
  const after = steps;
  await new Promise((done) => setTimeout(done, 20));
  expect(steps).toBe(after);
  expect(failures).toEqual([new Error('broken')]);
  const long = startWorker(async () => false, { idleMs: 3_600_000, failed: () => undefined });
  await long();
});

it('leaves no listener behind, however often it rests', async () => {
  const made: AbortSignal[] = [];
  class Watched extends AbortController {
    constructor() {
      super();
      made.push(this.signal);
    }
  }
  vi.stubGlobal('AbortController', Watched);
  let steps = 0;
  const stop = startWorker(
    async () => {
      steps += 1;
      return false;
    },
    { idleMs: 1, failed: () => undefined },
  );
  vi.unstubAllGlobals();
  await vi.waitUntil(() => steps > 30);
  const [signal] = made;
  const listeners = signal ? getEventListeners(signal, 'abort').length : Number.NaN;
  await stop();
  expect(listeners).toBeLessThanOrEqual(1);
});
