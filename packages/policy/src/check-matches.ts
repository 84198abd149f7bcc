import { testOf } from './comparison.js';
import { conflictAmong, type Literal } from './conflict.js';
import { type Comparison, type Condition, groupOf, type Path, type Rule } from './document.js';
import { definitionOf, TRANSACTION_KINDS, type TransactionKind } from './facts.js';
import type { Lists } from './lists.js';
import { scopeOf } from './scope.js';
import { FALSE, type Level, TRUE, UNKNOWN } from './truth.js';
import { comparisonsOf, type Range, rangeOf } from './walk.js';
import type { Finding } from './world.js';

/** Why a condition can never be true, and the smallest part of it that says so. */
interface Reason {
  readonly message: string;
  readonly path: Path;
}

/** A rule that matches nothing, or only where facts are missing. */
export function checkMatches(rule: Rule, path: Path, lists: Lists | undefined): Finding[] {
  const at: Path = [...path, 'condition'];
  const isStrict = rule.action.type === 'DENY' || rule.action.type === 'STEP_UP';
  const findings: Finding[] = [];
  const reason = neverTrue(rule.condition, at, lists);
  const [, highest] = rangeOf(rule.condition, unknownUnlessAsked);
  if (reason !== undefined) {
    const still = isStrict && highest > FALSE;
    findings.push({
      severity: 'WARNING',
      code: still ? 'MATCHES_WITHOUT_FACT' : 'NEVER_MATCHES',
      message: still
        ? `${reason.message} The rule can match only where a fact is missing.`
        : `${reason.message} The rule never matches.`,
      path: reason.path,
    });
  }
  if (isStrict && reason === undefined)
    for (const kind of TRANSACTION_KINDS) findings.push(...checkAbsent(rule, at, kind));
  return findings;
}

const unknownUnlessAsked = ({ op }: Comparison): Range =>
  op === 'exists' ? [FALSE, TRUE] : [UNKNOWN, UNKNOWN];

/** A rule that is strict at transactions of a kind only because a fact is never known there: hardly ever meant. */
function checkAbsent(rule: Rule, path: Path, kind: TransactionKind): Finding[] {
  const isAbsent = ({ fact }: Comparison) => !definitionOf(fact).kinds.includes(kind);
  const highest = (absent: Level): Level =>
    rangeOf(rule.condition, (comparison) => {
      if (comparison.fact === 'transaction.kind') {
        const level = testOf(comparison)(scopeOf({ 'transaction.kind': kind }));
        return [level, level];
      }
      if (!isAbsent(comparison)) return [FALSE, TRUE];
      return comparison.op === 'exists' ? [FALSE, FALSE] : [absent, absent];
    })[1];
  if (highest(FALSE) !== FALSE || highest(UNKNOWN) === FALSE) return [];
  const absent = [...comparisonsOf(rule.condition, path)].find(([comparison]) => isAbsent(comparison));
  if (absent === undefined) return [];
  const [{ fact }, place] = absent;
  const noun = kind === 'REGISTRATION' ? 'registrations' : 'sign-ins';
  return [
    {
      severity: 'WARNING',
      code: 'MATCHES_WITHOUT_FACT',
      message: `"${definitionOf(fact).title}" is never known at ${noun}, so this rule matches there whatever it is. Say for which kind of transaction the rule is.`,
      path: place,
    },
  ];
}

/** Undefined where the condition may be true; never wrong in saying that it can't. */
export function neverTrue(condition: Condition, path: Path, lists: Lists | undefined): Reason | undefined {
  if ('fact' in condition) {
    const message = conflictAmong([literalOf(condition, false, lists)], lists);
    return message === undefined ? undefined : { message, path };
  }
  const { kind, children } = groupOf(condition);
  const within = (index: number): Path => [...path, kind, index];
  if (kind === 'none') {
    const index = children.findIndex((child) => isAlwaysTrue(child));
    if (index !== -1) return { message: 'This is always true, and must not be.', path: within(index) };
    const message = conflictAmong(literalsOf(condition, lists), lists);
    return message === undefined ? undefined : { message, path };
  }
  const reasons = children.map((child, index) => neverTrue(child, within(index), lists));
  if (kind === 'any') {
    if (children.length === 0) return { message: 'There is nothing of which any could be true.', path };
    return reasons.every((reason) => reason !== undefined) ? reasons[0] : undefined;
  }
  const first = reasons.find((reason) => reason !== undefined);
  if (first !== undefined) return first;
  const message = conflictAmong(literalsOf(condition, lists), lists);
  return message === undefined ? undefined : { message, path };
}

/** Whether the condition is true whatever the facts. */
export function isAlwaysTrue(condition: Condition): boolean {
  return rangeOf(condition, () => [FALSE, TRUE])[0] === TRUE;
}

/** The comparisons that must be true, or false, for the condition to be true. */
function literalsOf(condition: Condition, lists: Lists | undefined): Literal[] {
  if ('fact' in condition) return [literalOf(condition, false, lists)];
  const { kind, children } = groupOf(condition);
  if (kind === 'all' || (kind === 'any' && children.length === 1))
    return children.flatMap((child) => literalsOf(child, lists));
  if (kind === 'any') return [];
  return children.flatMap((child) => ('fact' in child ? [literalOf(child, true, lists)] : []));
}

function literalOf(comparison: Comparison, isNegated: boolean, lists: Lists | undefined): Literal {
  return { comparison, isNegated, test: testOf(comparison, lists), wanted: isNegated ? FALSE : TRUE };
}
