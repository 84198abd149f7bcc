import { describe, expect, it } from 'vitest';
import { countOf, namesOf, sorted } from './bulk';

const chosen = new Map([
  ['1', 'Ada'],
  ['2', 'Grace'],
]);

describe('an action on many identities', () => {
  it('names each that failed, and counts the others as done', () => {
    const results = [
      { identityId: '1', error: null },
      { identityId: '2', error: { message: 'Nobody would be left.' } },
    ];
    expect(sorted(chosen, results)).toEqual({
      done: ['1'],
      failures: [{ id: '2', name: 'Grace', message: 'Nobody would be left.' }],
    });
  });

  it('says how many and whom it is about', () => {
    expect([countOf(1), countOf(2), countOf(1000)]).toEqual([
      '1 identity',
      '2 identities',
      '1,000 identities',
    ]);
    expect(namesOf(chosen)).toBe('Ada, Grace');
    const many = new Map(Array.from({ length: 12 }, (_, index) => [String(index), `n${index}`]));
    expect(namesOf(many)).toMatch(/^n0, .*n9 and 2 more$/);
  });
});
