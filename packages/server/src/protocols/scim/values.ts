import { badRequest } from './errors.js';
import { type Attribute, subOf } from './schema.js';

/** One of several values of an attribute: its parts under the names of the schema. */
export type Element = Readonly<Record<string, string | number | boolean>>;
export type Value =
  | string
  | number
  | boolean
  | Element
  | readonly Element[]
  | readonly (string | number | boolean)[];
/** A resource by the names of its schema; what an extension adds stands under the extension's URN. */
export type Resource = Readonly<Record<string, Value | Readonly<Record<string, Value>>>>;

const isObject = (value: unknown): value is object =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Own properties only, each under the name that the client wrote. */
export const entriesOf = (value: unknown): [string, unknown][] =>
  isObject(value) ? Object.entries(value) : [];

/** Without the property; what is given stays as it is. */
export const omit = <T extends object>(value: T, name: string): T =>
  Object.fromEntries(Object.entries(value).filter(([key]) => key !== name)) as T;

export const partOf = (
  element: Element,
  sub: Attribute | undefined,
): string | number | boolean | undefined =>
  sub && Object.hasOwn(element, sub.name) ? element[sub.name] : undefined;

/** Entra wraps single values into a list of one. */
const unwrapped = (value: unknown): unknown =>
  Array.isArray(value) && value.length === 1 ? value[0] : value;

const isNothing = (value: unknown): boolean => value === null || value === undefined || value === '';

const wrong = (name: string, wanted: string) => badRequest('invalidValue', `${name} must be ${wanted}.`);

/** @returns null for what empties the attribute: null, nothing, or an empty text (RFC 7643, section 2.5) */
export function scalarOf(
  { type }: Attribute,
  name: string,
  given: unknown,
): string | number | boolean | null {
  const value = unwrapped(given);
  if (isNothing(value) || (Array.isArray(value) && value.length === 0)) return null;
  switch (type) {
    case 'boolean':
      return booleanOf(name, value);
    case 'integer':
    case 'decimal':
      return numberOf(type, name, value);
    default:
      if (typeof value === 'string') return value;
      throw wrong(name, 'text');
  }
}

/** Entra writes booleans as words. */
function booleanOf(name: string, value: unknown): boolean {
  if (typeof value === 'boolean') return value;
  const word = typeof value === 'string' ? value.toLowerCase() : '';
  if (word === 'true' || word === 'false') return word === 'true';
  throw wrong(name, 'true or false');
}

function numberOf(type: 'integer' | 'decimal', name: string, value: unknown): number {
  const number = typeof value === 'string' && /^-?\d+(\.\d+)?$/.test(value) ? Number(value) : value;
  if (
    typeof number === 'number' &&
    (type === 'integer' ? Number.isSafeInteger(number) : Number.isFinite(number))
  )
    return number;
  throw wrong(name, type === 'integer' ? 'a whole number' : 'a number');
}

/** The parts that are given, of those that the schema has and a client may say; null for one that is emptied. */
export function partsOf(of: Attribute, given: unknown): [Attribute, string | number | boolean | null][] {
  const value = unwrapped(given);
  if (!isObject(value)) {
    const whole = subOf(of, 'value');
    if (whole && typeof value === 'string') return [[whole, scalarOf(whole, of.name, value)]];
    throw wrong(of.name, 'an object');
  }
  return entriesOf(value).flatMap(([key, part]): [Attribute, string | number | boolean | null][] => {
    const sub = subOf(of, key);
    // What is not of the schema, or not for the client to say, is left out without a fault (RFC 7644, section 3.3).
    if (!sub || sub.mutability === 'readOnly') return [];
    return [[sub, scalarOf(sub, `${of.name}.${sub.name}`, part)]];
  });
}

/** With every part that is given set, and without those that are emptied. */
export function withParts(
  element: Element,
  parts: readonly (readonly [Attribute, string | number | boolean | null])[],
): Element {
  const all = new Map(Object.entries(element));
  for (const [{ name }, part] of parts) {
    if (part === null) all.delete(name);
    else all.set(name, part);
  }
  return Object.fromEntries(all);
}

/** What one PATCH may cost grows with the square of it; the directory itself keeps fewer. */
const MOST_ELEMENTS = 100;

export function bounded<T>(name: string, list: readonly T[]): readonly T[] {
  if (list.length > MOST_ELEMENTS) throw wrong(name, `at most ${MOST_ELEMENTS} values`);
  return list;
}

export function elementsOf(of: Attribute, given: unknown): Element[] {
  if (isNothing(given)) return [];
  const list = Array.isArray(given) ? given : [given];
  return saying(
    of,
    bounded(of.name, list).map((item) => withParts({}, partsOf(of, item))),
  );
}

export function scalarsOf(of: Attribute, given: unknown): (string | number | boolean)[] {
  if (isNothing(given)) return [];
  const list = Array.isArray(given) ? given : [given];
  return bounded(of.name, list)
    .map((item) => scalarOf(of, of.name, item))
    .filter((item) => item !== null);
}

const LABELS = new Set(['type', 'primary', 'display']);

/** A value that is only labelled says nothing. */
export const says = (of: Attribute, element: Element): boolean =>
  subOf(of, 'value') ? Object.hasOwn(element, 'value') : Object.keys(element).some((key) => !LABELS.has(key));

export const saying = (of: Attribute, elements: readonly Element[]): Element[] =>
  elements.filter((element) => says(of, element));

/** Of several primary values the one that was set last is meant (RFC 7643, section 2.4: at most one). */
export function onePrimary(elements: readonly Element[], latest: ReadonlySet<Element>): Element[] {
  const primaries = elements.filter((element) => element.primary === true);
  if (primaries.length < 2) return [...elements];
  const kept = primaries.findLast((element) => latest.has(element)) ?? primaries[0];
  return elements.map((element) =>
    element.primary === true && element !== kept ? { ...element, primary: false } : element,
  );
}
