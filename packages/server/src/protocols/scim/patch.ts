import { badRequest } from './errors.js';
import type { Filter } from './filter.js';
import { folded, matches } from './match.js';
import { parsePath, type Target } from './path.js';
import type { ScimEmail, ScimUser } from './user.js';
import {
  booleanOf,
  bounded,
  emailsOf,
  entriesOf,
  nameOf,
  nonEmpty,
  onePrimary,
  textOf,
  withPart,
  withParts,
} from './values.js';

type Op = 'add' | 'replace' | 'remove';

interface Operation {
  readonly op: Op;
  readonly path: string | undefined;
  readonly value: unknown;
}

const MAX_OPERATIONS = 1000;

/** The operations of a PATCH body (RFC 7644, section 3.5.2), in any case. @throws ScimError */
export function parsePatch(body: unknown): Operation[] {
  const operations = entriesOf(body).find(([key]) => key.toLowerCase() === 'operations')?.[1];
  if (!Array.isArray(operations)) throw badRequest('invalidSyntax', 'A PATCH has a list of Operations.');
  if (operations.length > MAX_OPERATIONS)
    throw badRequest('tooMany', `A PATCH has at most ${MAX_OPERATIONS} operations.`);
  return operations.map(parseOperation);
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

/** All of them or none: the user that is given is never changed. @throws ScimError */
export function applyPatch(user: ScimUser, id: string, operations: readonly Operation[]): ScimUser {
  return operations.reduce((current, operation) => applyOne(current, id, operation), user);
}

function applyOne(user: ScimUser, id: string, { op, path, value }: Operation): ScimUser {
  if (path !== undefined) {
    const target = parsePath(path);
    return target === 'not-kept' ? user : applyTo(user, op, target, value);
  }
  if (value === null || typeof value !== 'object' || Array.isArray(value))
    throw badRequest('invalidValue', 'Without a path the value is an object.');
  return entriesOf(value).reduce((current, [key, part]) => applyKey(current, id, op, key, part), user);
}

/** One key of a value without a path: a name, a dotted name or a URN, and what clients repeat of the resource. */
function applyKey(user: ScimUser, id: string, op: Op, key: string, value: unknown): ScimUser {
  const lower = key.toLowerCase();
  if (lower === 'schemas' || lower === 'meta') return user;
  if (lower === 'id') {
    if (value === id) return user;
    throw badRequest('mutability', 'The id of a user never changes.');
  }
  const found = parsePath(key);
  return found === 'not-kept' ? user : applyTo(user, op, found, value);
}

function applyTo(user: ScimUser, op: Op, target: Target, value: unknown): ScimUser {
  const { attribute, sub } = target;
  const given = op === 'remove' ? null : value;
  switch (attribute.name) {
    case 'userName': {
      const userName = textOf('userName', given);
      // RFC 7644, section 3.5.2.2.
      if (userName === null) throw badRequest('mutability', "userName is required and can't be emptied.");
      return { ...user, userName };
    }
    case 'externalId':
    case 'displayName':
      return { ...user, [attribute.name]: textOf(attribute.name, given) };
    case 'active':
      // Emptying it would mean the default, and let a suspended person in again.
      return { ...user, active: booleanOf('active', given) };
    case 'name':
      return {
        ...user,
        name: { ...user.name, ...(sub ? { [sub.name]: textOf(sub.name, given) } : nameOf(attribute, given)) },
      };
    case 'emails':
      return { ...user, emails: bounded(patchEmails(user.emails, op, target, value)) };
    default:
      throw badRequest('mutability', `${attribute.name} can't be changed.`);
  }
}

function patchEmails(emails: readonly ScimEmail[], op: Op, target: Target, value: unknown): ScimEmail[] {
  const { attribute, sub, filter } = target;
  if (filter) return patchMatching(emails, op, target, filter, value);
  if (sub) {
    const changed = emails.map((email) => withPart(email, sub, op === 'remove' ? null : value));
    return onePrimary(nonEmpty(changed), new Set(changed));
  }
  // Entra lists what it removes; an empty list removes nothing.
  if (op === 'remove')
    return value === undefined || value === null ? [] : without(emails, emailsOf(attribute, value));
  const given = emailsOf(attribute, value);
  if (op === 'replace') return onePrimary(given, new Set(given));
  return added(emails, given);
}

/** An address that is there already takes on what is said of it; nothing is listed twice. */
function added(emails: readonly ScimEmail[], given: readonly ScimEmail[]): ScimEmail[] {
  const list = [...emails];
  const latest = new Set<ScimEmail>();
  for (const email of given) {
    const at = list.findIndex((known) => meets(known, email));
    const next = { ...list[at], ...email, value: list[at]?.value ?? email.value };
    latest.add(next);
    list.splice(at < 0 ? list.length : at, 1, next);
  }
  return onePrimary(list, latest);
}

function patchMatching(
  emails: readonly ScimEmail[],
  op: Op,
  { attribute, sub }: Target,
  filter: Filter,
  value: unknown,
): ScimEmail[] {
  const matching = new Set(emails.filter((email) => matches(email, filter)));
  if (op === 'remove' && !sub) return emails.filter((email) => !matching.has(email));
  if (op === 'remove' && matching.size === 0) return [...emails];
  const changedOf = (email: ScimEmail): ScimEmail =>
    sub ? withPart(email, sub, op === 'remove' ? null : value) : withParts(attribute, email, value);
  if (matching.size === 0) {
    // Entra adds or replaces a part of an element that is not there yet.
    const made = sub || op === 'add' ? elementFrom(filter) : undefined;
    const fresh = made && changedOf(made);
    if (!fresh || (fresh.value === '' && sub?.name !== 'value'))
      throw badRequest('noTarget', 'No element matches the path.');
    return onePrimary(nonEmpty([...emails, fresh]), new Set([fresh]));
  }
  const latest = new Set<ScimEmail>();
  const changed = emails.map((email) => {
    if (!matching.has(email)) return email;
    const next = changedOf(email);
    latest.add(next);
    return next;
  });
  return onePrimary(nonEmpty(changed), latest);
}

/** A new element that the filter would match, where the filter only says what equals what. */
function elementFrom(filter: Filter): ScimEmail | undefined {
  const tests = filter.kind === 'and' ? filter.items : [filter];
  let made: ScimEmail = { value: '' };
  for (const test of tests) {
    if (test.kind !== 'compare' || test.op !== 'eq' || !test.target.sub) return undefined;
    made = withPart(made, test.target.sub, test.value);
  }
  return made;
}

const without = (emails: readonly ScimEmail[], gone: readonly ScimEmail[]): ScimEmail[] =>
  emails.filter((email) => !gone.some((other) => meets(email, other)));

/** Whether an address is the one that a client means by what it lists of it. */
const meets = (have: ScimEmail, said: ScimEmail): boolean =>
  folded(have.value) === folded(said.value) &&
  (said.type === undefined || folded(have.type ?? '') === folded(said.type));
