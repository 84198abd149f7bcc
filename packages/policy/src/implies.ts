import { containsNetwork, parseNetwork } from './cidr.js';
import { groupsOf, testOf, valuesOf } from './comparison.js';
import type { Comparison, Condition } from './document.js';
import type { Facts } from './facts.js';
import type { Lists } from './lists.js';
import { scopeOf } from './scope.js';
import { parseInstant } from './time.js';
import { TRUE } from './truth.js';

/** Steps that are left; where there are none, nothing implies anything any more. */
export interface Budget {
  steps: number;
}

/**
 * Whether, whatever the facts, `left` is at most as true as `right`, in the order false, unknown, true. Found from the
 * form of the two: what it finds holds, but it does not find everything.
 */
export function implies(
  left: Condition,
  right: Condition,
  lists: Lists | undefined,
  budget: Budget,
): boolean {
  budget.steps -= 1;
  if (budget.steps <= 0) return false;
  const goOn = (one: Condition, other: Condition) => implies(one, other, lists, budget);
  if ('fact' in left && 'fact' in right) return impliesComparison(left, right, lists, budget);
  if (!('fact' in right) && 'all' in right) return right.all.every((child) => goOn(left, child));
  if (!('fact' in left) && 'any' in left) return left.any.every((child) => goOn(child, right));
  if (!('fact' in left) && 'none' in left && !('fact' in right) && 'none' in right)
    return right.none.every((child) => left.none.some((other) => goOn(child, other)));
  if (!('fact' in right) && 'any' in right && right.any.some((child) => goOn(left, child))) return true;
  if (!('fact' in left) && 'all' in left) return left.all.some((child) => goOn(child, right));
  return !('fact' in right) && 'none' in right && right.none.length === 0;
}

/** Both are unknown at the same facts, so that only what is true at values counts. */
function impliesComparison(
  left: Comparison,
  right: Comparison,
  lists: Lists | undefined,
  budget: Budget,
): boolean {
  if (left.fact !== right.fact) return false;
  if (JSON.stringify(left) === JSON.stringify(right)) return true;
  if (left.op === 'exists' || right.op === 'exists') return false;
  if (left.fact.startsWith('identity.attributes.')) return false;
  const { fact } = left;
  if (left.op === 'is' || left.op === 'in') {
    const values = scalarsOf(left, lists);
    if (values === undefined) return false;
    budget.steps -= values.length;
    const test = testOf(right, lists);
    return values.every((value) => test(scopeOf({ [fact]: value } as Facts)) === TRUE);
  }
  switch (left.op) {
    case 'isNot':
    case 'notIn': {
      const outer = excludedBy(right, lists);
      const inner = new Set(excludedBy(left, lists));
      return outer?.every((value) => inner.has(value)) ?? false;
    }
    case 'contains':
    case 'containsAny':
      return areIn(groupsOf(left), groupsOf(right));
    case 'atLeast':
      return right.op === 'atLeast' && left.value >= right.value;
    case 'atMost':
      return right.op === 'atMost' && left.value <= right.value;
    case 'before':
      return right.op === 'before' && isOrdered(left.value, right.value);
    case 'after':
      return right.op === 'after' && isOrdered(right.value, left.value);
    case 'inCidr':
      return right.op === 'inCidr' && areNetworksIn(left, right, lists, budget);
    case 'notInCidr':
      return right.op === 'notInCidr' && areNetworksIn(right, left, lists, budget);
    default:
      return false;
  }
}

function excludedBy(comparison: Comparison, lists: Lists | undefined) {
  if (comparison.op === 'isNot') return [comparison.value];
  if (comparison.op !== 'notIn') return undefined;
  return valuesOf<string | number | boolean>(comparison.value, comparison.fact, lists);
}

function scalarsOf(comparison: Comparison, lists: Lists | undefined) {
  if (comparison.op === 'is') return [comparison.value];
  return comparison.op === 'in'
    ? valuesOf<string | number | boolean>(comparison.value, comparison.fact, lists)
    : undefined;
}

function areIn(inner: readonly string[], outer: readonly string[]): boolean {
  const set = new Set(outer);
  return inner.every((value) => set.has(value));
}

function isOrdered(earlier: string, later: string): boolean {
  const [one, other] = [parseInstant(earlier), parseInstant(later)];
  return one !== undefined && other !== undefined && one <= other;
}

function areNetworksIn(
  inner: Comparison,
  outer: Comparison,
  lists: Lists | undefined,
  budget: Budget,
): boolean {
  const [ones, others] = [inner, outer].map((comparison) =>
    comparison.op === 'inCidr' || comparison.op === 'notInCidr'
      ? valuesOf(comparison.value, 'request.ip', lists)?.map(parseNetwork)
      : undefined,
  );
  if (ones === undefined || others === undefined) return false;
  budget.steps -= ones.length * others.length;
  if (budget.steps <= 0) return false;
  // A text that is no network leaves its comparison open, so nothing follows from it.
  if ([...ones, ...others].some((network) => network === undefined)) return false;
  return ones.every((one) =>
    others.some((other) => one !== undefined && other !== undefined && containsNetwork(other, one)),
  );
}
