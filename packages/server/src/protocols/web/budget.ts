import { now } from '../../kernel/clock.js';

/** How often one address may do, in a minute, what leaves a trace and costs nothing to ask for. */
export interface Budget {
  /** @returns false when it is used up */
  spend(address: string | null): boolean;
  isSpent(address: string | null): boolean;
}

const MINUTE = 60_000;
const ADDRESSES = 50_000;

/** Kept by each node for itself: it bounds a flood, it is no account. */
export function createBudget(perMinute: number): Budget {
  let counts = new Map<string, number>();
  let until = 0;

  function countOf(address: string): number {
    const at = now().getTime();
    if (at >= until || counts.size > ADDRESSES) {
      counts = new Map();
      until = at + MINUTE;
    }
    return counts.get(address) ?? 0;
  }

  return {
    spend(address) {
      const key = address ?? '';
      const count = countOf(key) + 1;
      counts.set(key, count);
      return count <= perMinute;
    },
    isSpent: (address) => countOf(address ?? '') >= perMinute,
  };
}
