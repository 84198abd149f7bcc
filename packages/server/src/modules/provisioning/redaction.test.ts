import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { redactPath, redactText } from './redaction.js';

const AT = '/realms/01890000-0000-7000-8000-000000000000/scim/v2';
const ID = '01890000-0000-7000-8000-000000000001';
const filtered = (filter: string) => redactPath(`${AT}/Users?filter=${encodeURIComponent(filter)}`);

describe('redaction of the request log', () => {
  it.each([
    ['userName eq "ada@x.example"', 'userName eq "…"'],
    [
      'emails[type eq "work" and value co "@x"].value pr',
      'emails [ type eq "…" and value co "…" ] .value pr',
    ],
    [
      'not (active eq true) or meta.lastModified gt "2026-01-01"',
      'not ( active eq true ) or meta.lastModified gt "…"',
    ],
    ['userName eq ada@x.example', 'userName eq …'],
    ['userName eq Ada Lovelace', 'userName eq … …'],
    ['Ada eq "x"', '… eq "…"'],
    ['userName eq "ada', 'userName eq "…"'],
    ['userName eq "a\\"b" and title pr', 'userName eq "…" and title pr'],
    [
      'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:department eq "Sales"',
      'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:department eq "…"',
    ],
    ['id eq 42', 'id eq …'],
  ])('keeps the names and operators of %s', (filter, kept) => {
    expect(filtered(filter).path).toBe(`/Users?filter=${kept}`);
  });

  it.each([
    [`/Users/${ID}`, `/Users/${ID}`],
    ['/Users/ada@x.example', '/Users/…'],
    ['/Users/ada%40x.example/urn:ietf:params:scim:x', '/Users/…/…'],
    [
      '/Schemas/urn:ietf:params:scim:schemas:core:2.0:User',
      '/Schemas/urn:ietf:params:scim:schemas:core:2.0:User',
    ],
    [
      '/Users?attributes=userName,ada&excludedAttributes=members&startIndex=1&count=100',
      '/Users?attributes=userName,…&excludedAttributes=members&startIndex=1&count=100',
    ],
    [
      '/Users?sortBy=name.familyName&sortOrder=descending&ada=lovelace&cursor=abc',
      '/Users?sortBy=name.familyName&sortOrder=descending&…=…&cursor=…',
    ],
    ['/Users?count=ada&startIndex=%ff&sortOrder=ada', '/Users?count=…&startIndex=…&sortOrder=…'],
    ['/%zz', '/…'],
    ['', '/'],
  ])('keeps the endpoint and ids of %s', (path, kept) => {
    expect(redactPath(AT + path).path).toBe(kept);
  });

  /** Letters that occur in no name, no operator and no sentence of ours, among everything that has a meaning. */
  const SECRET = /[жλζω]/u;
  const letters = fc.constantFrom(...'жλζω');
  const value = fc.string({
    unit: fc.oneof({ weight: 3, arbitrary: letters }, fc.constantFrom(...'"\\ ()[].@%&=+?#\n:')),
    minLength: 1,
    maxLength: 12,
  });
  const word = fc.string({ unit: letters, minLength: 1, maxLength: 5 });
  const test = fc.oneof(
    value.map((text) => `userName eq ${JSON.stringify(text)}`),
    value.map((text) => `emails[type eq "work" and value co ${JSON.stringify(text)}].value sw "${text}`),
    word.map((text) => `displayName eq ${text} ${text}`),
    word.map((text) => `${text} eq "${text}"`),
    word.map((text) => `userName ${text} ${text} pr`),
    value.map((text) => `(${text}) ${text} and ${text}`),
  );
  const filter = fc
    .tuple(
      fc.array(fc.tuple(test, fc.constantFrom(' and ', ' or ', ' not ', '')), { minLength: 1, maxLength: 5 }),
      fc.nat(),
    )
    .map(([parts, cut]) => {
      const text = parts.flat().join('');
      return cut % 3 === 0 ? text.slice(0, cut % (text.length + 1)) : text;
    });

  it('lets no value of a filter through, whatever the filter looks like', () => {
    fc.assert(
      fc.property(filter, (text) => {
        expect(filtered(text).path).not.toMatch(SECRET);
      }),
      { numRuns: 3000 },
    );
  });

  it('lets no value through in the path, its parameters, or the text of the error that it leads to', () => {
    fc.assert(
      fc.property(fc.webUrl(), value, value, word, (_url, name, text, bare) => {
        const { path, removed } = redactPath(
          `${AT}/Users/${encodeURIComponent(text)}?${encodeURIComponent(name)}=${encodeURIComponent(text)}&filter=userName%20eq%20${encodeURIComponent(bare)}&attributes=${bare}`,
        );
        expect(path).not.toMatch(SECRET);
        const details = [
          `There is no attribute ${bare}.`,
          `userName: ${JSON.stringify(text)} is taken`,
          `There is no attribute emails[value eq "${text}`,
          `${bare.toUpperCase()}, (${bare}) can't be used`,
        ];
        for (const detail of details) expect(redactText(detail, removed, 500)).not.toMatch(/[жλζω]/iu);
      }),
      { numRuns: 1000 },
    );
  });

  it('keeps the sentence of an error, without people in it', () => {
    const none = new Set<string>();
    expect(redactText('emails.value: At most 254 characters.', none, 500)).toBe(
      'emails.value: At most 254 characters.',
    );
    expect(redactText('ada@x.example or +14255550100 is "Ada" of 7', none, 500)).toBe('… or … is "…" of 7');
    expect(redactText('emails[value eq "a"da"].x is "b', none, 500)).toBe('emails[value eq "…"');
    expect(redactText('one of "a", "b"!', none, 500)).toBe('one of "…"');
    expect(redactText(`There is no member ${ID}.`, none, 500)).toBe(`There is no member ${ID}.`);
    expect(redactText(`a${'b'.repeat(900)}\u0000\ud800`, none, 20)).toHaveLength(20);
  });
});
