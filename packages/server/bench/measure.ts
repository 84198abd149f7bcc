import { familyOf, percentile, processorTime } from './server.ts';

export interface Row {
  readonly what: string;
  readonly times: readonly number[];
  /** Milliseconds of processor time for one, of the server and of its database: what other work on the machine does not change. */
  readonly server: number;
  readonly database: number;
  /** What p95 should stay under, in milliseconds. */
  readonly aim: number | undefined;
}

export type Measure = (
  what: string,
  count: number,
  action: (round: number) => Promise<number>,
  aim?: number,
) => Promise<Row>;

/** Runs an action that says how long it took, some times to warm up and then `count` times. @param pid of the server */
export const measureOn =
  (pid: number): Measure =>
  async (what, count, action, aim) => {
    const times: number[] = [];
    const warm = Math.ceil(count / 10);
    for (let round = 0; round < warm; round++) await action(round);
    const used = usageFrom(pid);
    for (let round = 0; round < count; round++) times.push(await action(warm + round));
    const { server, database } = used();
    return { what, times, aim, server: server / count, database: database / count };
  };

/** @returns tells milliseconds of processor time since now, of the server and of its database */
export function usageFrom(pid: number): () => { server: number; database: number } {
  const [server, before] = [processorTime(pid), usageOf(pid)];
  return () => ({
    server: processorTime(pid) - server,
    database: usedSince(before, usageOf(pid)),
  });
}

/** Processor time of each process of the database so far; connections come and go. */
const usageOf = (server: number): ReadonlyMap<number, number> =>
  new Map(
    familyOf(server)
      .filter((pid) => pid !== server)
      .map((pid) => [pid, processorTime(pid)]),
  );

const usedSince = (before: ReadonlyMap<number, number>, after: ReadonlyMap<number, number>): number =>
  [...after].reduce((sum, [pid, time]) => sum + Math.max(0, time - (before.get(pid) ?? 0)), 0);

/** Milliseconds as a plain table. */
export function table(rows: readonly Row[]): string[] {
  const width = Math.max(...rows.map(({ what }) => what.length));
  const number = (value: number): string => value.toFixed(value < 100 ? 1 : 0).padStart(9);
  const heads = ['p50', 'p95', 'p99', 'server', 'database', 'aim p95'];
  return [
    `${'milliseconds'.padEnd(width)}${heads.map((name) => name.padStart(9)).join('')}`,
    ...rows.map(({ what, times, server, database, aim }) =>
      [
        what.padEnd(width),
        ...[0.5, 0.95, 0.99].map((share) => number(percentile(times, share))),
        number(server),
        number(database),
        aim === undefined
          ? ''
          : `${String(aim).padStart(9)}${percentile(times, 0.95) < aim ? '' : '  missed'}`,
      ].join(''),
    ),
    '(p50 to p99 as the client sees them; server and database: processor time for one)',
  ];
}
