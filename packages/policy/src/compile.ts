import { type Test, testOf } from './comparison.js';
import { type Comparison, type Condition, groupOf, type PolicyDocument, type Rule } from './document.js';
import { definitionOf, type FactName, type Facts } from './facts.js';
import type { Lists } from './lists.js';
import type { Scope } from './scope.js';
import { parseInstant } from './time.js';
import { FALSE, type Level, nameOf, not, TRUE, type Truth } from './truth.js';

/** A fact as it was, in a form that JSON can hold; a set becomes a list. */
export type ActualValue = string | number | boolean | readonly string[];

/** A condition with the outcome of each of its parts; `actual` is absent where the fact was missing, or was redacted. */
export type ExplainedCondition =
  | { readonly kind: 'all' | 'any' | 'none'; readonly result: Truth; readonly children: ExplainedCondition[] }
  | {
      readonly kind: 'comparison';
      readonly comparison: Comparison;
      readonly result: Truth;
      /** Whether `actual` tells of a person. */
      readonly isPersonal: boolean;
      readonly actual?: ActualValue;
    };

interface CompiledCondition {
  readonly test: Test;
  readonly explain: (scope: Scope) => ExplainedCondition;
}

export interface CompiledRule extends CompiledCondition {
  readonly rule: Rule;
  /** Milliseconds since 1970 from which on a rule that only reports is off. */
  readonly reportsUntil?: number;
}

/** A policy made ready for many evaluations; it holds no state and may be shared. */
export interface CompiledPolicy {
  readonly rules: readonly CompiledRule[];
}

/** Compiles a policy once, so that `evaluate` only runs closures. Keep the result by policy version. */
export function compilePolicy(policy: PolicyDocument): CompiledPolicy {
  const { lists } = policy;
  return {
    rules: policy.rules.map((rule) => ({
      rule,
      ...compileCondition(rule.condition, lists),
      // A time that can't be read is as good as over: the rule stays without effect.
      ...(rule.reportOnlyUntil === undefined
        ? {}
        : { reportsUntil: parseInstant(rule.reportOnlyUntil) ?? Number.NEGATIVE_INFINITY }),
    })),
  };
}

function compileCondition(condition: Condition, lists: Lists | undefined): CompiledCondition {
  if ('fact' in condition) return compileComparison(condition, lists);
  const { kind, children } = groupOf(condition);
  const parts = children.map((child) => compileCondition(child, lists));
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

function compileComparison(comparison: Comparison, lists: Lists | undefined): CompiledCondition {
  const test = testOf(comparison, lists);
  const isPersonal = definitionOf(comparison.fact).personal === true;
  return {
    test,
    explain: (scope) => {
      const actual = actualOf(scope.facts, comparison.fact);
      const explained = { kind: 'comparison', comparison, result: nameOf(test(scope)), isPersonal } as const;
      return actual === undefined ? explained : { ...explained, actual };
    },
  };
}

function actualOf(facts: Facts, fact: FactName): ActualValue | undefined {
  const value = facts[fact];
  if (typeof value === 'object') return value === null ? undefined : [...value];
  return value;
}

/** The same outcomes without the values that tell of a person, for whoever may see decisions but not people. */
export function redact(condition: ExplainedCondition): ExplainedCondition {
  if (condition.kind !== 'comparison') return { ...condition, children: condition.children.map(redact) };
  if (!condition.isPersonal) return condition;
  const { actual: _, ...rest } = condition;
  return rest;
}
