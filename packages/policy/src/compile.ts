import { type Comparison, type Condition, groupOf, type PolicyDocument, type Rule } from './document.js';
import { definitionOf, type FactName, type Facts } from './facts.js';
import { childOf, levelAt, type Program, ProgramBuilder } from './program.js';
import type { Scope } from './scope.js';
import { parseInstant } from './time.js';
import { nameOf, type Truth } from './truth.js';

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

export interface CompiledRule {
  readonly rule: Rule;
  /** The node of its condition. */
  readonly node: number;
  /** Milliseconds since 1970 from which on a rule that only reports is off. */
  readonly reportsUntil?: number;
}

/** A policy made ready for many evaluations; it holds no state and may be shared. */
export interface CompiledPolicy {
  readonly rules: readonly CompiledRule[];
  readonly program: Program;
}

/** Compiles a policy once. Keep the result by policy version. */
export function compilePolicy(policy: PolicyDocument): CompiledPolicy {
  const builder = new ProgramBuilder(policy.lists);
  const rules = policy.rules.map((rule) => ({
    rule,
    node: builder.add(rule.condition),
    // A time that can't be read is as good as over: the rule stays without effect.
    ...(rule.reportOnlyUntil === undefined
      ? {}
      : { reportsUntil: parseInstant(rule.reportOnlyUntil) ?? Number.NEGATIVE_INFINITY }),
  }));
  return { rules, program: builder.build() };
}

/** The outcome of a condition and of all its parts, also of those that the decision did not need. */
export function explainCondition(
  program: Program,
  node: number,
  condition: Condition,
  scope: Scope,
): ExplainedCondition {
  const result = nameOf(levelAt(program, node, scope));
  if ('fact' in condition) {
    const actual = actualOf(scope.facts, condition.fact);
    const isPersonal = definitionOf(condition.fact).personal === true;
    const explained = { kind: 'comparison', comparison: condition, result, isPersonal } as const;
    return actual === undefined ? explained : { ...explained, actual };
  }
  const { kind, children } = groupOf(condition);
  return {
    kind,
    result,
    children: children.map((child, index) =>
      explainCondition(program, childOf(program, node, index), child, scope),
    ),
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
