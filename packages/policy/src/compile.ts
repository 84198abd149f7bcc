import { type Address, inNetwork, type Network, parseAddress, parseNetwork } from './cidr.js';
import { type Comparison, type Condition, groupOf, type PolicyDocument, type Rule } from './document.js';
import type { FactName, Facts } from './facts.js';
import { FALSE, type Level, levelOf, nameOf, not, TRUE, type Truth, UNKNOWN } from './truth.js';

/** The facts of one evaluation, with the address parsed at most once however many rules ask about it. */
export interface Scope {
  readonly facts: Facts;
  address?: Address | null;
}

export type Test = (scope: Scope) => Level;

/** A fact as it was, in a form that JSON can hold; a set becomes a list. */
export type ActualValue = string | boolean | readonly string[];

/** A condition with the outcome of each of its parts; `actual` is absent where the fact was missing. */
export type ExplainedCondition =
  | { readonly kind: 'all' | 'any' | 'none'; readonly result: Truth; readonly children: ExplainedCondition[] }
  | {
      readonly kind: 'comparison';
      readonly comparison: Comparison;
      readonly result: Truth;
      readonly actual?: ActualValue;
    };

interface CompiledCondition {
  readonly test: Test;
  readonly explain: (scope: Scope) => ExplainedCondition;
}

export interface CompiledRule extends CompiledCondition {
  readonly rule: Rule;
}

/** A policy made ready for many evaluations; it holds no state and may be shared. */
export interface CompiledPolicy {
  readonly rules: readonly CompiledRule[];
}

/** Compiles a policy once, so that `evaluate` only runs closures. Keep the result by policy version. */
export function compilePolicy(policy: PolicyDocument): CompiledPolicy {
  return { rules: policy.rules.map((rule) => ({ rule, ...compileCondition(rule.condition) })) };
}

function compileCondition(condition: Condition): CompiledCondition {
  if ('fact' in condition) return compileComparison(condition);
  const { kind, children } = groupOf(condition);
  const parts = children.map(compileCondition);
  const test = compileGroup(
    kind,
    parts.map((part) => part.test),
  );
  return {
    test,
    explain: (scope) => ({
      kind,
      result: nameOf(test(scope)),
      children: parts.map((part) => part.explain(scope)),
    }),
  };
}

function compileGroup(kind: 'all' | 'any' | 'none', tests: readonly Test[]): Test {
  switch (kind) {
    case 'all':
      return (scope) => weakest(tests, scope);
    case 'any':
      return (scope) => strongest(tests, scope);
    case 'none':
      return (scope) => not(strongest(tests, scope));
  }
}

function weakest(tests: readonly Test[], scope: Scope): Level {
  let result: Level = TRUE;
  for (const test of tests) {
    const level = test(scope);
    if (level === FALSE) return FALSE;
    if (level < result) result = level;
  }
  return result;
}

function strongest(tests: readonly Test[], scope: Scope): Level {
  let result: Level = FALSE;
  for (const test of tests) {
    const level = test(scope);
    if (level === TRUE) return TRUE;
    if (level > result) result = level;
  }
  return result;
}

function compileComparison(comparison: Comparison): CompiledCondition {
  const test = testOf(comparison);
  return {
    test,
    explain: (scope) => {
      const actual = actualOf(scope.facts, comparison.fact);
      const explained = { kind: 'comparison', comparison, result: nameOf(test(scope)) } as const;
      return actual === undefined ? explained : { ...explained, actual };
    },
  };
}

function actualOf(facts: Facts, fact: FactName): ActualValue | undefined {
  const value = facts[fact];
  if (typeof value === 'object') return [...value];
  return value ?? undefined;
}

/** The closure for one comparison: UNKNOWN where its fact is missing, except for `exists`. */
export function testOf(comparison: Comparison): Test {
  const { fact } = comparison;
  switch (comparison.op) {
    case 'exists':
      return ({ facts }) => levelOf(facts[fact] != null);
    case 'is':
      return scalarTest(fact, (actual) => actual === comparison.value);
    case 'isNot':
      return scalarTest(fact, (actual) => actual !== comparison.value);
    case 'in':
    case 'notIn': {
      const values: ReadonlySet<unknown> = new Set(comparison.value);
      const wanted = comparison.op === 'in';
      return scalarTest(fact, (actual) => values.has(actual) === wanted);
    }
    case 'contains':
      return setTest(comparison.fact, (actual) => actual.has(comparison.value));
    case 'containsAny':
      return setTest(comparison.fact, (actual) => comparison.value.some((id) => actual.has(id)));
    case 'inCidr':
      return networkTest(comparison.value);
    case 'notInCidr': {
      const test = networkTest(comparison.value);
      return (scope) => not(test(scope));
    }
  }
}

function scalarTest(fact: FactName, holds: (actual: unknown) => boolean): Test {
  return ({ facts }) => {
    const actual = facts[fact];
    return actual == null ? UNKNOWN : levelOf(holds(actual));
  };
}

function setTest(fact: 'identity.groups', holds: (actual: ReadonlySet<string>) => boolean): Test {
  return ({ facts }) => {
    const actual = facts[fact];
    return actual == null ? UNKNOWN : levelOf(holds(actual));
  };
}

/** A text that is no network leaves the answer open unless another network already holds the address. */
function networkTest(texts: readonly string[]): Test {
  const parsed = texts.map(parseNetwork);
  const networks = parsed.filter((network): network is Network => network !== undefined);
  const otherwise = networks.length === parsed.length ? FALSE : UNKNOWN;
  return (scope) => {
    const address = addressOf(scope);
    if (address === null) return UNKNOWN;
    for (const network of networks) if (inNetwork(address, network)) return TRUE;
    return otherwise;
  };
}

/** Null where the address is missing or can't be read, which counts as missing. */
function addressOf(scope: Scope): Address | null {
  if (scope.address === undefined) {
    const text = scope.facts['request.ip'];
    scope.address = (text == null ? undefined : parseAddress(text)) ?? null;
  }
  return scope.address;
}
