import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { comparable } from './text.js';

describe('names as they are compared', () => {
  it.each([
    ['STRASSE', 'straße'],
    ['ΣΊΣΥΦΟΣ', 'σίσυφος'],
    ['ＡＤＭＩＮ', 'admin'],
    ['al\u200dice', 'alice'],
    ['e\u0301', 'É'],
  ])('takes %s and %s for one', (one, other) => {
    expect(comparable(one)).toBe(comparable(other));
  });

  it('does not change what it made', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(comparable(comparable(text))).toBe(comparable(text));
      }),
    );
  });
});
