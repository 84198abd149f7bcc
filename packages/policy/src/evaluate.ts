import {
  type CompiledPolicy,
  type CompiledRule,
  type ExplainedCondition,
  explainCondition,
} from './compile.js';
import { type Action, DEFAULT_RULE, type Rule } from './document.js';
import type { Facts } from './facts.js';
import { levelAt, type Program } from './program.js';
import { instantOf, type Scope, scopeOf } from './scope.js';
import { FALSE, type Level, TRUE } from './truth.js';

/** What a policy says about one transaction. */
export interface Decision {
  /** STEP_UP is a refusal too, until a new ceremony with user verification was decided anew. */
  readonly outcome: 'ALLOW' | 'DENY' | 'STEP_UP';
  /** The rule that decided; `default` where no rule did. */
  readonly ruleId: string;
  readonly ruleName: string;
  /** The text of a DENY rule for the person who is refused. */
  readonly message?: string;
  /** Ids of the MONITOR and report-only rules that matched before the deciding rule, in order. */
  readonly monitored: readonly string[];
}

/**
 * MATCHED: the condition holds, or is UNKNOWN and the rule denies or steps up. SATISFIED: a rule that steps up matched,
 * but the user was verified already. REPORTED: matched, but the rule only reports so far. UNDECIDED: the condition is
 * UNKNOWN and the rule allows or monitors, so it was passed over. ENDED: the time to report only is over. NOT_REACHED: an
 * earlier rule had decided.
 */
export type RuleResult =
  | 'MATCHED'
  | 'SATISFIED'
  | 'REPORTED'
  | 'NOT_MATCHED'
  | 'UNDECIDED'
  | 'DISABLED'
  | 'ENDED'
  | 'NOT_REACHED';

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

/** Decides one transaction: the first enabled rule that matches and ends the evaluation wins, and none at all is DENY. */
export function evaluate(compiled: CompiledPolicy, facts: Facts): Decision {
  const scope = scopeOf(facts, compiled.program.tests.length);
  const { rules, program } = compiled;
  const monitored: string[] = [];
  for (const compiledRule of rules) {
    const { rule, node } = compiledRule;
    if (!rule.enabled || hasEnded(compiledRule, scope)) continue;
    if (!matches(rule.action, levelAt(program, node, scope))) continue;
    if (isOnlyRecorded(compiledRule)) monitored.push(rule.id);
    else if (!isSatisfied(rule, facts)) return decisionOf(rule, monitored);
  }
  return defaultDecision(monitored);
}

/** Decides exactly as `evaluate` does and says of every rule and every comparison how it came out. */
export function explain(compiled: CompiledPolicy, facts: Facts): Explanation {
  const scope = scopeOf(facts, compiled.program.tests.length);
  const monitored: string[] = [];
  let decision: Decision | undefined;
  const rules = compiled.rules.map((compiledRule): ExplainedRule => {
    const { rule } = compiledRule;
    const result = decision === undefined ? resultOf(compiled.program, compiledRule, scope) : unreached(rule);
    if (result === 'REPORTED' || (result === 'MATCHED' && rule.action.type === 'MONITOR'))
      monitored.push(rule.id);
    else if (result === 'MATCHED') decision = decisionOf(rule, monitored);
    const condition = explainCondition(compiled.program, compiledRule.node, rule.condition, scope);
    return { ruleId: rule.id, ruleName: rule.name, action: rule.action.type, result, condition };
  });
  return { decision: decision ?? defaultDecision(monitored), rules };
}

const unreached = (rule: Rule): RuleResult => (rule.enabled ? 'NOT_REACHED' : 'DISABLED');

function resultOf(program: Program, compiledRule: CompiledRule, scope: Scope): RuleResult {
  const { rule, node } = compiledRule;
  if (!rule.enabled) return 'DISABLED';
  if (hasEnded(compiledRule, scope)) return 'ENDED';
  const level = levelAt(program, node, scope);
  if (!matches(rule.action, level)) return level === FALSE ? 'NOT_MATCHED' : 'UNDECIDED';
  if (compiledRule.reportsUntil !== undefined) return 'REPORTED';
  return isSatisfied(rule, scope.facts) ? 'SATISFIED' : 'MATCHED';
}

/** A rule that protects must not be evaded by withholding a fact, so UNKNOWN is enough for DENY and STEP_UP. */
export function matches(action: Action, level: Level): boolean {
  switch (action.type) {
    case 'ALLOW':
    case 'MONITOR':
      return level === TRUE;
    case 'DENY':
    case 'STEP_UP':
      return level !== FALSE;
  }
}

const isOnlyRecorded = ({ rule, reportsUntil }: CompiledRule): boolean =>
  rule.action.type === 'MONITOR' || reportsUntil !== undefined;

/** A rule that only reports goes on reporting where the time of the request is not known: it decides nothing anyway. */
function hasEnded({ reportsUntil }: CompiledRule, scope: Scope): boolean {
  if (reportsUntil === undefined) return false;
  const time = instantOf(scope, scope.facts['request.time']);
  return time !== undefined && time >= reportsUntil;
}

const isSatisfied = (rule: Rule, facts: Facts): boolean =>
  rule.action.type === 'STEP_UP' && facts['passkey.userVerified'] === true;

/** What a matching rule decides that ends the evaluation. */
function decisionOf({ id, name, action }: Rule, monitored: readonly string[]): Decision {
  if (action.type === 'MONITOR') throw new Error('a MONITOR rule decides nothing');
  const decision = { outcome: action.type, ruleId: id, ruleName: name, monitored };
  return action.type === 'DENY' && action.message !== undefined
    ? { ...decision, message: action.message }
    : decision;
}

function defaultDecision(monitored: readonly string[]): Decision {
  return { outcome: 'DENY', ruleId: DEFAULT_RULE.id, ruleName: DEFAULT_RULE.name, monitored };
}
