import { describe, expect, it } from 'vitest';
import { listSearch, pageArguments, parseSearch, stringifySearch } from './search';

describe('the state in the address', () => {
  it('comes back as it was written', () => {
    const search = { q: 'a&b = 42', after: 'WyIx+/8iXQ==' };
    expect(parseSearch(stringifySearch(search))).toEqual(search);
  });

  it('keeps a number that was searched for a text', () => {
    expect(listSearch(parseSearch('?q=42'))).toMatchObject({ q: '42' });
  });

  it('leaves out what is not set', () => {
    expect(stringifySearch({ q: undefined, after: null, before: '' })).toBe('');
  });

  it('asks for the first page unless it names another', () => {
    expect(pageArguments({})).toEqual({ first: 50, after: undefined });
    expect(pageArguments({ after: 'x' })).toEqual({ first: 50, after: 'x' });
    expect(pageArguments({ before: 'x' })).toEqual({ last: 50, before: 'x' });
  });

  it('follows one cursor when an address names two', () => {
    expect(listSearch({ after: 'x', before: 'y' })).toMatchObject({ after: 'x' });
    expect(listSearch({ after: 'x', before: 'y' })).not.toHaveProperty('before');
  });
});
