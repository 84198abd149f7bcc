import { invalid } from '../../kernel/errors.js';
import { LIST_FIELDS, type Profile, profile, withEmail } from '../identities/identities.types.js';

/** What a declared custom attribute holds; of a list, what its items are. */
export interface DeclaredType {
  readonly type: 'string' | 'number' | 'integer' | 'boolean' | 'array';
  readonly items?: 'string' | 'number' | 'integer' | 'boolean' | undefined;
}
export type Declared = ReadonlyMap<string, DeclaredType>;

type ProfileField = Exclude<keyof Profile, 'attributes'>;

/** Names of columns, in the order of an export: the same ones that an import takes. */
export const PROFILE_COLUMNS = Object.keys(profile.shape).filter(
  (field) => field !== 'attributes',
) as ProfileField[];
const KNOWN: ReadonlySet<string> = new Set(PROFILE_COLUMNS);
const LISTS: ReadonlySet<string> = new Set(['emails', ...LIST_FIELDS]);

/** Columns of an export that say what only Keyrealm decides; an import leaves them alone. */
export const TOLD_COLUMNS = ['id', 'enrollmentStatus', 'createdAt', 'updatedAt'] as const;

/** The primary address by itself, and the groups that the identity is to be in. */
export const EMAIL_COLUMN = 'email';
export const GROUPS_COLUMN = 'groups';
export const ATTRIBUTE = 'attributes.';

export const isField = (name: string): boolean =>
  KNOWN.has(name) ||
  name === EMAIL_COLUMN ||
  name === GROUPS_COLUMN ||
  (name.startsWith(ATTRIBUTE) && name.length > ATTRIBUTE.length && name.length <= 200);

/** What one line of a file says: a field that is missing, or a '' that no attribute holds, stays; null empties it. */
export type LineValues = Readonly<Record<string, unknown>>;

/**
 * The profile after a line was applied to it; what the values may be is for the directory itself to say.
 * @throws DomainError INVALID_INPUT for text that can't be read as the kind of its field
 */
export function applyLine(current: Profile, values: LineValues, declared: Declared): Profile {
  const next: Record<string, unknown> = { ...current };
  const attributes: Record<string, unknown> = { ...current.attributes };
  for (const [field, value] of Object.entries(values)) {
    if (value === undefined || field === GROUPS_COLUMN || field === EMAIL_COLUMN) continue;
    if (value === '' && !field.startsWith(ATTRIBUTE)) continue;
    if (field.startsWith(ATTRIBUTE)) {
      const name = field.slice(ATTRIBUTE.length);
      if (value === null) delete attributes[name];
      else attributes[name] = typed(field, value, declared.get(name));
    } else if (LISTS.has(field)) next[field] = value === null ? [] : listOf(field, value);
    else next[field] = field === 'active' ? booleanOf(value) : value;
  }
  const email = values[EMAIL_COLUMN];
  if (email !== undefined && email !== '')
    next.emails = withEmail(next.emails as Profile['emails'], email as string | null);
  return { ...next, attributes } as unknown as Profile;
}

/** Names of groups, separated by semicolons; one within a name is written `\;`, as `\\` is a backslash. */
export function groupNamesOf(value: unknown): string[] {
  if (value === undefined || value === null || value === '') return [];
  if (Array.isArray(value) && value.every((name) => typeof name === 'string')) return value;
  if (typeof value !== 'string') throw invalid('Groups are names, separated by semicolons.', GROUPS_COLUMN);
  return splitText(value);
}

export const joinText = (parts: readonly string[]): string =>
  parts.map((part) => part.replace(/[\\;]/g, '\\$&')).join(';');

function splitText(text: string): string[] {
  const parts = text.match(/(?:\\[\s\S]|[^\\;])+/g) ?? [];
  return parts.map((part) => part.trim().replace(/\\([\\;])/g, '$1')).filter((part) => part !== '');
}

/** A list as JSON, or as values separated by semicolons, of which the first is the primary one. */
function listOf(field: string, value: unknown): unknown {
  if (typeof value !== 'string') return value;
  if (value.trimStart().startsWith('[')) return jsonOf(field, value);
  return splitText(value).map((part, index) =>
    field === 'addresses'
      ? { formatted: part }
      : { value: part, ...(index === 0 && field === 'emails' ? { primary: true } : {}) },
  );
}

function jsonOf(field: string, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw invalid('This begins like a JSON list, and is not one.', field);
  }
}

function booleanOf(value: unknown): unknown {
  const text = typeof value === 'string' ? value.trim().toLowerCase() : value;
  if (text === 'true') return true;
  return text === 'false' ? false : value;
}

/** Text of a file as the kind that the realm declares; what does not fit stays text, and is refused as such. */
function typed(field: string, value: unknown, declared: DeclaredType | undefined): unknown {
  if (typeof value !== 'string' || !declared) return value;
  if (declared.type === 'array') {
    if (value.trimStart().startsWith('[')) return jsonOf(field, value);
    return splitText(value).map((part) =>
      declared.items ? typed(field, part, { type: declared.items }) : part,
    );
  }
  if (declared.type === 'boolean') return booleanOf(value);
  if (declared.type === 'string') return value;
  const number = value.trim() === '' ? Number.NaN : Number(value);
  return Number.isFinite(number) ? number : value;
}

/**
 * A spreadsheet takes text that begins so for a formula (CSV injection): an apostrophe before it makes it text again.
 * One that was there already gets another, and an empty text is one apostrophe, so that an import can undo it exactly.
 */
const FORMULA = /^'*(?:[=+\-@\t\r\n＝＋－＠]|$)/;
const GUARDED = /^'+(?:[=+\-@\t\r\n＝＋－＠]|$)/;
export const guarded = (text: string): string => (FORMULA.test(text) ? `'${text}` : text);
export const unguarded = (text: string): string => (GUARDED.test(text) ? text.slice(1) : text);

/** RFC 4180, section 2; empty for what is not said. */
export function csvCell(value: unknown): string {
  if (value === undefined || value === null || (Array.isArray(value) && value.length === 0)) return '';
  const text = typeof value === 'string' ? guarded(value) : JSON.stringify(value);
  const safe = typeof value === 'number' ? guarded(text) : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
