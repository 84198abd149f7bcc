import { describe, expect, it } from 'vitest';
import type { AttributeProperty, AttributeSchema } from './attribute-schemas.types.js';
import { attributeSchema } from './declaration.js';
import { validateAttributes } from './validate.js';

const schemaOf = (properties: Record<string, AttributeProperty>, required?: string[]): AttributeSchema => ({
  type: 'object',
  properties,
  ...(required ? { required } : {}),
  additionalProperties: false,
});

const refusal = (declared: unknown) => attributeSchema.safeParse(declared).error?.issues[0];

describe('a declaration of attributes', () => {
  it('may use every keyword of the profile', () => {
    const whole = {
      $schema: 'https://json-schema.org/draft/2020-12/schema',
      title: 'People',
      ...schemaOf(
        {
          badge: { type: 'string', title: 'Badge', description: 'On the card', minLength: 2, maxLength: 8 },
          hired: { type: 'string', format: 'date' },
          level: { type: 'integer', minimum: 1, maximum: 9 },
          share: { type: 'number', enum: [0.5, 1] },
          remote: { type: 'boolean' },
          skills: { type: 'array', items: { type: 'string', enum: ['ts', 'sql'] }, maxItems: 3 },
        },
        ['badge'],
      ),
    };
    expect(attributeSchema.parse(whole)).toEqual(whole);
  });

  it.each<[string, unknown]>([
    ['a pattern', schemaOf({ a: { type: 'string', pattern: '(a+)+$' } as never })],
    ['a reference', schemaOf({ a: { $ref: '#/b' } as never })],
    ['an object in it', schemaOf({ a: { type: 'object' } as never })],
    ['a list of lists', schemaOf({ a: { type: 'array', items: { type: 'array' } } as never })],
    ['more than it names', { ...schemaOf({}), additionalProperties: true }],
    ['silence about more', { type: 'object', properties: {} }],
    ['a required attribute that is not there', schemaOf({ a: { type: 'string' } }, ['b'])],
    ['a name that is one of the language', schemaOf({ ['__proto__x' as string]: { type: 'string' } })],
    ['two names that differ in case', schemaOf({ badge: { type: 'string' }, Badge: { type: 'string' } })],
    ['bounds that cross', schemaOf({ a: { type: 'integer', minimum: 3, maximum: 2 } })],
    ['lengths that cross', schemaOf({ a: { type: 'string', minLength: 3, maxLength: 2 } })],
    ['an enum that the rest refuses', schemaOf({ a: { type: 'string', maxLength: 1, enum: ['ab'] } })],
    ['an enum of another type', schemaOf({ a: { type: 'integer', enum: [1.5] } })],
    ['a value twice', schemaOf({ a: { type: 'string', enum: ['x', 'x'] } })],
    [
      'more than a hundred',
      schemaOf(
        Object.fromEntries(Array.from({ length: 101 }, (_, n) => [`a${n}`, { type: 'boolean' } as const])),
      ),
    ],
  ])('refuses %s', (_, declared) => {
    expect(refusal(declared)).toBeDefined();
  });

  it('says where the fault is', () => {
    const declared = schemaOf({ ok: { type: 'boolean' }, bad: { type: 'integer', minimum: 2, maximum: 1 } });
    expect(refusal(declared)).toMatchObject({
      path: ['properties', 'bad'],
      message: 'minimum is more than maximum.',
    });
  });
});

describe('attributes', () => {
  const one = (declared: AttributeProperty, value: unknown) =>
    validateAttributes(schemaOf({ a: declared }), { a: value });

  it.each<[AttributeProperty, unknown[], unknown[]]>([
    [{ type: 'string' }, ['', 'x'], [1, true, ['x'], 'a\0b', 'x'.repeat(4001)]],
    [{ type: 'string', minLength: 2, maxLength: 2 }, ['ab', '👩👩'], ['a', '👩', 'abc']],
    [{ type: 'string', enum: ['on', 'off'] }, ['on'], ['On', '']],
    [
      { type: 'string', format: 'date' },
      ['2024-02-29', '2000-02-29'],
      ['2023-02-29', '1900-02-29', '2024-13-01', '2024-00-10', '2024-01-00', '24-01-01'],
    ],
    [
      { type: 'string', format: 'date-time' },
      ['2026-01-31T09:30:00Z', '2026-01-31t09:30:00.5+02:00'],
      ['2026-01-31', '2026-02-30T09:30:00Z', '2026-01-31T24:00:00Z', '2026-01-31T09:30:00'],
    ],
    [{ type: 'string', format: 'email' }, ['a@b.example', 'ü@bücher.example'], ['a', 'a@', 'a b@c', '@b']],
    [
      { type: 'string', format: 'uri' },
      ['https://a.example/x?y#z', 'urn:a:b', 'mailto:a@b.example'],
      ['/relative', 'a b', 'https://', 'https://a.example/ü'],
    ],
    [{ type: 'number', minimum: 0, maximum: 1 }, [0, 0.5, 1], [-0.1, 1.1, '0', Number.NaN, Infinity]],
    [{ type: 'integer' }, [0, -3, 5.0], [1.5, 2 ** 60, '3']],
    [{ type: 'boolean' }, [true, false], ['true', 1, 0]],
    [
      { type: 'array', items: { type: 'integer', maximum: 3 }, maxItems: 2 },
      [[], [1, 2]],
      [[1, 2, 3], [4], 1, {}],
    ],
  ])('declared as %j are taken and refused as JSON Schema says', (declared, good, bad) => {
    for (const value of good) expect(one(declared, value), JSON.stringify(value)).toEqual([]);
    for (const value of bad) expect(one(declared, value), JSON.stringify(value)).not.toEqual([]);
  });

  it('tells every fault with its path', () => {
    const schema = schemaOf(
      { level: { type: 'integer' }, skills: { type: 'array', items: { type: 'string' } } },
      ['level', 'badge'].slice(0, 1),
    );
    expect(validateAttributes(schema, { skills: ['a', 1], constructor: 'x', ['__proto__']: 1 })).toEqual([
      { path: ['level'], message: 'level is required.' },
      { path: ['skills', '1'], message: 'This must be text.' },
      { path: ['constructor'], message: 'This realm declares no attribute constructor.' },
      { path: ['__proto__'], message: 'This realm declares no attribute __proto__.' },
    ]);
  });
});
