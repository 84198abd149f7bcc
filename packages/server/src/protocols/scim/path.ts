import { badRequest } from './errors.js';
import { type Filter, parseElementFilter } from './filter.js';
import { type Attribute, resolve, subOf } from './schema.js';
import { tokenize } from './tokens.js';

/** What an operation points at (RFC 7644, section 3.5.2, figure 7). */
export interface Target {
  readonly attribute: Attribute;
  readonly sub: Attribute | undefined;
  /** The condition between brackets, where the path has one. */
  readonly filter: Filter | undefined;
}

const MAX_LENGTH = 8192;

/**
 * `emails`, `name.givenName`, `emails[type eq "work"].value`, each with its URN or without.
 * @throws ScimError invalidPath, invalidFilter, or mutability for what can only be read
 */
export function parsePath(path: string): Target | 'not-kept' {
  if (path.length > MAX_LENGTH) throw badRequest('invalidPath', 'The path is too long.');
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
