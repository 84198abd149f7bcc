import { inNetwork, type Network, parseNetwork } from './cidr.js';
import type { Comparison } from './document.js';
import { definitionOf, type FactName, isAttributeName } from './facts.js';
import { globTest } from './glob.js';
import { isListReference, type ListReference, type Lists, listOf } from './lists.js';
import { addressOf, clockIn, instantOf, type Scope } from './scope.js';
import { parseInstant, type Window, windowTest } from './time.js';
import { FALSE, type Level, levelOf, not, TRUE, UNKNOWN } from './truth.js';

export type Test = (scope: Scope) => Level;

type Scalar = string | number | boolean;

const undecided: Test = () => UNKNOWN;

/** The closure for one comparison: UNKNOWN where its fact is missing, except for `exists`. */
export function testOf(comparison: Comparison, lists?: Lists): Test {
  const { fact } = comparison;
  switch (comparison.op) {
    case 'exists':
      return ({ facts }) => levelOf(facts[fact] != null);
    case 'is':
      return scalarTest(fact, [comparison.value], true);
    case 'isNot':
      return scalarTest(fact, [comparison.value], false);
    case 'in':
    case 'notIn': {
      const values = valuesOf(comparison.value, fact, lists);
      return values === undefined ? undecided : scalarTest(fact, values, comparison.op === 'in');
    }
    case 'contains':
      return setTest(fact, [comparison.value]);
    case 'containsAny':
      return setTest(fact, comparison.value);
    case 'matches':
      return textTest(fact, globTest(comparison.value));
    case 'atLeast':
    case 'atMost':
      return boundTest(fact, comparison.value, comparison.op === 'atLeast');
    case 'before':
    case 'after':
      return instantTest(fact, parseInstant(comparison.value), comparison.op === 'before');
    case 'within':
      return clockTest(comparison.value);
    case 'notWithin':
      return negated(clockTest(comparison.value));
    case 'inCidr':
      return networkTest(valuesOf(comparison.value, fact, lists));
    case 'notInCidr':
      return negated(networkTest(valuesOf(comparison.value, fact, lists)));
  }
}

const negated =
  (test: Test): Test =>
  (scope) =>
    not(test(scope));

/** The values themselves; undefined where they stand in a list that is not there or holds something else. */
export function valuesOf<T extends Scalar>(
  value: readonly T[] | ListReference,
  fact: FactName,
  lists: Lists | undefined,
): readonly (T | string)[] | undefined {
  return isListReference(value) ? listOf(lists, value.list, definitionOf(fact).type)?.values : value;
}

/** The members that a comparison with a set asks for; none for other comparisons. */
export function groupsOf(comparison: Comparison): readonly string[] {
  if (comparison.op === 'contains') return [comparison.value];
  return comparison.op === 'containsAny' ? comparison.value : [];
}

function scalarTest(fact: FactName, values: readonly Scalar[], wanted: boolean): Test {
  if (isAttributeName(fact)) return attributeTest(fact, values, wanted);
  const [only] = values;
  const hit = levelOf(wanted);
  const miss = levelOf(!wanted);
  if (values.length === 1)
    return ({ facts }) => {
      const actual = facts[fact];
      if (actual == null) return UNKNOWN;
      return actual === only ? hit : miss;
    };
  const set: ReadonlySet<unknown> = new Set(values);
  return ({ facts }) => {
    const actual = facts[fact];
    if (actual == null) return UNKNOWN;
    return set.has(actual) ? hit : miss;
  };
}

/** Whether a text is or is not a number can't be said: undecided where no value is of the attribute's type. */
function attributeTest(fact: FactName, values: readonly Scalar[], wanted: boolean): Test {
  const set: ReadonlySet<unknown> = new Set(values);
  const types = new Set<string>(values.map((value) => typeof value));
  return ({ facts }) => {
    const actual = facts[fact];
    if (actual == null || typeof actual === 'object') return UNKNOWN;
    if (types.size > 0 && !types.has(typeof actual)) return UNKNOWN;
    return levelOf(set.has(actual) === wanted);
  };
}

function setTest(fact: FactName, values: readonly string[]): Test {
  const [only] = values;
  const holds =
    values.length === 1 && only !== undefined
      ? (actual: ReadonlySet<string>) => actual.has(only)
      : (actual: ReadonlySet<string>) => values.some((value) => actual.has(value));
  return ({ facts }) => {
    const actual = facts[fact];
    return actual != null && typeof actual === 'object' ? levelOf(holds(actual)) : UNKNOWN;
  };
}

function textTest(fact: FactName, holds: (actual: string) => boolean): Test {
  return ({ facts }) => {
    const actual = facts[fact];
    return typeof actual === 'string' ? levelOf(holds(actual)) : UNKNOWN;
  };
}

function boundTest(fact: FactName, bound: number, isLower: boolean): Test {
  return ({ facts }) => {
    const actual = facts[fact];
    if (typeof actual !== 'number' || Number.isNaN(actual)) return UNKNOWN;
    return levelOf(isLower ? actual >= bound : actual <= bound);
  };
}

function instantTest(fact: FactName, bound: number | undefined, isBefore: boolean): Test {
  if (bound === undefined) return undecided;
  return (scope) => {
    const text = scope.facts[fact];
    const actual = typeof text === 'string' ? instantOf(scope, text) : undefined;
    return actual === undefined ? UNKNOWN : levelOf(isBefore ? actual < bound : actual > bound);
  };
}

function clockTest(window: Window): Test {
  const holds = windowTest(window);
  return (scope) => {
    const clock = clockIn(scope, window.zone);
    return clock === undefined ? UNKNOWN : levelOf(holds(clock));
  };
}

/** A text that is no network leaves the answer open unless another network already holds the address. */
function networkTest(texts: readonly string[] | undefined): Test {
  if (texts === undefined) return undecided;
  const parsed = texts.map(parseNetwork);
  const networks = parsed.filter((network): network is Network => network !== undefined);
  const otherwise = networks.length === parsed.length ? FALSE : UNKNOWN;
  const [only] = networks;
  if (networks.length === 1 && only !== undefined)
    return (scope) => {
      const address = addressOf(scope);
      if (address === null) return UNKNOWN;
      return inNetwork(address, only) ? TRUE : otherwise;
    };
  return (scope) => {
    const address = addressOf(scope);
    if (address === null) return UNKNOWN;
    for (const network of networks) if (inNetwork(address, network)) return TRUE;
    return otherwise;
  };
}
