import { badRequest } from './errors.js';

export interface Token {
  readonly kind: '(' | ')' | '[' | ']' | 'word' | 'string';
  /** The word, the bracket, or the text of the string with its escapes undone. */
  readonly text: string;
}

const PUNCTUATION = /[()[\]]/y;
const SPACE = /\s+/y;
const STRING = /"(?:[^"\\]|\\.)*"/y;
const WORD = /[^\s()[\]"]+/y;

/** Filters and PATCH paths as tokens, in one pass. @throws ScimError invalidFilter */
export function tokenize(text: string): Token[] {
  const tokens: Token[] = [];
  let at = 0;
  const take = (pattern: RegExp): string | undefined => {
    pattern.lastIndex = at;
    const found = pattern.exec(text)?.[0];
    if (found !== undefined) at += found.length;
    return found;
  };
  while (at < text.length) {
    if (take(SPACE) !== undefined) continue;
    const bracket = take(PUNCTUATION);
    if (bracket !== undefined) {
      tokens.push({ kind: bracket as '(' | ')' | '[' | ']', text: bracket });
      continue;
    }
    const quoted = take(STRING);
    if (quoted !== undefined) {
      tokens.push({ kind: 'string', text: unquoted(quoted) });
      continue;
    }
    const word = take(WORD);
    if (word === undefined) throw badRequest('invalidFilter', 'A quotation mark is not closed.');
    tokens.push({ kind: 'word', text: word });
  }
  return tokens;
}

function unquoted(text: string): string {
  try {
    return JSON.parse(text) as string;
  } catch {
    throw badRequest('invalidFilter', 'A string of the filter is not JSON.');
  }
}
