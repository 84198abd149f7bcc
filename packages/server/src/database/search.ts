import { type RawBuilder, sql } from 'kysely';

const MOST_TERMS = 8;
const PUNCTUATION = /[!-/:-@[-`{-~]/g;

/** Text as the column `search_text` holds it; the same as the function `searchable` of the database. */
export function searchable(text: string): string {
  const plain = text
    .normalize('NFKD')
    .replace(/[\u0300-\u036f]/g, '')
    .toLowerCase()
    .replaceAll('ß', 'ss')
    .replaceAll('ς', 'σ')
    .replaceAll('ı', 'i')
    .replace(PUNCTUATION, ' ');
  return [...Buffer.from(plain)]
    .map((byte) => (byte < 0x80 ? String.fromCharCode(byte) : `\\${byte.toString(8)}`))
    .join('');
}

/** What a person typed into a search box, as LIKE patterns for `search_text` that all must match. */
export const searchPatterns = (typed: string): string[] =>
  typed
    .split(/\s+/)
    .map(searchable)
    .filter((term) => term.trim() !== '')
    .slice(0, MOST_TERMS)
    .map((term) => `%${startsWord(term) ? ` ${term.trimStart()}` : term}%`.replaceAll('\\', '\\\\'));

/** One or two letters are the beginning of a word: anywhere they would be everywhere, and no index knows them. */
const startsWord = (term: string): boolean => !/[a-z0-9]{3}/.test(term);

/** Narrows to rows that can contain the text in one of the fields that are searched; undefined where no index helps. */
export const mayContain = (text: string): RawBuilder<boolean> | undefined => {
  const term = searchable(text);
  return startsWord(term)
    ? undefined
    : sql<boolean>`i.search_text like ${`%${term.replaceAll('\\', '\\\\')}%`}`;
};
