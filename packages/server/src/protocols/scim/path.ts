import { badRequest } from './errors.js';
import { type Filter, parseElementFilter } from './filter.js';
import { type ResolvedAttribute, type ResourceType, type Schema, subOf } from './schema.js';
import { tokenize } from './tokens.js';

/** What an operation points at (RFC 7644, section 3.5.2, figure 7). */
export interface Target extends ResolvedAttribute {
  /** The condition between brackets, where the path has one. */
  readonly filter: Filter | undefined;
}

export interface WholeExtension {
  readonly extension: Schema;
  readonly attribute: undefined;
}

const MAX_LENGTH = 8192;

/**
 * `emails`, `name.givenName`, `emails[type eq "work"].value`, each with its URN or without; or the URN of an extension.
 * @throws ScimError invalidPath or invalidFilter
 */
export function parsePath(type: ResourceType, path: string): Target | WholeExtension {
  if (path.length > MAX_LENGTH) throw badRequest('invalidPath', 'The path is too long.');
  const bracket = path.indexOf('[');
  const found = type.resolve(bracket < 0 ? path.trim() : path.slice(0, bracket).trim());
  if (!found) throw badRequest('invalidPath', `There is no attribute "${path}".`);
  if (bracket < 0) return found.attribute ? { ...found, filter: undefined } : found;
  if (!found.attribute) throw badRequest('invalidPath', 'An extension has no elements.');
  if (found.attribute.type !== 'complex' || found.sub)
    throw badRequest('invalidPath', `${found.attribute.name} has no elements.`);
  return elementPath(type, found, path.slice(bracket));
}

function elementPath(type: ResourceType, found: ResolvedAttribute, text: string): Target {
  const tokens = tokenize(text);
  const close = tokens.findIndex(({ kind }) => kind === ']');
  if (close < 0) throw badRequest('invalidPath', 'A bracket of the path is not closed.');
  const filter = parseElementFilter(tokens.slice(1, close), type, found);
  const [after, ...rest] = tokens.slice(close + 1);
  if (!after) return { ...found, filter };
  const sub =
    after.text.startsWith('.') && rest.length === 0 ? subOf(found.attribute, after.text.slice(1)) : undefined;
  if (!sub) throw badRequest('invalidPath', `${found.attribute.name} has no "${after.text}".`);
  return { ...found, sub, filter };
}
