import { describe, expect, it } from 'vitest';
import { masked } from './masking.js';

describe('a masked name', () => {
  it.each([
    ['Ada Lovelace', 'Ada L…'],
    ['  Ada  King Lovelace ', 'Ada K… L…'],
    ['ada', 'a…'],
    ['ada.lovelace@example.com', 'a…@example.com'],
    ['"a@b"@example.com', '"…@example.com'],
    ['@example.com', '@…'],
    ['山田太郎', '山…'],
    ['👩🏽‍💻', '👩🏽‍💻…'],
    ['', ''],
  ])('of %j is %j', (name, shown) => {
    expect(masked(name)).toBe(shown);
  });

  it('never holds more of a word after the first than its first character', () => {
    for (const [one = '', , two = ''] of [
      ['Grace', ' ', 'Hopper'],
      ['a', ' ', 'zz'],
      ['x', ' ', 'yx'],
    ]) {
      expect(masked(`${one} ${two}`)).toBe(`${one} ${two[0]}…`);
      expect(masked(`${one}@${two}`)).toBe(`${one[0]}…@${two}`);
    }
  });
});
