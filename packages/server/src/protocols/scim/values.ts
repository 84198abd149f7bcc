import { badRequest } from './errors.js';
import { type Attribute, subOf } from './schema.js';
import type { ScimEmail, ScimName } from './user.js';

const isObject = (value: unknown): value is object =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Own properties only, each under the name that the client wrote. */
export const entriesOf = (value: unknown): [string, unknown][] =>
  isObject(value) ? Object.entries(value) : [];

/** Entra wraps single values into a list of one. */
const unwrapped = (value: unknown): unknown =>
  Array.isArray(value) && value.length === 1 ? value[0] : value;

const wrong = (name: string, wanted: string) => badRequest('invalidValue', `${name} must be ${wanted}.`);

/** @returns null for what empties the attribute: null, nothing, or an empty text */
export function textOf(name: string, given: unknown): string | null {
  const value = unwrapped(given);
  if (value === null || value === undefined || value === '') return null;
  if (typeof value === 'string') return value;
  throw wrong(name, 'text');
}

/** Entra writes booleans as words. */
export function booleanOf(name: string, given: unknown): boolean {
  const value = unwrapped(given);
  if (typeof value === 'boolean') return value;
  const word = typeof value === 'string' ? value.toLowerCase() : '';
  if (word === 'true' || word === 'false') return word === 'true';
  throw wrong(name, 'true or false');
}

/** What a client says about a name; what it leaves out stays out. */
export function nameOf(attribute: Attribute, given: unknown): Partial<ScimName> {
  const value = unwrapped(given);
  if (value === null || value === undefined) return { formatted: null, familyName: null, givenName: null };
  if (!isObject(value)) throw wrong('name', 'an object');
  const found: Partial<Record<keyof ScimName, string | null>> = {};
  for (const [key, part] of entriesOf(value)) {
    const sub = subOf(attribute, key);
    // Parts that we do not keep, such as middleName, are left out without a fault.
    if (sub) found[sub.name as keyof ScimName] = textOf(`name.${sub.name}`, part);
  }
  return found;
}

/** What one PATCH may cost grows with the square of it; the directory itself keeps fewer. */
const MOST_ELEMENTS = 100;

export function emailsOf(attribute: Attribute, given: unknown): ScimEmail[] {
  if (given === null || given === undefined || given === '') return [];
  const list = Array.isArray(given) ? given : [given];
  return nonEmpty(bounded(list).map((item) => withParts(attribute, { value: '' }, item)));
}

export function bounded<T>(list: T[]): T[] {
  if (list.length > MOST_ELEMENTS) throw wrong('emails', `at most ${MOST_ELEMENTS} addresses`);
  return list;
}

export const nonEmpty = (emails: readonly ScimEmail[]): ScimEmail[] =>
  emails.filter((email) => email.value !== '');

/** The address with every part that is given set; what is left out stays. */
export function withParts(attribute: Attribute, email: ScimEmail, given: unknown): ScimEmail {
  const value = unwrapped(given);
  if (typeof value === 'string') return { ...email, value };
  if (!isObject(value)) throw wrong('emails', 'a list of objects');
  return entriesOf(value).reduce((current, [key, part]) => {
    const sub = subOf(attribute, key);
    return sub ? withPart(current, sub, part) : current;
  }, email);
}

/** The address with one part of it set or emptied. */
export function withPart(email: ScimEmail, sub: Attribute, given: unknown): ScimEmail {
  const { value, type, display, primary } = email;
  const parts = { value, type, display, primary } as Record<string, unknown>;
  if (sub.type === 'boolean')
    parts[sub.name] =
      given === null || given === undefined ? undefined : booleanOf(`emails.${sub.name}`, given);
  else parts[sub.name] = textOf(`emails.${sub.name}`, given) ?? (sub.name === 'value' ? '' : undefined);
  return Object.fromEntries(
    Object.entries(parts).filter(([, part]) => part !== undefined),
  ) as unknown as ScimEmail;
}

/** Of several primary addresses the one that was set last is meant (RFC 7643, section 2.4: at most one). */
export function onePrimary(emails: readonly ScimEmail[], latest: ReadonlySet<ScimEmail>): ScimEmail[] {
  const primaries = emails.filter((email) => email.primary === true);
  if (primaries.length < 2) return [...emails];
  const kept = primaries.findLast((email) => latest.has(email)) ?? primaries[0];
  return emails.map((email) =>
    email.primary === true && email !== kept ? { ...email, primary: false } : email,
  );
}
