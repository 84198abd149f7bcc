/** Something that must not be waited for, written down a little later and many at once. */
export interface Buffer<T> {
  add(item: T): void;
  /** Writes what waits, and takes nothing more. */
  close(): Promise<void>;
}

export interface BufferOptions<T> {
  readonly write: (batch: readonly T[]) => Promise<void>;
  readonly everyMs: number;
  /** In one batch. */
  readonly batch: number;
  /** Waiting at once; beyond it the oldest are lost rather than memory. */
  readonly most: number;
  /** Told of a batch that could not be written; it is tried again a few times. */
  readonly failed: (error: unknown) => void;
}

const TRIES = 3;

export function createBuffer<T>({ write, everyMs, batch, most, failed }: BufferOptions<T>): Buffer<T> {
  let waiting: T[] = [];
  let timer: NodeJS.Timeout | undefined;
  let running: Promise<void> | undefined;
  let tries = 0;
  let closed = false;

  function later(): void {
    timer ??= setTimeout(flush, everyMs);
    timer.unref();
  }

  function flush(): void {
    clearTimeout(timer);
    timer = undefined;
    running ??= drain().finally(() => {
      running = undefined;
      if (waiting.length > 0 && !closed) later();
    });
  }

  async function drain(): Promise<void> {
    while (waiting.length > 0) {
      const next = waiting.splice(0, batch);
      try {
        await write(next);
        tries = 0;
      } catch (error) {
        failed(error);
        tries += 1;
        if (tries < TRIES) waiting = [...next, ...waiting].slice(-most);
        else tries = 0;
        return;
      }
    }
  }

  return {
    add(item) {
      if (closed) return;
      if (waiting.length >= most) waiting.shift();
      waiting.push(item);
      if (waiting.length >= batch) flush();
      else later();
    },

    async close() {
      closed = true;
      clearTimeout(timer);
      await running;
      await drain();
    },
  };
}
