import { describe, expect, it } from 'vitest';
import { exportAddress, inventoryFilter, inventorySearch, isFiltered } from './search';

const today = new Date('2026-03-11T00:00:00.000Z');

describe('the address of the inventory', () => {
  it('keeps what can be filtered by, and drops words that nobody knows', () => {
    const search = inventorySearch({
      status: 'GONE',
      kept: 'device',
      unused: '90',
      order: 'SIDEWAYS',
      q: ' x ',
    });
    expect(search).toMatchObject({
      q: 'x',
      kept: 'device',
      unused: '90',
      status: undefined,
      order: undefined,
    });
    expect(inventoryFilter(search, today)).toEqual({
      deviceBound: true,
      unusedSince: '2025-12-11T00:00:00.000Z',
    });
  });

  it('tells what was never used and what is old from what is new', () => {
    expect(inventoryFilter(inventorySearch({ unused: 'never', created: 'old-365' }), today)).toEqual({
      neverUsed: true,
      createdBefore: '2025-03-11T00:00:00.000Z',
    });
    expect(inventoryFilter(inventorySearch({ created: 'new-30', attested: 'no' }), today)).toEqual({
      createdAfter: '2026-02-09T00:00:00.000Z',
      attested: false,
    });
  });

  it('is filtered by what narrows it, not by its page or its order', () => {
    expect(isFiltered(inventorySearch({ after: 'x', order: 'CREATED_AT_ASC' }))).toBe(false);
    expect(isFiltered(inventorySearch({ model: 'x' }))).toBe(true);
  });

  it('exports what it shows', () => {
    const search = inventorySearch({ q: 'key & lock', attested: 'yes', after: 'x' });
    expect(exportAddress('R/1', search, today)).toBe(
      '/realms/R%2F1/credentials/export?format=csv&query=key+%26+lock&attested=true',
    );
  });
});
