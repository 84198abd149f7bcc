import { LIMITS, type Path } from './document.js';

/** A fault in a policy document: a stable code, a sentence, and where it is. */
export interface Problem {
  readonly code: 'NOT_AN_OBJECT' | 'UNKNOWN_KEY' | 'MISSING' | 'WRONG_TYPE' | 'UNKNOWN_VALUE' | 'TOO_LARGE';
  readonly message: string;
  readonly path: Path;
}

/** What a reader throws at the first fault. */
export class Fault extends Error {
  constructor(readonly problem: Problem) {
    super(problem.message);
  }
}

export const fail = (code: Problem['code'], message: string, path: Path): never => {
  throw new Fault({ code, message, path });
};

export function objectAt(
  json: unknown,
  path: Path,
  required: readonly string[],
  optional: readonly string[],
): Record<string, unknown> {
  if (typeof json !== 'object' || json === null || Array.isArray(json))
    return fail('NOT_AN_OBJECT', 'This must be an object.', path);
  const object: Record<string, unknown> = Object.assign(Object.create(null), json);
  for (const key of Object.keys(object))
    if (!required.includes(key) && !optional.includes(key))
      fail('UNKNOWN_KEY', `There is no "${shown(key)}" here.`, [...path, key]);
  for (const key of required)
    if (object[key] === undefined) fail('MISSING', `"${key}" is missing.`, [...path, key]);
  return object;
}

export function listAt(json: unknown, path: Path, max: number): readonly unknown[] {
  if (!Array.isArray(json)) return fail('WRONG_TYPE', 'This must be a list.', path);
  return json.length > max ? fail('TOO_LARGE', `This list has at most ${max} items.`, path) : json;
}

/** A text that is not empty. Half of a surrogate pair is no text: neither the database nor the text form can hold it. */
export function textAt(json: unknown, path: Path, max: number): string {
  if (typeof json !== 'string' || json === '' || /\p{Surrogate}/u.test(json))
    return fail('WRONG_TYPE', 'This must be a text.', path);
  return json.length > max ? fail('TOO_LARGE', `This has at most ${max} characters.`, path) : json;
}

export function flagAt(json: unknown, path: Path): boolean {
  return typeof json === 'boolean' ? json : fail('WRONG_TYPE', 'This is either true or false.', path);
}

/** A number that every reader of JSON and every number of the text form can hold. */
export function numberAt(json: unknown, path: Path): number {
  if (typeof json !== 'number' || !(Math.abs(json) <= Number.MAX_SAFE_INTEGER))
    return fail('WRONG_TYPE', 'This must be a number of at most 15 digits.', path);
  return json === 0 ? 0 : json;
}

export const valueTextAt = (json: unknown, path: Path): string => textAt(json, path, LIMITS.valueLength);

/** What the caller wrote, short enough for a sentence. */
export const shown = (text: string): string => (text.length > 60 ? `${text.slice(0, 60)}…` : text);
