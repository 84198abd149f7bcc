import { type Address, parseAddress } from './cidr.js';
import type { Facts } from './facts.js';
import { type Clock, clockOf, parseInstant } from './time.js';

/** The facts of one evaluation; each text is read at most once however many rules ask about it. */
export interface Scope {
  readonly facts: Facts;
  /** The outcome of each test of the program by its number; `NOT_YET` until it is asked for. */
  readonly levels: Uint8Array;
  address: Address | null | undefined;
  instants: Map<string, number | undefined> | undefined;
  clocks: Map<string, Clock | undefined> | undefined;
}

/** Stands in `levels` where a comparison was not made yet; no Level. */
export const NOT_YET = 3;

/** @param tests how many tests the program has */
export function scopeOf(facts: Facts, tests = 0): Scope {
  return {
    facts,
    levels: new Uint8Array(tests).fill(NOT_YET),
    address: undefined,
    instants: undefined,
    clocks: undefined,
  };
}

/** Null where the address is missing or can't be read, which counts as missing. */
export function addressOf(scope: Scope): Address | null {
  if (scope.address === undefined) {
    const text = scope.facts['request.ip'];
    scope.address = (text == null ? undefined : parseAddress(text)) ?? null;
  }
  return scope.address;
}

/** Milliseconds since 1970; undefined where the time is missing or can't be read. */
export function instantOf(scope: Scope, text: string | null | undefined): number | undefined {
  if (text == null) return undefined;
  scope.instants ??= new Map();
  if (!scope.instants.has(text)) scope.instants.set(text, parseInstant(text));
  return scope.instants.get(text);
}

/** What the clocks of the zone show at the time of the request. */
export function clockIn(scope: Scope, zone: string): Clock | undefined {
  scope.clocks ??= new Map();
  if (!scope.clocks.has(zone)) {
    const time = instantOf(scope, scope.facts['request.time']);
    scope.clocks.set(zone, time === undefined ? undefined : clockOf(zone)?.(time));
  }
  return scope.clocks.get(zone);
}
