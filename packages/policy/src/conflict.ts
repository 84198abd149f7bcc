import { containsNetwork, type Network, parseNetwork } from './cidr.js';
import { groupsOf, type Test, valuesOf } from './comparison.js';
import type { Comparison } from './document.js';
import { definitionOf, type FactName, type Facts, TRANSACTION_KINDS } from './facts.js';
import type { Lists } from './lists.js';
import { scopeOf } from './scope.js';
import { parseInstant, WEEKDAYS, windowTest } from './time.js';
import type { Level } from './truth.js';

/** A comparison that has to come out as wanted. */
export interface Literal {
  readonly comparison: Comparison;
  readonly isNegated: boolean;
  readonly test: Test;
  readonly wanted: Level;
}

type Value = string | number | boolean;

/** Why these can't all come out as wanted at once; undefined where they may. */
export function conflictAmong(literals: readonly Literal[], lists: Lists | undefined): string | undefined {
  const byFact = new Map<FactName, Literal[]>();
  for (const literal of literals) {
    const known = byFact.get(literal.comparison.fact);
    if (known) known.push(literal);
    else byFact.set(literal.comparison.fact, [literal]);
  }
  for (const [fact, ofFact] of byFact) {
    const title = definitionOf(fact).title;
    const [only] = ofFact;
    if (conflictOf(fact, ofFact, lists))
      return ofFact.length === 1 && only !== undefined
        ? `No value of "${title}" fits here.`
        : `No value of "${title}" fits all that is asked of it here.`;
  }
  return conflictOfKinds(byFact);
}

/** A fact that only one kind of transaction has, next to another kind. */
function conflictOfKinds(byFact: ReadonlyMap<FactName, readonly Literal[]>): string | undefined {
  const kindLiterals = byFact.get('transaction.kind') ?? [];
  let kinds = TRANSACTION_KINDS.filter((kind) => fits({ 'transaction.kind': kind }, kindLiterals));
  for (const [fact, literals] of byFact) {
    if (literals.every(isAbsence)) continue;
    kinds = kinds.filter((kind) => definitionOf(fact).kinds.includes(kind));
    if (kinds.length === 0)
      return `"${definitionOf(fact).title}" is never known at a transaction that fits the rest.`;
  }
  return undefined;
}

const isAbsence = ({ comparison, isNegated }: Literal): boolean => comparison.op === 'exists' && isNegated;

const fits = (facts: Facts, literals: readonly Literal[]): boolean =>
  literals.every(({ test, wanted }) => test(scopeOf(facts)) === wanted);

function conflictOf(fact: FactName, literals: readonly Literal[], lists: Lists | undefined): boolean {
  if (literals.some(isAbsence)) return !literals.every(isAbsence);
  const candidates = candidatesOf(fact, literals, lists);
  if (candidates !== undefined)
    return !candidates.some((value) => fits({ [fact]: value } as Facts, literals));
  switch (definitionOf(fact).type) {
    case 'ip':
      return areNetworksApart(literals, lists);
    case 'idSet':
      return areSetsApart(literals);
    case 'clock':
      return areBoundsApart(literals) || areWindowsApart(literals);
    case 'attribute':
      return areBoundsApart(literals) || areSetsApart(literals);
    default:
      return areBoundsApart(literals);
  }
}

/** All values that can still be; undefined where they can't be counted. */
function candidatesOf(
  fact: FactName,
  literals: readonly Literal[],
  lists: Lists | undefined,
): readonly Value[] | undefined {
  for (const { comparison, isNegated } of literals) {
    if (comparison.op === 'is' && !isNegated) return [comparison.value];
    if (comparison.op === 'isNot' && isNegated) return [comparison.value];
    if ((comparison.op === 'in' && !isNegated) || (comparison.op === 'notIn' && isNegated)) {
      const values = valuesOf<Value>(comparison.value, fact, lists);
      if (values !== undefined) return values;
    }
  }
  const definition = definitionOf(fact);
  if (definition.type === 'boolean') return [true, false];
  return definition.type === 'enum' ? definition.values : undefined;
}

interface Bound {
  readonly value: number;
  /** The bound itself does not count. */
  readonly isOpen: boolean;
}

function areBoundsApart(literals: readonly Literal[]): boolean {
  const lows: Bound[] = [];
  const highs: Bound[] = [];
  for (const { comparison, isNegated } of literals) {
    const { op } = comparison;
    if (op === 'atLeast' || op === 'atMost')
      ((op === 'atLeast') === isNegated ? highs : lows).push({ value: comparison.value, isOpen: isNegated });
    if (op !== 'before' && op !== 'after') continue;
    const value = parseInstant(comparison.value);
    if (value !== undefined)
      ((op === 'after') === isNegated ? highs : lows).push({ value, isOpen: !isNegated });
  }
  return lows.some((low) =>
    highs.some((high) => low.value > high.value || (low.value === high.value && (low.isOpen || high.isOpen))),
  );
}

/** Groups that are asked for and forbidden at once. */
function areSetsApart(literals: readonly Literal[]): boolean {
  const asked: (readonly string[])[] = [];
  const forbidden = new Set<string>();
  for (const { comparison, isNegated } of literals) {
    if (comparison.op !== 'contains' && comparison.op !== 'containsAny') continue;
    const values = groupsOf(comparison);
    if (isNegated) for (const value of values) forbidden.add(value);
    else asked.push(values);
  }
  return asked.some((values) => values.every((value) => forbidden.has(value)));
}

/** Whether no minute of a week lies in all windows; asked only where all speak of one zone. */
function areWindowsApart(literals: readonly Literal[]): boolean {
  const windows = literals.flatMap(({ comparison, isNegated }) =>
    comparison.op === 'within' || comparison.op === 'notWithin'
      ? [{ window: comparison.value, isInside: (comparison.op === 'within') !== isNegated }]
      : [],
  );
  const [first] = windows;
  if (first === undefined || windows.some(({ window }) => window.zone !== first.window.zone)) return false;
  const tests = windows.map(({ window, isInside }) => ({ holds: windowTest(window), isInside }));
  for (let day = 0; day < WEEKDAYS.length; day++)
    for (let minute = 0; minute < 1440; minute++)
      if (tests.every(({ holds, isInside }) => holds({ day, minute }) === isInside)) return false;
  return true;
}

/** Networks to compare one by one at most; larger lists are not looked into. */
const MOST_PAIRS = 100_000;

function areNetworksApart(literals: readonly Literal[], lists: Lists | undefined): boolean {
  let allowed: readonly Network[] | undefined;
  const forbidden: Network[] = [];
  for (const { comparison, isNegated } of literals) {
    if (comparison.op !== 'inCidr' && comparison.op !== 'notInCidr') continue;
    const networks = (valuesOf(comparison.value, 'request.ip', lists) ?? ['?']).map(parseNetwork);
    if (networks.some((network) => network === undefined)) return false;
    const read = networks.filter((network) => network !== undefined);
    if ((comparison.op === 'inCidr') === isNegated) forbidden.push(...read);
    else if (allowed === undefined) allowed = read;
    else if (allowed.length * read.length > MOST_PAIRS) return false;
    else allowed = overlaps(allowed, read);
  }
  if (allowed === undefined || allowed.length * forbidden.length > MOST_PAIRS) return false;
  return allowed.every((network) => forbidden.some((outer) => containsNetwork(outer, network)));
}

/** Two networks are apart, or one lies in the other. */
function overlaps(left: readonly Network[], right: readonly Network[]): Network[] {
  return left.flatMap((one) =>
    right.flatMap((other) => {
      if (containsNetwork(one, other)) return [other];
      return containsNetwork(other, one) ? [one] : [];
    }),
  );
}
