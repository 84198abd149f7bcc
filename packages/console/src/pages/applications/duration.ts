const UNITS = [
  ['day', 86_400],
  ['hour', 3_600],
  ['minute', 60],
  ['second', 1],
] as const;

/** @returns a lifetime in the largest unit that says it exactly: 900 seconds are 15 minutes */
export function duration(seconds: number): string {
  const [unit, length] =
    UNITS.find(([, size]) => seconds >= size && seconds % size === 0) ?? (['second', 1] as const);
  const count = seconds / length;
  return `${count.toLocaleString('en')} ${unit}${count === 1 ? '' : 's'}`;
}
