import type { ColumnType, Generated, JSONColumnType } from 'kysely';

/** Row types of every table, as the migrations make them. Column names are the database's. */
export type WithDefault<T> = ColumnType<T, T | undefined, T>;
export type Time = ColumnType<Date, Date | undefined, Date>;
export type Json<T extends object | null> = JSONColumnType<T, string | undefined, string>;

export interface Versioned {
  version: Generated<number>;
  created_at: Time;
  updated_at: Time;
}
