import { checkMatches } from './check-matches.js';
import { checkReach } from './check-reach.js';
import { checkValues } from './check-values.js';
import { DEFAULT_RULE, type PolicyDocument } from './document.js';
import { parsePolicy } from './parse.js';
import { parseInstant } from './time.js';
import type { Finding, World } from './world.js';

/**
 * Everything that is wrong with a policy, or looks so, with its place, in the order of the rules. Never throws; a policy
 * that can't be read is told as `CANNOT_READ`, once for each such rule.
 */
export function checkPolicy(json: unknown, world: World = {}): Finding[] {
  const parsed = parsePolicy(json);
  if ('problems' in parsed)
    return parsed.problems.map(({ message, path }) => ({
      severity: 'ERROR',
      code: 'CANNOT_READ',
      message,
      path,
    }));
  const { policy } = parsed;
  const findings = [
    ...checkIds(policy),
    ...checkValues(policy, world),
    ...policy.rules.flatMap((rule, index) => checkMatches(rule, ['rules', index], policy.lists)),
    ...checkReach(policy),
    ...checkReports(policy, world),
  ];
  return findings.sort((left, right) => placeOf(left) - placeOf(right));
}

const placeOf = ({ path: [part, index] }: Finding): number =>
  part === 'rules' && typeof index === 'number' ? index : Number.MAX_SAFE_INTEGER;

function checkIds({ rules }: PolicyDocument): Finding[] {
  const seen = new Set<string>([DEFAULT_RULE.id]);
  return rules.flatMap(({ id }, index): Finding[] => {
    const isTaken = seen.has(id);
    seen.add(id);
    if (!isTaken) return [];
    const message = `Another rule has the id ${id}, so that nobody could tell which of them decided.`;
    return [{ severity: 'ERROR', code: 'DUPLICATE_ID', message, path: ['rules', index, 'id'] }];
  });
}

function checkReports({ rules }: PolicyDocument, world: World): Finding[] {
  const findings: Finding[] = [];
  const now = world.now === undefined ? undefined : parseInstant(world.now);
  for (const [index, { enabled, reportOnlyUntil }] of rules.entries()) {
    const end = reportOnlyUntil === undefined ? undefined : parseInstant(reportOnlyUntil);
    if (!enabled || end === undefined || now === undefined || end > now) continue;
    findings.push({
      severity: 'WARNING',
      code: 'REPORT_ONLY_ENDED',
      message: `This rule reported until ${reportOnlyUntil} and is off since then. Put it into force, or remove it.`,
      path: ['rules', index, 'reportOnlyUntil'],
    });
  }
  const allows = rules.some(
    ({ enabled, action, reportOnlyUntil }) =>
      enabled && action.type === 'ALLOW' && reportOnlyUntil === undefined,
  );
  if (!allows)
    findings.push({
      severity: 'WARNING',
      code: 'NOTHING_ALLOWED',
      message: 'No rule allows anything, so that everything is denied.',
      path: ['rules'],
    });
  return findings;
}
