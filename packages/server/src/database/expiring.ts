import { type RawBuilder, sql } from 'kysely';

/** How many days before the end people are warned, the nearest first. */
export const WARNED_DAYS = [1, 7, 14] as const;

/**
 * Whether a credential that ends has come within so many days of its end and nobody was warned of that yet. One that was
 * made for less time than that is not warned of.
 */
export const warningDue = (days: number, at: Date): RawBuilder<boolean> => sql<boolean>`(
  expires_at > ${at}::timestamptz
  and expires_at <= ${at}::timestamptz + make_interval(days => ${days}::int)
  and created_at < expires_at - make_interval(days => ${days}::int)
  and (warned_days is null or warned_days > ${days}::int)
)`;
