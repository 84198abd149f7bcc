import { badRequest } from './errors.js';
import { type CompareOp, type Filter, type FilterValue, parseElementFilter } from './filter.js';
import { type Attribute, resolve, subOf } from './schema.js';
import { tokenize } from './tokens.js';
import type { ScimEmail, ScimUser } from './user.js';
import { booleanOf, emailsOf, entriesOf, nameOf, onePrimary, textOf, withPart } from './values.js';

type Op = 'add' | 'replace' | 'remove';

interface Operation {
  readonly op: Op;
  readonly path: string | undefined;
  readonly value: unknown;
}

interface Target {
  readonly attribute: Attribute;
  readonly sub: Attribute | undefined;
  readonly filter: Filter | undefined;
}

const MAX_OPERATIONS = 1000;

/** The operations of a PATCH body (RFC 7644, section 3.5.2), in any case. @throws ScimError */
export function parsePatch(body: unknown): Operation[] {
  const operations = entriesOf(body).find(([key]) => key.toLowerCase() === 'operations')?.[1];
  if (!Array.isArray(operations)) throw badRequest('invalidSyntax', 'A PATCH has a list of Operations.');
  if (operations.length > MAX_OPERATIONS)
    throw badRequest('tooMany', `A PATCH has at most ${MAX_OPERATIONS} operations.`);
  return operations.map((item) => {
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
  });
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

/** `emails`, `name.givenName`, `emails[type eq "work"].value`, each with its URN or without. @throws ScimError invalidPath */
function parsePath(path: string): Target | 'not-kept' {
  const bracket = path.indexOf('[');
  const found = resolve(bracket < 0 ? path.trim() : path.slice(0, bracket).trim());
  if (found === 'not-kept') return found;
  if (!found) throw badRequest('invalidPath', `There is no attribute ${path}.`);
  if (found.attribute.mutability === 'readOnly')
    throw badRequest('mutability', `${found.attribute.name} can't be changed.`);
  if (bracket < 0) return { ...found, filter: undefined };
  if (!found.attribute.multiValued || found.sub)
    throw badRequest('invalidPath', `${found.attribute.name} has no elements.`);
  return elementPath(found.attribute, path.slice(bracket));
}

function elementPath(attribute: Attribute, text: string): Target {
  const tokens = tokenize(text);
  const close = tokens.findIndex(({ kind }) => kind === ']');
  if (close < 0) throw badRequest('invalidPath', 'A bracket of the path is not closed.');
  const filter = parseElementFilter(tokens.slice(1, close), attribute);
  const [after, ...rest] = tokens.slice(close + 1);
  if (!after) return { attribute, sub: undefined, filter };
  const sub =
    after.text.startsWith('.') && rest.length === 0 ? subOf(attribute, after.text.slice(1)) : undefined;
  if (!sub) throw badRequest('invalidPath', `${attribute.name} has no ${after.text}.`);
  return { attribute, sub, filter };
}

function applyTo(user: ScimUser, op: Op, target: Target, value: unknown): ScimUser {
  const { attribute, sub } = target;
  const given = op === 'remove' ? null : value;
  switch (attribute.name) {
    case 'userName': {
      const userName = textOf('userName', given);
      if (userName === null) throw badRequest('invalidValue', 'userName is required.');
      return { ...user, userName };
    }
    case 'externalId':
    case 'displayName':
      return { ...user, [attribute.name]: textOf(attribute.name, given) };
    case 'active':
      return { ...user, active: given === null ? true : booleanOf('active', given) };
    case 'name':
      return {
        ...user,
        name: { ...user.name, ...(sub ? { [sub.name]: textOf(sub.name, given) } : nameOf(attribute, given)) },
      };
    case 'emails':
      return { ...user, emails: patchEmails(user.emails, op, target, value) };
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
  if (op === 'remove') return value === undefined ? [] : without(emails, emailsOf(attribute, value));
  const given = emailsOf(attribute, value);
  if (op === 'replace') return onePrimary(given, new Set(given));
  const fresh = given.filter((email) => !emails.some((known) => sameEmail(known, email)));
  return onePrimary([...emails, ...fresh], new Set(fresh));
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
  if (matching.size === 0) {
    if (op === 'remove') return [...emails];
    const made = sub ? elementFrom(filter) : undefined;
    if (!made || !sub) throw badRequest('noTarget', 'No element matches the path.');
    const added = withPart(made, sub, value);
    return onePrimary(nonEmpty([...emails, added]), new Set([added]));
  }
  const [whole] = sub ? [] : emailsOf(attribute, value);
  const latest = new Set<ScimEmail>();
  const changed = emails.map((email) => {
    if (!matching.has(email)) return email;
    const next = sub ? withPart(email, sub, op === 'remove' ? null : value) : { ...email, ...whole };
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

const nonEmpty = (emails: readonly ScimEmail[]): ScimEmail[] => emails.filter((email) => email.value !== '');

const without = (emails: readonly ScimEmail[], gone: readonly ScimEmail[]): ScimEmail[] =>
  emails.filter((email) => !gone.some((other) => folded(other.value) === folded(email.value)));

const sameEmail = (a: ScimEmail, b: ScimEmail): boolean =>
  folded(a.value) === folded(b.value) &&
  a.type === b.type &&
  (b.primary === undefined || a.primary === b.primary);

const folded = (text: string): string => text.toLowerCase();

/** Whether an element meets the condition between its brackets. */
export function matches(email: ScimEmail, filter: Filter): boolean {
  switch (filter.kind) {
    case 'and':
      return filter.items.every((item) => matches(email, item));
    case 'or':
      return filter.items.some((item) => matches(email, item));
    case 'not':
      return !matches(email, filter.item);
    case 'present':
      return (partOf(email, filter.target.sub) ?? '') !== '';
    case 'compare':
      return compares(partOf(email, filter.target.sub), filter.op, filter.value);
    case 'element':
      return false;
  }
}

function partOf(email: ScimEmail, sub: Attribute | undefined): string | boolean | undefined {
  const parts = new Map<string | undefined, string | boolean | undefined>([
    ['value', email.value],
    ['type', email.type],
    ['display', email.display],
    ['primary', email.primary],
  ]);
  return parts.get(sub?.name);
}

function compares(have: string | boolean | undefined, op: CompareOp, want: FilterValue): boolean {
  if (typeof want === 'boolean') return ((have ?? false) === want) === (op === 'eq');
  const text = typeof have === 'string' ? folded(have) : undefined;
  const wanted = folded(String(want));
  if (op === 'ne') return text !== wanted;
  if (text === undefined) return false;
  if (op === 'eq') return text === wanted;
  if (op === 'co') return text.includes(wanted);
  if (op === 'sw') return text.startsWith(wanted);
  if (op === 'ew') return text.endsWith(wanted);
  if (op === 'gt') return text > wanted;
  if (op === 'ge') return text >= wanted;
  return op === 'lt' ? text < wanted : text <= wanted;
}
