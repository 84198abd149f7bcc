import { describe, expect, it } from 'vitest';
import { limitsInWords, numberOf } from './limits';

describe('the limits of a client', () => {
  it('are told with their window', () => {
    expect(limitsInWords({ maxCount: 1500, maxPercent: 10, windowMinutes: 60 })).toBe(
      '1,500 or 10 % in 60 min',
    );
    expect(limitsInWords({ maxCount: 0, maxPercent: null, windowMinutes: 5 })).toBe('0 in 5 min');
  });

  it('are off without a window, or without any limit', () => {
    expect(limitsInWords({ maxCount: 50, maxPercent: null, windowMinutes: null })).toBe('Off');
    expect(limitsInWords({ maxCount: null, maxPercent: null, windowMinutes: 60 })).toBe('Off');
  });

  it('tell an emptied field from a zero', () => {
    expect([numberOf(''), numberOf(0), numberOf('12')]).toEqual([null, 0, 12]);
  });
});
