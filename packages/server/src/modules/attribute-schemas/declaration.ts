import { z } from 'zod';
import { verbatim } from '../../kernel/text.js';
import {
  type AttributeProperty,
  type AttributeSchema,
  MAX_ITEMS,
  MAX_PROPERTIES,
  MAX_TEXT,
  type ScalarProperty,
} from './attribute-schemas.types.js';
import { problemsOfValue } from './validate.js';

const annotations = {
  title: verbatim(200).optional(),
  description: verbatim(1_000, 'many').optional(),
};
const count = (max: number) => z.number().int().min(0).max(max, `At most ${max}.`).optional();
const enumOf = <T extends z.ZodType>(value: T) =>
  z
    .array(value)
    .min(1, 'An enum names at least one value.')
    .max(200, 'An enum names at most 200 values.')
    .refine((values) => new Set(values).size === values.length, 'An enum names each value once.')
    .optional();
const bounds = { minimum: z.number().optional(), maximum: z.number().optional() };

const text = z.strictObject({
  type: z.literal('string'),
  ...annotations,
  enum: enumOf(verbatim(MAX_TEXT)),
  minLength: count(MAX_TEXT),
  maxLength: count(MAX_TEXT),
  format: z.enum(['date', 'date-time', 'email', 'uri']).optional(),
});
const decimal = z.strictObject({
  type: z.literal('number'),
  ...annotations,
  ...bounds,
  enum: enumOf(z.number()),
});
const integer = z.strictObject({
  type: z.literal('integer'),
  ...annotations,
  ...bounds,
  enum: enumOf(z.number().int()),
});
const truth = z.strictObject({ type: z.literal('boolean'), ...annotations });
const list = z.strictObject({
  type: z.literal('array'),
  ...annotations,
  items: z.discriminatedUnion('type', [text, decimal, integer, truth]),
  maxItems: count(MAX_ITEMS),
});

const property = z.discriminatedUnion('type', [text, decimal, integer, truth, list]);

/** SCIM (RFC 7643, section 2.1) compares names without regard to case, so two names differ in more than that. */
const NAME = /^[A-Za-z][A-Za-z0-9_]{0,63}$/;

const properties = z
  .record(
    z.string().regex(NAME, 'A name begins with a letter and has letters, digits and _ only, at most 64.'),
    property,
  )
  .superRefine((declared, issues) => {
    const names = Object.keys(declared);
    if (names.length > MAX_PROPERTIES) issues.addIssue(`At most ${MAX_PROPERTIES} attributes.`);
    const seen = new Set<string>();
    for (const name of names) {
      const key = name.toLowerCase();
      if (seen.has(key))
        issues.addIssue({ code: 'custom', path: [name], message: 'This name is there twice.' });
      seen.add(key);
      const fault = contradiction(declared[name]);
      if (fault) issues.addIssue({ code: 'custom', path: [name], message: fault });
    }
  });

/**
 * What a realm may declare: a profile of JSON Schema draft 2020-12. An object of named properties, each a string,
 * number, integer, boolean or an array of those, with the keywords above and no others: no patterns, no references,
 * nothing nested, so that every check takes a bounded time.
 */
export const attributeSchema: z.ZodType<AttributeSchema> = z
  .strictObject({
    $schema: z.literal('https://json-schema.org/draft/2020-12/schema').optional(),
    type: z.literal('object'),
    ...annotations,
    properties,
    required: z.array(z.string()).max(MAX_PROPERTIES, `At most ${MAX_PROPERTIES} attributes.`).optional(),
    additionalProperties: z.literal(false, 'additionalProperties must be false.'),
  })
  .superRefine((schema, issues) => {
    schema.required?.forEach((name, index) => {
      if (!Object.hasOwn(schema.properties, name))
        issues.addIssue({
          code: 'custom',
          path: ['required', index],
          message: `There is no attribute ${name} to be required.`,
        });
    });
  });

/** A declaration that nothing could meet, in words. */
function contradiction(declared: AttributeProperty | undefined): string | undefined {
  if (!declared) return undefined;
  if (declared.type === 'array') return contradiction(declared.items);
  if (declared.type === 'string' && (declared.minLength ?? 0) > (declared.maxLength ?? MAX_TEXT))
    return 'minLength is more than maxLength.';
  if (
    (declared.type === 'number' || declared.type === 'integer') &&
    (declared.minimum ?? -Infinity) > (declared.maximum ?? Infinity)
  )
    return 'minimum is more than maximum.';
  if (declared.type === 'boolean') return undefined;
  const rest: ScalarProperty = { ...declared, enum: undefined };
  const wrong = declared.enum?.find((value) => problemsOfValue(rest, value).length > 0);
  return wrong === undefined ? undefined : `The enum names ${JSON.stringify(wrong)}, which the rest refuses.`;
}
