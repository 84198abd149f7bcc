import { afterEach, expect, it, vi } from 'vitest';
import { createFresh } from './fresh.js';

afterEach(() => {
  vi.useRealTimers();
});

it('remembers for its time, and no more than it may', () => {
  vi.useFakeTimers();
  const fresh = createFresh<number>(2, 1000);
  fresh.set('a', 1);
  fresh.set('b', 2);
  expect(fresh.get('a')).toBe(1);
  fresh.set('c', 3);
  expect([fresh.get('a'), fresh.get('b'), fresh.get('c')]).toEqual([undefined, 2, 3]);
  vi.advanceTimersByTime(1001);
  expect(fresh.get('c')).toBeUndefined();
});
