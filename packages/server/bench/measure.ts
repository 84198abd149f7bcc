import { percentile } from './server.ts';

export interface Row {
  readonly what: string;
  readonly times: readonly number[];
  /** What p95 should stay under, in milliseconds. */
  readonly aim?: number;
}

/** Runs an action that says how long it took, some times to warm up and then `count` times. */
export async function measure(
  what: string,
  count: number,
  action: (round: number) => Promise<number>,
  aim?: number,
): Promise<Row> {
  const times: number[] = [];
  const warm = Math.ceil(count / 10);
  for (let round = 0; round < count + warm; round++) {
    const took = await action(round);
    if (round >= warm) times.push(took);
  }
  return { what, times, ...(aim === undefined ? {} : { aim }) };
}

/** Milliseconds as a plain table. */
export function table(rows: readonly Row[]): string[] {
  const width = Math.max(...rows.map(({ what }) => what.length));
  const number = (value: number): string => value.toFixed(value < 100 ? 2 : 0).padStart(9);
  return [
    `${'milliseconds'.padEnd(width)}${['p50', 'p95', 'p99', 'aim p95'].map((name) => name.padStart(9)).join('')}`,
    ...rows.map(({ what, times, aim }) =>
      [
        what.padEnd(width),
        ...[0.5, 0.95, 0.99].map((share) => number(percentile(times, share))),
        aim === undefined
          ? ''
          : `${String(aim).padStart(9)}${percentile(times, 0.95) < aim ? '' : '  missed'}`,
      ].join(''),
    ),
  ];
}
