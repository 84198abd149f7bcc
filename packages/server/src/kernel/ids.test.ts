import { afterEach, describe, expect, it, vi } from 'vitest';
import { isId, newId } from './ids.js';

describe('ids', () => {
  afterEach(() => {
    vi.useRealTimers();
  });

  it('are in the order in which they were made, also within a millisecond, and never the same', () => {
    vi.useFakeTimers({ toFake: ['Date'] });
    const ids = Array.from({ length: 10_000 }, newId);
    expect(ids.toSorted()).toEqual(ids);
    expect(new Set(ids).size).toBe(ids.length);
    expect(ids.every(isId)).toBe(true);
  });

  it('tell their time, of a clock that was set back as well', () => {
    const timeOf = (id: string) => Number.parseInt(id.replace('-', '').slice(0, 12), 16);
    for (const now of [Date.parse('2031-01-01'), Date.parse('2026-01-01')]) {
      vi.useFakeTimers({ toFake: ['Date'], now });
      expect(timeOf(newId())).toBe(now);
    }
  });
});
