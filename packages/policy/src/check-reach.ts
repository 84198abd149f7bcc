import { isAlwaysTrue } from './check-matches.js';
import type { Path, PolicyDocument, Rule } from './document.js';
import { type Budget, implies } from './implies.js';
import type { Finding } from './world.js';

/** Steps of comparing rules with each other; enough for 500 rules of ordinary size. */
const STEPS = 3_000_000;

/** Rules that an earlier rule leaves nothing to decide. */
export function checkReach(policy: PolicyDocument): Finding[] {
  const budget: Budget = { steps: STEPS };
  const findings: Finding[] = [];
  const earlier: [Rule, number][] = [];
  for (const [index, rule] of policy.rules.entries()) {
    if (!rule.enabled) continue;
    for (const [other, otherIndex] of earlier) {
      const finding = findingFor(rule, index, other, otherIndex, policy, budget);
      if (finding === undefined) continue;
      findings.push(finding);
      break;
    }
    if (endsEvaluation(rule)) earlier.push([rule, index]);
  }
  if (budget.steps <= 0)
    findings.push({
      severity: 'WARNING',
      code: 'TOO_MUCH_TO_COMPARE',
      message: 'This policy is too large to compare all its rules with each other.',
      path: ['rules'],
    });
  return findings;
}

const endsEvaluation = ({ action, reportOnlyUntil }: Rule): boolean =>
  action.type !== 'MONITOR' && reportOnlyUntil === undefined;

const isStrict = ({ action }: Rule): boolean => action.type === 'DENY' || action.type === 'STEP_UP';

function findingFor(
  rule: Rule,
  index: number,
  other: Rule,
  otherIndex: number,
  policy: PolicyDocument,
  budget: Budget,
): Finding | undefined {
  // Whoever was verified passes a rule that steps up, so that it hides only others of its kind.
  if (other.action.type === 'STEP_UP' && rule.action.type !== 'STEP_UP') return undefined;
  if (!implies(rule.condition, other.condition, policy.lists, budget)) return undefined;
  const path: Path = ['rules', index];
  const related: Path = ['rules', otherIndex];
  // Where facts are missing the later rule is the stricter one, and has its say.
  if (isStrict(rule) && !isStrict(other) && !isAlwaysTrue(other.condition))
    return {
      severity: 'WARNING',
      code: 'SHADOWED',
      message: `The earlier rule "${other.name}" matches whatever this rule matches, but where facts are missing.`,
      path,
      related,
    };
  const what = isAlwaysTrue(other.condition) ? 'matches everything' : 'matches whatever this rule matches';
  return {
    severity: 'WARNING',
    code: 'NEVER_REACHED',
    message: `This rule never decides: the earlier rule "${other.name}" ${what}.`,
    path,
    related,
  };
}
