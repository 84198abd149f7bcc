import { badRequest } from './errors.js';
import { entriesOf } from './values.js';

export type Op = 'add' | 'replace' | 'remove';

export interface Operation {
  readonly op: Op;
  readonly path: string | undefined;
  readonly value: unknown;
}

/** Without a path each attribute of the value is an operation by itself. */
const MAX_OPERATIONS = 1000;

/** The operations of a PATCH body (RFC 7644, section 3.5.2), in any case. @throws ScimError */
export function parsePatch(body: unknown): Operation[] {
  const operations = entriesOf(body).find(([key]) => key.toLowerCase() === 'operations')?.[1];
  if (!Array.isArray(operations)) throw badRequest('invalidSyntax', 'A PATCH has a list of Operations.');
  if (operations.length > MAX_OPERATIONS)
    throw badRequest('tooMany', `A PATCH has at most ${MAX_OPERATIONS} operations.`);
  const parsed = operations.map(parseOperation);
  const steps = parsed.reduce((sum, { path, value }) => sum + (path ? 1 : entriesOf(value).length), 0);
  if (steps > MAX_OPERATIONS)
    throw badRequest('tooMany', `A PATCH changes at most ${MAX_OPERATIONS} attributes.`);
  return parsed;
}

function parseOperation(item: unknown): Operation {
  const fields = new Map(entriesOf(item).map(([key, value]) => [key.toLowerCase(), value]));
  const op = typeof fields.get('op') === 'string' ? String(fields.get('op')).toLowerCase() : '';
  const path = fields.get('path');
  if (op !== 'add' && op !== 'replace' && op !== 'remove')
    throw badRequest('invalidSyntax', 'An operation is add, replace or remove.');
  if (path !== undefined && path !== null && typeof path !== 'string')
    throw badRequest('invalidPath', 'A path is text.');
  if (op === 'remove' && !path) throw badRequest('noTarget', 'A removal names what it removes.');
  if (op !== 'remove' && !fields.has('value'))
    throw badRequest('invalidValue', 'An operation needs a value.');
  return { op, path: path ? path : undefined, value: fields.get('value') };
}

/** @throws ScimError where a value without a path is not an object */
export function keysOf(value: unknown): [string, unknown][] {
  if (value === null || typeof value !== 'object' || Array.isArray(value))
    throw badRequest('invalidValue', 'Without a path the value is an object.');
  return entriesOf(value);
}

/** What clients repeat of the resource: `schemas` and `meta` say nothing, `id` may be said and not changed. */
export function isRepeated(key: string, value: unknown, id: string): boolean {
  const name = key.toLowerCase();
  if (name === 'id' && value !== id) throw badRequest('mutability', 'The id of a resource never changes.');
  return name === 'schemas' || name === 'meta' || name === 'id';
}
