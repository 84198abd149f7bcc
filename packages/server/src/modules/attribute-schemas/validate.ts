import type { FieldProblem } from '../../kernel/errors.js';
import {
  type AttributeProperty,
  type AttributeSchema,
  MAX_ITEMS,
  MAX_TEXT,
  type NumberProperty,
  type ScalarProperty,
  type TextFormat,
  type TextProperty,
} from './attribute-schemas.types.js';

/** @returns every fault with its path inside the attributes, such as `['badges', '2']`; none for what is as declared */
export function validateAttributes(
  schema: AttributeSchema,
  attributes: Readonly<Record<string, unknown>>,
): FieldProblem[] {
  const missing = (schema.required ?? [])
    .filter((name) => !Object.hasOwn(attributes, name))
    .map((name) => ({ path: [name], message: `${name} is required.` }));
  const wrong = Object.entries(attributes).flatMap(([name, value]) => {
    const declared = Object.hasOwn(schema.properties, name) ? schema.properties[name] : undefined;
    if (!declared)
      return [{ path: [name], message: `This realm declares no attribute ${name.slice(0, 100)}.` }];
    return problemsOf(declared, value).map(({ path, message }) => ({ path: [name, ...path], message }));
  });
  return [...missing, ...wrong];
}

function problemsOf(declared: AttributeProperty, value: unknown): FieldProblem[] {
  if (declared.type !== 'array')
    return problemsOfValue(declared, value).map((message) => ({ path: [], message }));
  if (!Array.isArray(value)) return [{ path: [], message: 'This must be a list.' }];
  const most = declared.maxItems ?? MAX_ITEMS;
  if (value.length > most) return [{ path: [], message: `At most ${most} values.` }];
  return value.flatMap((item, index) =>
    problemsOfValue(declared.items, item).map((message) => ({ path: [String(index)], message })),
  );
}

/** @returns a sentence for each fault of one value */
export function problemsOfValue(declared: ScalarProperty, value: unknown): string[] {
  if (declared.type === 'boolean') return typeof value === 'boolean' ? [] : ['This must be true or false.'];
  const problems = declared.type === 'string' ? ofText(declared, value) : ofNumber(declared, value);
  const allowed: readonly unknown[] | undefined = declared.enum;
  if (problems.length === 0 && allowed && !allowed.includes(value))
    return ['This is none of the values that the realm allows.'];
  return problems;
}

function ofText(declared: TextProperty, value: unknown): string[] {
  if (typeof value !== 'string') return ['This must be text.'];
  const { minLength = 0, maxLength = MAX_TEXT, format } = declared;
  const length = lengthOf(value);
  if (length < minLength) return [`At least ${minLength} characters.`];
  if (length > maxLength) return [`At most ${maxLength} characters.`];
  if (value.includes('\0')) return ['Control characters are not allowed.'];
  return format === undefined || FORMATS[format].test(value) ? [] : [FORMATS[format].fault];
}

const lengthOf = (text: string): number => {
  let points = 0;
  for (const _ of text) points += 1;
  return points;
};

function ofNumber(declared: NumberProperty, value: unknown): string[] {
  if (typeof value !== 'number' || !Number.isFinite(value)) return ['This must be a number.'];
  if (declared.type === 'integer' && !Number.isSafeInteger(value)) return ['This must be a whole number.'];
  if (declared.minimum !== undefined && value < declared.minimum) return [`At least ${declared.minimum}.`];
  if (declared.maximum !== undefined && value > declared.maximum) return [`At most ${declared.maximum}.`];
  return [];
}

/** RFC 3339, section 5.6: a day that the calendar has. */
function isDate(value: string): boolean {
  const [, year = '', month = '', day = ''] = /^(\d{4})-(\d{2})-(\d{2})$/.exec(value) ?? [];
  if (year === '' || Number(day) < 1) return false;
  const lengths = [31, isLeap(Number(year)) ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
  return Number(day) <= (lengths[Number(month) - 1] ?? 0);
}

const isLeap = (year: number): boolean => year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);

const TIME = /^([01]\d|2[0-3]):[0-5]\d:([0-5]\d|60)(\.\d{1,9})?(Z|[+-]([01]\d|2[0-3]):[0-5]\d)$/i;

const FORMATS: Readonly<Record<TextFormat, { test(value: string): boolean; fault: string }>> = {
  date: { test: isDate, fault: 'This is not a date such as 2026-01-31.' },
  'date-time': {
    test: (value) => isDate(value.slice(0, 10)) && /^t$/i.test(value[10] ?? '') && TIME.test(value.slice(11)),
    fault: 'This is not a time such as 2026-01-31T09:30:00Z.',
  },
  email: {
    test: (value) => value.length <= 320 && /^[^\s@\p{C}]+@[^\s@\p{C}]+$/u.test(value),
    fault: 'This is not an e-mail address.',
  },
  uri: {
    test: (value) => /^[a-z][a-z0-9+.-]*:[!-~]+$/i.test(value) && URL.canParse(value),
    fault: 'This is not an address such as https://example.com.',
  },
};
