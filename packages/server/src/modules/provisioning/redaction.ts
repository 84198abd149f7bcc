import { isId } from '../../kernel/ids.js';

/** Stands where something was that nobody may read later. */
const REMOVED = '…';

const words = (text: string): ReadonlySet<string> => new Set(text.toLowerCase().split(/\s+/));

/** Names of RFC 7643, sections 3 to 8. They are told apart from values here, where no protocol is known. */
const NAMES = words(`id externalId schemas meta resourceType created lastModified location version
  userName name formatted familyName givenName middleName honorificPrefix honorificSuffix displayName nickName
  profileUrl title userType preferredLanguage locale timezone active password emails phoneNumbers ims photos
  addresses streetAddress locality region postalCode country groups entitlements roles x509Certificates
  value display type primary $ref members employeeNumber costCenter organization division department manager
  managerId`);
const ENDPOINTS = words(
  'Users User Groups Group Me Bulk .search ServiceProviderConfig ResourceTypes Schemas',
);
const COMPARISONS = words('eq ne co sw ew gt ge lt le');
const LITERALS = words('true false null');
const SCHEMA = /^urn:(?:ietf:params:scim|keyrealm):[a-z0-9.:_-]{1,200}$/i;
const TOKEN = /"(?:[^"\\]|\\[\s\S])*(?:"|\\?$)|[()[\]]|[^\s()[\]"]+/g;

const isName = (word: string): boolean =>
  SCHEMA.test(word) ||
  word
    .toLowerCase()
    .split('.')
    .every((part) => NAMES.has(part));

export interface Redacted {
  readonly path: string;
  /** Every word that was taken out, in lower case: it must not come back in the text of an error. */
  readonly removed: ReadonlySet<string>;
}

/** @param url the address with its query; only the endpoint, ids, names and operators are left of it */
export function redactPath(url: string): Redacted {
  const removed = new Set<string>();
  const remove = (text: string): string => {
    for (const word of wordsOf(text)) removed.add(word);
    return REMOVED;
  };
  const [path = '', ...rest] = url.split('?');
  const segments = path
    .replace(/^.*?\/scim\/v2(?=\/|$)/, '')
    .split('/')
    .map(decoded);
  const ofSchemas = segments[1]?.toLowerCase() === 'schemas';
  const kept = segments.map((segment) =>
    isSegment(segment) || (ofSchemas && SCHEMA.test(segment)) ? segment : remove(segment),
  );
  const query = [...new URLSearchParams(rest.join('?'))].map(([name, value]) =>
    parameter(name, value, remove),
  );
  const text = (kept.join('/') || '/') + (query.length === 0 ? '' : `?${query.join('&')}`);
  return { path: clipped(text, 2000), removed };
}

const isSegment = (text: string): boolean => text === '' || isId(text) || ENDPOINTS.has(text.toLowerCase());

function parameter(name: string, value: string, remove: (text: string) => string): string {
  switch (name.toLowerCase()) {
    case 'filter':
      return `${name}=${redactFilter(value, remove)}`;
    case 'attributes':
    case 'excludedattributes':
    case 'sortby':
      return `${name}=${value
        .split(',')
        .map((item) => (isName(item.trim()) ? item.trim() : remove(item)))
        .join(',')}`;
    case 'sortorder':
      return `${name}=${/^(a|de)scending$/i.test(value) ? value : remove(value)}`;
    case 'startindex':
    case 'count':
      return `${name}=${/^-?\d{1,9}$/.test(value) ? value : remove(value)}`;
    case 'cursor':
      return `${name}=${remove(value)}`;
    default:
      return `${remove(name)}=${remove(value)}`;
  }
}

/**
 * A filter (RFC 7644, section 3.4.2.2) without a single value, however broken it is: a word survives only where
 * the grammar wants a name or an operator and it is one.
 */
function redactFilter(filter: string, remove: (text: string) => string): string {
  let wanted: 'name' | 'operator' | 'value' | 'joint' = 'name';
  const kept: string[] = [];
  for (const token of filter.match(TOKEN) ?? []) {
    const word = token.toLowerCase();
    if (/^[()[\]]$/.test(token)) {
      wanted = token === '(' || token === '[' ? 'name' : 'joint';
      kept.push(token);
    } else if (token.startsWith('"')) {
      kept.push(`"${remove(unquoted(token))}"`);
      wanted = wanted === 'value' ? 'joint' : wanted;
    } else if (wanted === 'name') {
      kept.push(word === 'not' || isName(token) ? token : remove(token));
      wanted = word === 'not' ? 'name' : 'operator';
    } else if (wanted === 'operator') {
      kept.push(word === 'pr' || COMPARISONS.has(word) ? token : remove(token));
      wanted = word === 'pr' ? 'joint' : COMPARISONS.has(word) ? 'value' : 'operator';
    } else if (wanted === 'value') {
      kept.push(LITERALS.has(word) ? token : remove(token));
      wanted = 'joint';
    } else if (word === 'and' || word === 'or') {
      kept.push(token);
      wanted = 'name';
    } else if (word.startsWith('.') && isName(word.slice(1))) {
      kept.push(token);
      wanted = 'operator';
    } else kept.push(remove(token));
  }
  return kept.join(' ');
}

/**
 * The text of an error: without quotations, without addresses and numbers of people, and without anything that was
 * taken out of the path.
 */
export function redactText(text: string, removed: ReadonlySet<string>, most: number): string {
  const kept = withoutQuotations(plain(text))
    .split(' ')
    .map((word) => (isId(word.replace(/\W+$/, '')) || !isPersonal(word, removed) ? word : REMOVED));
  return clipped(kept.join(' '), most);
}

/** One clean quotation is taken out; from anything else that begins with a mark nothing is kept to the end. */
function withoutQuotations(text: string): string {
  const [before = '', ...rest] = text.split('"');
  if (rest.length === 0) return text;
  const clean = rest.length === 2 && !/^[\p{L}\p{N}]/u.test(rest[1] ?? '');
  return `${before}"${REMOVED}"${clean ? rest[1] : ''}`;
}

const isPersonal = (word: string, removed: ReadonlySet<string>): boolean =>
  word.includes('@') || /\d{5}/.test(word) || wordsOf(word).some((part) => removed.has(part));

/** Letters and digits that stand together, in lower case. */
const wordsOf = (text: string): string[] => text.toLowerCase().match(/[\p{L}\p{N}\p{M}]+/gu) ?? [];

/** One line that the database can hold. */
const plain = (text: string): string => text.toWellFormed().replace(/[\p{Cc}\s]+/gu, ' ');

const clipped = (text: string, most: number): string => {
  const line = plain(text);
  return line.length > most ? `${line.slice(0, most - 1).toWellFormed()}${REMOVED}` : line;
};

function decoded(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
}

function unquoted(token: string): string {
  try {
    return String(JSON.parse(token));
  } catch {
    return token.slice(1);
  }
}
