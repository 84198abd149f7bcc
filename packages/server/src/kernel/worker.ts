import { setTimeout as pause } from 'node:timers/promises';

/**
 * Takes one step after the other until it is stopped, and rests while there is nothing to do or a step fails.
 * @param step says whether there was something to do
 * @returns stops it, once the step in hand is done
 */
export function startWorker(
  step: () => Promise<boolean>,
  { idleMs, failed }: { readonly idleMs: number; readonly failed: (error: unknown) => void },
): () => Promise<void> {
  const stopping = new AbortController();
  const { signal } = stopping;
  const attempt = async (): Promise<boolean> => {
    try {
      return await step();
    } catch (error) {
      failed(error);
      return false;
    }
  };
  const running = (async () => {
    while (!signal.aborted) {
      // Ended early by the stop, which is no failure; each rest leaves nothing behind on the signal.
      if (!(await attempt())) await pause(idleMs, undefined, { signal }).catch(() => undefined);
    }
  })();
  return () => {
    stopping.abort();
    return running;
  };
}
