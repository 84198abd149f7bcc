import type { CompiledPolicy, ExplainedCondition, Scope } from './compile.js';
import { type Action, DEFAULT_RULE, type Rule } from './document.js';
import type { Facts } from './facts.js';
import { FALSE, type Level, TRUE } from './truth.js';

/** What a policy says about one transaction. */
export interface Decision {
  readonly outcome: 'ALLOW' | 'DENY';
  /** The rule that decided; `default` where no rule did. */
  readonly ruleId: string;
  readonly ruleName: string;
  /** The text of a DENY rule for the person who is refused. */
  readonly message?: string;
  /** Ids of the MONITOR rules that matched before the deciding rule, in order. */
  readonly monitored: readonly string[];
}

/**
 * MATCHED: the condition holds, or is UNKNOWN and the rule denies. UNDECIDED: the condition is UNKNOWN and the rule
 * does not deny, so it was passed over. NOT_REACHED: an earlier rule had decided.
 */
export type RuleResult = 'MATCHED' | 'NOT_MATCHED' | 'UNDECIDED' | 'DISABLED' | 'NOT_REACHED';

export interface ExplainedRule {
  readonly ruleId: string;
  readonly ruleName: string;
  readonly action: Action['type'];
  readonly result: RuleResult;
  /** Filled for every rule, also for those that are disabled or were not reached. */
  readonly condition: ExplainedCondition;
}

export interface Explanation {
  readonly decision: Decision;
  readonly rules: readonly ExplainedRule[];
}

/** Decides one transaction: the first enabled ALLOW or DENY rule that matches wins, and none at all is DENY. */
export function evaluate(compiled: CompiledPolicy, facts: Facts): Decision {
  const scope: Scope = { facts };
  const monitored: string[] = [];
  for (const { rule, test } of compiled.rules) {
    if (!rule.enabled || !matches(rule.action, test(scope))) continue;
    const decision = decisionOf(rule, monitored);
    if (decision !== undefined) return decision;
    monitored.push(rule.id);
  }
  return defaultDecision(monitored);
}

/** Decides exactly as `evaluate` does and says of every rule and every comparison how it came out. */
export function explain(compiled: CompiledPolicy, facts: Facts): Explanation {
  const scope: Scope = { facts };
  const monitored: string[] = [];
  let decision: Decision | undefined;
  const rules = compiled.rules.map((compiledRule): ExplainedRule => {
    const { rule } = compiledRule;
    const result = resultOf(rule, compiledRule.test(scope), decision !== undefined);
    if (result === 'MATCHED') {
      decision = decisionOf(rule, monitored);
      if (decision === undefined) monitored.push(rule.id);
    }
    const condition = compiledRule.explain(scope);
    return { ruleId: rule.id, ruleName: rule.name, action: rule.action.type, result, condition };
  });
  return { decision: decision ?? defaultDecision(monitored), rules };
}

function resultOf(rule: Rule, level: Level, isDecided: boolean): RuleResult {
  if (!rule.enabled) return 'DISABLED';
  if (isDecided) return 'NOT_REACHED';
  if (matches(rule.action, level)) return 'MATCHED';
  return level === FALSE ? 'NOT_MATCHED' : 'UNDECIDED';
}

/** A rule that protects must not be evaded by withholding a fact, so UNKNOWN is enough for DENY alone. */
export function matches(action: Action, level: Level): boolean {
  switch (action.type) {
    case 'ALLOW':
    case 'MONITOR':
      return level === TRUE;
    case 'DENY':
      return level !== FALSE;
  }
}

/** What a matching rule decides; undefined for a rule that lets the evaluation go on. */
function decisionOf({ id, name, action }: Rule, monitored: readonly string[]): Decision | undefined {
  switch (action.type) {
    case 'ALLOW':
      return { outcome: 'ALLOW', ruleId: id, ruleName: name, monitored };
    case 'DENY': {
      const decision = { outcome: 'DENY', ruleId: id, ruleName: name, monitored } as const;
      return action.message === undefined ? decision : { ...decision, message: action.message };
    }
    case 'MONITOR':
      return undefined;
  }
}

function defaultDecision(monitored: readonly string[]): Decision {
  return { outcome: 'DENY', ruleId: DEFAULT_RULE.id, ruleName: DEFAULT_RULE.name, monitored };
}
