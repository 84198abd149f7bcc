/** Weekdays as ISO 8601 counts them: Monday first. */
export const WEEKDAYS = ['MON', 'TUE', 'WED', 'THU', 'FRI', 'SAT', 'SUN'] as const;

export type Weekday = (typeof WEEKDAYS)[number];

/**
 * Hours of some days in a time zone: `from` counts, `to` does not; both are `HH:MM`, `to` may be `24:00`. A window whose
 * `to` is not after its `from` ends on the next day and belongs to the day on which it began. Without `days`: every day.
 */
export interface Window {
  readonly days?: readonly Weekday[];
  readonly from: string;
  readonly to: string;
  /** A name of the IANA time zone database, for example `Europe/Berlin`, or `UTC`. */
  readonly zone: string;
}

/** What the clocks of a zone show. */
export interface Clock {
  /** 0 is Monday. */
  readonly day: number;
  /** Minutes since midnight, 0 to 1439. */
  readonly minute: number;
}

const INSTANT =
  /^(\d{4})-(\d\d)-(\d\d)T([01]\d|2[0-3]):[0-5]\d:[0-5]\d(\.\d{1,3})?(Z|[+-]([01]\d|2[0-3]):[0-5]\d)$/;

/** Milliseconds since 1970 of a time as RFC 3339 writes it, at most to the millisecond; undefined for anything else. */
export function parseInstant(text: string): number | undefined {
  const found = INSTANT.exec(text);
  if (!found) return undefined;
  const [, year, month, day] = found.map(Number);
  const date = new Date(Date.UTC(year ?? 0, (month ?? 0) - 1, day));
  if (date.getUTCMonth() + 1 !== month || date.getUTCDate() !== day) return undefined;
  const instant = Date.parse(text);
  return Number.isNaN(instant) ? undefined : instant;
}

/** Minutes since midnight of `HH:MM`, up to `24:00`; undefined for anything else. */
export function parseMinute(text: string): number | undefined {
  const found = /^(\d\d):([0-5]\d)$/.exec(text);
  const minute = found ? Number(found[1]) * 60 + Number(found[2]) : Number.NaN;
  return minute <= 1440 ? minute : undefined;
}

/** Reads the clocks of a zone at a moment in milliseconds; undefined where the zone is not known here. */
export function clockOf(zone: string): ((instant: number) => Clock) | undefined {
  const format = formatOf(zone);
  if (format === undefined) return undefined;
  return (instant) => {
    let day = 0;
    let minute = 0;
    for (const { type, value } of format.formatToParts(instant)) {
      if (type === 'weekday') day = WEEKDAYS.indexOf(value.toUpperCase() as Weekday);
      if (type === 'hour') minute += Number(value) * 60;
      if (type === 'minute') minute += Number(value);
    }
    return { day, minute };
  };
}

/** Whether the clock shows a time in the window. A window that begins when it ends holds nothing. */
export function windowTest(window: Window): (clock: Clock) => boolean {
  const from = parseMinute(window.from) ?? 0;
  const to = parseMinute(window.to) ?? 0;
  const days = new Set((window.days ?? WEEKDAYS).map((day) => WEEKDAYS.indexOf(day)));
  if (from < to) return ({ day, minute }) => days.has(day) && minute >= from && minute < to;
  if (from === to) return () => false;
  return ({ day, minute }) => (minute >= from && days.has(day)) || (minute < to && days.has((day + 6) % 7));
}

const formats = new Map<string, Intl.DateTimeFormat>();
const FORMATS_KEPT = 600;

function formatOf(zone: string): Intl.DateTimeFormat | undefined {
  const kept = formats.get(zone);
  if (kept) return kept;
  // Node also takes offsets such as `+01:00`, which no browser of a year ago does.
  if (!/^[A-Za-z][A-Za-z0-9_+/-]{0,63}$/.test(zone)) return undefined;
  try {
    const format = new Intl.DateTimeFormat('en-US', {
      timeZone: zone,
      weekday: 'short',
      hour: '2-digit',
      minute: '2-digit',
      hourCycle: 'h23',
    });
    if (formats.size < FORMATS_KEPT) formats.set(zone, format);
    return format;
  } catch {
    return undefined;
  }
}
