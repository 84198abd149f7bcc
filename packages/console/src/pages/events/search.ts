import type { EventFilter } from '../../generated/graphql';
import { type PageSearch, pageSearch, type RawSearch, textOf, wordOf } from '../../search';

export const SPANS = ['1h', '24h', '7d', '30d', 'custom'] as const;
type Span = (typeof SPANS)[number];

/** The address of a view of the events. A relative span stays relative, so that the address can be kept. */
export interface EventsSearch extends PageSearch {
  /** Event types, separated by commas. */
  type?: string | undefined;
  outcome?: string | undefined;
  flow?: string | undefined;
  /** Id of an actor or a subject. */
  who?: string | undefined;
  span?: Span | undefined;
  /** With the span `custom`: moments as ISO 8601. */
  from?: string | undefined;
  to?: string | undefined;
}

export const eventsSearch = (raw: RawSearch): EventsSearch => ({
  ...pageSearch(raw),
  type: textOf(raw, 'type'),
  outcome: textOf(raw, 'outcome'),
  flow: textOf(raw, 'flow'),
  who: textOf(raw, 'who'),
  span: wordOf(raw, 'span', SPANS),
  from: momentOf(raw, 'from'),
  to: momentOf(raw, 'to'),
});

export const typesOf = (search: EventsSearch): string[] => search.type?.split(',').filter(Boolean) ?? [];

const HOUR = 3_600_000;
const LENGTH: Record<Exclude<Span, 'custom'>, number> = {
  '1h': HOUR,
  '24h': 24 * HOUR,
  '7d': 7 * 24 * HOUR,
  '30d': 30 * 24 * HOUR,
};

/** @param now milliseconds since the epoch */
export function eventFilter(search: EventsSearch, now: number): EventFilter {
  const types = typesOf(search);
  return {
    ...(types.length > 0 ? { types } : {}),
    ...(search.outcome ? { outcome: search.outcome } : {}),
    ...(search.flow ? { correlationId: search.flow } : {}),
    ...(search.who ? { involvesId: search.who } : {}),
    ...timeFilter(search, now),
  };
}

function timeFilter({ span, from, to }: EventsSearch, now: number): EventFilter {
  if (span === undefined) return {};
  if (span !== 'custom') return { since: new Date(now - LENGTH[span]).toISOString() };
  return { ...(from ? { since: from } : {}), ...(to ? { until: to } : {}) };
}

function momentOf(raw: RawSearch, key: string): string | undefined {
  const text = textOf(raw, key);
  return text === undefined || Number.isNaN(Date.parse(text)) ? undefined : new Date(text).toISOString();
}

/** @returns the moment as a `datetime-local` field holds it, in the reader's own time zone */
export function toLocal(moment: string | undefined): string {
  if (moment === undefined) return '';
  const date = new Date(moment);
  return new Date(date.getTime() - date.getTimezoneOffset() * 60_000).toISOString().slice(0, 16);
}

/** @param text what a `datetime-local` field holds */
export const fromLocal = (text: string): string | undefined => momentOf({ text }, 'text');
