/** Search parameters as they stand in the address: plain text, so that `?q=42` stays the text 42. */
export function parseSearch(search: string): Record<string, string> {
  return Object.fromEntries(new URLSearchParams(search));
}

export function stringifySearch(search: Record<string, unknown>): string {
  const parameters = new URLSearchParams();
  for (const [key, value] of Object.entries(search))
    if (value !== undefined && value !== null && value !== '') parameters.set(key, String(value));
  const text = parameters.toString();
  return text === '' ? '' : `?${text}`;
}

export type RawSearch = Record<string, unknown>;

/** @returns the trimmed text of one parameter, nothing when it is absent or blank */
export function textOf(raw: RawSearch, key: string): string | undefined {
  const value = raw[key];
  return typeof value === 'string' && value.trim() !== '' ? value.trim() : undefined;
}

/** @returns the parameter when it is one of the known words, nothing otherwise */
export function wordOf<Word extends string>(
  raw: RawSearch,
  key: string,
  words: readonly Word[],
): Word | undefined {
  return words.find((word) => word === raw[key]);
}

/** Where a list with keyset cursors stands; neither means its first page. */
export interface PageSearch {
  after?: string | undefined;
  before?: string | undefined;
}

export interface ListSearch extends PageSearch {
  q?: string | undefined;
}

export function pageSearch(raw: RawSearch): PageSearch {
  const after = textOf(raw, 'after');
  return after === undefined ? { before: textOf(raw, 'before') } : { after };
}

export const listSearch = (raw: RawSearch): ListSearch => ({ q: textOf(raw, 'q'), ...pageSearch(raw) });

const PAGE_SIZE = 50;

/** Arguments of a Relay connection. */
export function pageArguments({ after, before }: PageSearch, size = PAGE_SIZE) {
  return before === undefined ? { first: size, after } : { last: size, before };
}
