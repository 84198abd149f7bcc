import {
  type Action,
  type Condition,
  LIMITS,
  type Path,
  type PolicyDocument,
  type Rule,
} from './document.js';
import { isName } from './facts.js';
import { Fault, fail, flagAt, listAt, objectAt, type Problem, textAt, valueTextAt } from './fault.js';
import { LIST_TYPES, type Lists, type NamedList } from './lists.js';
import { type Budget, comparisonAt, instantAt } from './parse-comparison.js';

export type { Problem } from './fault.js';

export type Parsed =
  | { readonly policy: PolicyDocument }
  | { /** One for each rule that can't be read, in order. */ readonly problems: readonly Problem[] };

/** Reads a policy from JSON. Never throws: what can't be read is told with its place. Unknown keys are refused. */
export function parsePolicy(json: unknown): Parsed {
  const problems: Problem[] = [];
  const attempt = <T>(read: () => T): T | undefined => {
    try {
      return read();
    } catch (error) {
      if (!(error instanceof Fault)) throw error;
      problems.push(error.problem);
      return undefined;
    }
  };
  const policy = attempt((): PolicyDocument => {
    const object = objectAt(json, [], ['format', 'rules'], ['lists']);
    if (object.format !== 1) fail('UNKNOWN_VALUE', 'The format of this policy is not known.', ['format']);
    const budget: Budget = { nodes: 0, ruleNodes: 0, values: 0 };
    const lists = attempt(() => (object.lists === undefined ? undefined : listsAt(object.lists, budget)));
    const rules: Rule[] = [];
    for (const [index, item] of listAt(object.rules, ['rules'], LIMITS.rules).entries()) {
      const rule = attempt(() => ruleAt(item, ['rules', index], budget));
      if (rule) rules.push(rule);
    }
    return { format: 1, rules, ...(lists === undefined || Object.keys(lists).length === 0 ? {} : { lists }) };
  });
  return policy === undefined || problems.length > 0 ? { problems } : { policy };
}

function listsAt(json: unknown, budget: Budget): Lists {
  const path: Path = ['lists'];
  if (typeof json !== 'object' || json === null || Array.isArray(json))
    return fail('NOT_AN_OBJECT', 'This must be an object.', path);
  const entries = Object.entries(json);
  if (entries.length > LIMITS.lists) fail('TOO_LARGE', `There are at most ${LIMITS.lists} lists.`, path);
  return Object.fromEntries(
    entries.map(([name, list]) => {
      if (!isName(name))
        fail('UNKNOWN_VALUE', 'A name has letters, digits and underscores.', [...path, name]);
      return [name, namedListAt(list, [...path, name], budget)];
    }),
  );
}

function namedListAt(json: unknown, path: Path, budget: Budget): NamedList {
  const object = objectAt(json, path, ['type', 'values'], []);
  const type = LIST_TYPES.find((known) => known === object.type);
  if (type === undefined)
    return fail('UNKNOWN_VALUE', `This is one of ${LIST_TYPES.join(', ')}.`, [...path, 'type']);
  const values = listAt(object.values, [...path, 'values'], LIMITS.valuesPerList);
  budget.values += values.length;
  if (budget.values > LIMITS.values) fail('TOO_LARGE', 'This policy has too many values.', path);
  return { type, values: values.map((item, index) => valueTextAt(item, [...path, 'values', index])) };
}

function ruleAt(json: unknown, path: Path, budget: Budget): Rule {
  const object = objectAt(
    json,
    path,
    ['id', 'name', 'enabled', 'action', 'condition'],
    ['description', 'reportOnlyUntil'],
  );
  budget.ruleNodes = 0;
  const { description, reportOnlyUntil } = object;
  return {
    id: textAt(object.id, [...path, 'id'], LIMITS.idLength),
    name: textAt(object.name, [...path, 'name'], LIMITS.nameLength),
    ...(description === undefined
      ? {}
      : { description: textAt(description, [...path, 'description'], LIMITS.textLength) }),
    enabled: flagAt(object.enabled, [...path, 'enabled']),
    action: actionAt(object.action, [...path, 'action']),
    condition: conditionAt(object.condition, [...path, 'condition'], 1, budget),
    ...(reportOnlyUntil === undefined
      ? {}
      : { reportOnlyUntil: instantAt(reportOnlyUntil, [...path, 'reportOnlyUntil']) }),
  };
}

function actionAt(json: unknown, path: Path): Action {
  const { type, message } = objectAt(json, path, ['type'], ['message']);
  if (type === 'DENY')
    return {
      type,
      ...(message === undefined ? {} : { message: textAt(message, [...path, 'message'], LIMITS.textLength) }),
    };
  if (message !== undefined)
    fail('UNKNOWN_KEY', 'Only a rule that denies has a message.', [...path, 'message']);
  if (type === 'ALLOW' || type === 'MONITOR' || type === 'STEP_UP') return { type };
  return fail('UNKNOWN_VALUE', 'An action is ALLOW, DENY, MONITOR or STEP_UP.', [...path, 'type']);
}

function conditionAt(json: unknown, path: Path, depth: number, budget: Budget): Condition {
  budget.nodes += 1;
  budget.ruleNodes += 1;
  if (depth > LIMITS.depth) fail('TOO_LARGE', `A condition has at most ${LIMITS.depth} levels.`, path);
  if (budget.ruleNodes > LIMITS.nodesPerRule || budget.nodes > LIMITS.nodes)
    fail('TOO_LARGE', 'This condition has too many parts.', path);
  const object = objectAt(json, path, [], ['all', 'any', 'none', 'fact', 'op', 'value']);
  const keys = Object.keys(object);
  const [kind] = keys;
  if (keys.length === 1 && (kind === 'all' || kind === 'any' || kind === 'none')) {
    const children = listAt(object[kind], [...path, kind], LIMITS.nodesPerRule).map((child, index) =>
      conditionAt(child, [...path, kind, index], depth + 1, budget),
    );
    if (kind === 'all') return { all: children };
    return kind === 'any' ? { any: children } : { none: children };
  }
  return comparisonAt(object, path, budget);
}
