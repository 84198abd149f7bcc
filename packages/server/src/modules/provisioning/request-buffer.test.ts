import { describe, expect, it, vi } from 'vitest';
import { createBuffer } from './request-buffer.js';

function buffering(write: (batch: readonly number[]) => Promise<void>, most = 1000) {
  const failed = vi.fn();
  return { failed, buffer: createBuffer<number>({ write, everyMs: 5, batch: 10, most, failed }) };
}

describe('the buffer of the request log', () => {
  it('writes everything in order and few batches', async () => {
    const batches: number[][] = [];
    const { buffer } = buffering(async (batch) => void batches.push([...batch]));
    for (let i = 0; i < 25; i++) buffer.add(i);
    await vi.waitFor(() => expect(batches.flat()).toHaveLength(25));
    expect(batches.flat()).toEqual(Array.from({ length: 25 }, (_, i) => i));
    expect(batches.length).toBeLessThanOrEqual(4);
  });

  it('writes what waits when it is closed, and takes nothing after', async () => {
    const written: number[] = [];
    const { buffer } = buffering(async (batch) => void written.push(...batch));
    buffer.add(1);
    await buffer.close();
    buffer.add(2);
    await buffer.close();
    expect(written).toEqual([1]);
  });

  it('loses nothing when a write fails once, and says that it failed', async () => {
    const written: number[] = [];
    let failures = 1;
    const { buffer, failed } = buffering(async (batch) => {
      if (failures-- > 0) throw new Error('away');
      written.push(...batch);
    });
    buffer.add(1);
    buffer.add(2);
    await vi.waitFor(() => expect(written).toEqual([1, 2]));
    expect(failed).toHaveBeenCalledTimes(1);
  });

  it('gives up a batch that can never be written, and goes on with the next', async () => {
    const written: number[] = [];
    const { buffer, failed } = buffering(async (batch) => {
      if (batch.includes(0)) throw new Error('poison');
      written.push(...batch);
    });
    for (let i = 0; i < 15; i++) buffer.add(i);
    await vi.waitFor(() => expect(written).toEqual([10, 11, 12, 13, 14]));
    expect(failed).toHaveBeenCalledTimes(3);
  });

  it('holds a bounded number while nothing can be written, and keeps the newest', async () => {
    const written: number[] = [];
    let away = true;
    const { buffer } = buffering(async (batch) => {
      if (away) throw new Error('away');
      written.push(...batch);
    }, 20);
    for (let i = 0; i < 100; i++) buffer.add(i);
    away = false;
    await buffer.close();
    expect(written.length).toBeLessThanOrEqual(20);
    expect(written.at(-1)).toBe(99);
  });
});
