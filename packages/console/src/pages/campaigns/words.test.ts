import { describe, expect, it } from 'vitest';
import { campaignSearch } from './search';
import { daysOf, endOfDay } from './words';

describe('what is typed into a campaign', () => {
  it.each([
    ['7, 3, 1', [7, 3, 1]],
    [' 7 3;1 ', [7, 3, 1]],
    ['', []],
    ['7 days', undefined],
    ['1.5', undefined],
  ])('reads the days of %j', (text, days) => {
    expect(daysOf(text)).toEqual(days);
  });

  it('ends with the day, and is no date where nothing was typed', () => {
    const end = endOfDay('2026-03-11');
    expect(new Date(end ?? '').getHours()).toBe(23);
    expect(endOfDay('')).toBeUndefined();
    expect(endOfDay('tomorrow')).toBeUndefined();
  });

  it('keeps a known state in the address', () => {
    expect(campaignSearch({ state: 'WAITING', after: 'x' })).toEqual({ state: 'WAITING', after: 'x' });
    expect(campaignSearch({ state: 'LOST' })).toMatchObject({ state: undefined });
  });
});
