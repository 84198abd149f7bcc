import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ScimError } from './errors.js';
import { type Filter, parseFilter } from './filter.js';
import { PLAIN_USER } from './resource-types.js';

/** The filter in a form that can be read: names with their parts, values in JSON. */
function shown(filter: Filter): string {
  switch (filter.kind) {
    case 'and':
    case 'or':
      return `(${filter.items.map(shown).join(` ${filter.kind} `)})`;
    case 'not':
      return `not ${shown(filter.item)}`;
    case 'element':
      return `${filter.target.attribute.name}[${shown(filter.item)}]`;
    default: {
      const { attribute, sub } = filter.target;
      const name = sub ? `${attribute.name}.${sub.name}` : attribute.name;
      return filter.kind === 'present'
        ? `${name} pr`
        : `${name} ${filter.op} ${JSON.stringify(filter.value)}`;
    }
  }
}

describe('SCIM filters', () => {
  it.each([
    ['userName eq "bjensen"', 'userName eq "bjensen"'],
    ['USERNAME EQ "bjensen"', 'userName eq "bjensen"'],
    ['urn:ietf:params:scim:schemas:core:2.0:User:userName sw "J"', 'userName sw "J"'],
    ['name.familyName co "O\'Malley"', 'name.familyName co "O\'Malley"'],
    ['active eq true', 'active eq true'],
    ['active eq "False"', 'active eq false'],
    ['displayName pr', 'displayName pr'],
    ['displayName eq null', 'not displayName pr'],
    ['emails co "example"', 'emails.value co "example"'],
    ['emails[type eq "work" and value co "@a"]', 'emails[(emails.type eq "work" and emails.value co "@a")]'],
    ['emails[type eq "work"].value eq "x"', 'emails[(emails.type eq "work" and emails.value eq "x")]'],
    ['emails[not (type eq "work")]', 'emails[not emails.type eq "work"]'],
    ['not(userName eq "a")', 'not userName eq "a"'],
    [
      'userName eq "a" or userName eq "b" and active eq true',
      '(userName eq "a" or (userName eq "b" and active eq true))',
    ],
    [
      '(userName eq "a" or userName eq "b") and active eq true',
      '((userName eq "a" or userName eq "b") and active eq true)',
    ],
    ['userName eq "a \\"b\\" \\\\ \\u00f3"', 'userName eq "a \\"b\\" \\\\ ó"'],
    [
      'meta.lastModified ge "2026-01-02T03:04:05.1234567Z"',
      'meta.lastModified ge "2026-01-02T03:04:05.123Z"',
    ],
  ])('reads %s', (text, meant) => {
    expect(shown(parseFilter(PLAIN_USER, text))).toBe(meant);
  });

  it.each([
    '',
    'userName',
    'userName eq',
    'eq "x"',
    'userName eq "x',
    'userName eq x',
    'userName is "x"',
    'nobody eq "x"',
    '__proto__ eq "x"',
    'constructor.name eq "x"',
    'name eq "x"',
    'name.nothing eq "x"',
    'password eq "x"',
    'active gt true',
    'active eq "perhaps"',
    'meta.created eq "yesterday"',
    'userName eq "x" and',
    'userName eq "x" userName eq "y"',
    '(userName eq "x"',
    'userName eq "x")',
    'emails[]',
    'emails[type eq "work"',
    'userName[type eq "work"]',
    'emails[type eq "work"].nothing eq "x"',
    'not userName eq "x"',
    'userName eq 5',
    'userName eq "a\\u0000b"',
    `userName eq "${'x'.repeat(9000)}"`,
  ])('refuses %j', (text) => {
    expect(() => parseFilter(PLAIN_USER, text)).toThrow(ScimError);
  });

  it('is bounded: brackets, chains and noise cost no more than their length', () => {
    expect(() => parseFilter(PLAIN_USER, `${'('.repeat(3000)}userName eq "x"${')'.repeat(3000)}`)).toThrow(
      /deeply/,
    );
    expect(() =>
      parseFilter(PLAIN_USER, Array.from({ length: 300 }, () => 'active pr').join(' or ')),
    ).toThrow(/terms/);
    expect(
      shown(parseFilter(PLAIN_USER, Array.from({ length: 200 }, () => 'active pr').join(' or '))),
    ).toContain('or');
  });

  it('throws nothing but a SCIM error, whatever it is given', () => {
    const piece = fc.constantFrom(
      ...[
        'userName',
        'emails',
        'eq',
        'and',
        'or',
        'not',
        'pr',
        '(',
        ')',
        '[',
        ']',
        '"x"',
        '"',
        '\\',
        '.',
        'null',
        ' ',
        '__proto__',
      ],
    );
    const text = fc.oneof(
      fc.string(),
      fc.array(piece, { maxLength: 40 }).map((parts) => parts.join(' ')),
    );
    fc.assert(
      fc.property(text, (input) => {
        try {
          parseFilter(PLAIN_USER, input);
        } catch (error) {
          if (!(error instanceof ScimError)) throw error;
          expect(error.scimType).toBe('invalidFilter');
        }
      }),
      { numRuns: 2000 },
    );
  });
});
