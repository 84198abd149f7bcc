import { describe, expect, it } from 'vitest';
import { eventFilter, eventsSearch, fromLocal, toLocal } from './search';

const NOW = Date.parse('2026-01-31T12:00:00.000Z');

describe('a view of the events in the address', () => {
  it('filters by each part that it names', () => {
    const search = eventsSearch({ type: 'a.b,c.d', outcome: 'DENY', flow: 'f1', who: 'i1', span: '24h' });
    expect(eventFilter(search, NOW)).toEqual({
      types: ['a.b', 'c.d'],
      outcome: 'DENY',
      correlationId: 'f1',
      involvesId: 'i1',
      since: '2026-01-30T12:00:00.000Z',
    });
  });

  it('filters by nothing when it names nothing', () => {
    expect(eventFilter(eventsSearch({}), NOW)).toEqual({});
  });

  it('holds the moments of its own span only', () => {
    const search = eventsSearch({ span: 'custom', from: '2026-01-01T00:00:00Z', to: '2026-01-02T00:00:00Z' });
    expect(eventFilter(search, NOW)).toEqual({
      since: '2026-01-01T00:00:00.000Z',
      until: '2026-01-02T00:00:00.000Z',
    });
  });

  it('drops what is no moment and no known span', () => {
    expect(eventFilter(eventsSearch({ span: 'custom', from: 'yesterday' }), NOW)).toEqual({});
    expect(eventsSearch({ span: '5y' }).span).toBeUndefined();
  });

  it('shows a moment in a field and reads it back', () => {
    expect(fromLocal(toLocal('2026-01-31T09:30:00.000Z'))).toBe('2026-01-31T09:30:00.000Z');
    expect(fromLocal('')).toBeUndefined();
    expect(toLocal(undefined)).toBe('');
  });
});
