/** The outcome of a condition in Kleene's three-valued logic; UNKNOWN stands for a missing fact. */
export type Truth = 'TRUE' | 'FALSE' | 'UNKNOWN';

/** A truth as a number, ordered so that `all` is the minimum, `any` the maximum and `not` the mirror image. */
export type Level = 0 | 1 | 2;

export const FALSE = 0;
export const UNKNOWN = 1;
export const TRUE = 2;

export function levelOf(value: boolean): Level {
  return value ? TRUE : FALSE;
}

export function not(level: Level): Level {
  return (2 - level) as Level;
}

const NAMES = ['FALSE', 'UNKNOWN', 'TRUE'] as const;

export function nameOf(level: Level): Truth {
  return NAMES[level];
}
