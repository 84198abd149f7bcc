import {
  type Action,
  type Condition,
  LIMITS,
  type Path,
  type PolicyDocument,
  type Rule,
} from './document.js';
import { definitionOf, type FactDefinition, isFactName } from './facts.js';
import { isOperatorOf, OPERATORS } from './operators.js';

/** A fault in a policy document: a stable code, a sentence, and where it is. */
export interface Problem {
  readonly code: 'NOT_AN_OBJECT' | 'UNKNOWN_KEY' | 'MISSING' | 'WRONG_TYPE' | 'UNKNOWN_VALUE' | 'TOO_LARGE';
  readonly message: string;
  readonly path: Path;
}

type Parsed = { readonly policy: PolicyDocument } | { readonly problems: readonly Problem[] };

class Fault extends Error {
  constructor(readonly problem: Problem) {
    super(problem.message);
  }
}

const fail = (code: Problem['code'], message: string, path: Path): never => {
  throw new Fault({ code, message, path });
};

interface Budget {
  nodes: number;
  ruleNodes: number;
  values: number;
}

/** Reads a policy from JSON. Never throws: what can't be read is told with its place. Unknown keys are refused. */
export function parsePolicy(json: unknown): Parsed {
  try {
    const object = objectAt(json, [], ['format', 'rules'], []);
    if (object.format !== 1) fail('UNKNOWN_VALUE', 'The format of this policy is not known.', ['format']);
    const rules = listAt(object.rules, ['rules'], LIMITS.rules);
    const budget: Budget = { nodes: 0, ruleNodes: 0, values: 0 };
    return {
      policy: { format: 1, rules: rules.map((rule, index) => ruleAt(rule, ['rules', index], budget)) },
    };
  } catch (error) {
    if (error instanceof Fault) return { problems: [error.problem] };
    throw error;
  }
}

function ruleAt(json: unknown, path: Path, budget: Budget): Rule {
  const object = objectAt(json, path, ['id', 'name', 'enabled', 'action', 'condition'], ['description']);
  budget.ruleNodes = 0;
  if (typeof object.enabled !== 'boolean')
    fail('WRONG_TYPE', 'This is either true or false.', [...path, 'enabled']);
  return {
    id: textAt(object.id, [...path, 'id'], LIMITS.idLength),
    name: textAt(object.name, [...path, 'name'], LIMITS.nameLength),
    ...(object.description === undefined
      ? {}
      : { description: textAt(object.description, [...path, 'description'], LIMITS.textLength) }),
    enabled: object.enabled === true,
    action: actionAt(object.action, [...path, 'action']),
    condition: conditionAt(object.condition, [...path, 'condition'], 1, budget),
  };
}

function actionAt(json: unknown, path: Path): Action {
  const object = objectAt(json, path, ['type'], ['message']);
  if (object.type === 'DENY')
    return {
      type: 'DENY',
      ...(object.message === undefined
        ? {}
        : { message: textAt(object.message, [...path, 'message'], LIMITS.textLength) }),
    };
  if (object.message !== undefined)
    fail('UNKNOWN_KEY', 'Only a rule that denies has a message.', [...path, 'message']);
  if (object.type === 'ALLOW' || object.type === 'MONITOR') return { type: object.type };
  return fail('UNKNOWN_VALUE', 'An action is ALLOW, DENY or MONITOR.', [...path, 'type']);
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

function comparisonAt(object: Record<string, unknown>, path: Path, budget: Budget): Condition {
  for (const key of Object.keys(object))
    if (!['fact', 'op', 'value'].includes(key))
      fail('UNKNOWN_KEY', `A comparison has no "${key}".`, [...path, key]);
  const { fact, op, value } = object;
  if (!isFactName(fact)) return fail('UNKNOWN_VALUE', 'There is no such fact.', [...path, 'fact']);
  const definition = definitionOf(fact);
  if (typeof op !== 'string' || !isOperatorOf(definition.type, op))
    return fail('UNKNOWN_VALUE', 'This fact has no such operator.', [...path, 'op']);
  const operand = OPERATORS[op].operand;
  if (operand === 'none') {
    if (value !== undefined) fail('UNKNOWN_KEY', 'This operator takes no value.', [...path, 'value']);
    return { fact, op } as Condition;
  }
  const at: Path = [...path, 'value'];
  if (operand === 'one') return { fact, op, value: valueAt(value, at, definition) } as Condition;
  const values = listAt(value, at, LIMITS.valuesPerList);
  budget.values += values.length;
  if (budget.values > LIMITS.values) fail('TOO_LARGE', 'This policy has too many values.', at);
  return {
    fact,
    op,
    value: values.map((item, index) => valueAt(item, [...at, index], definition)),
  } as Condition;
}

function valueAt(json: unknown, path: Path, definition: FactDefinition): string | boolean {
  if (definition.type === 'boolean')
    return typeof json === 'boolean' ? json : fail('WRONG_TYPE', 'This is either true or false.', path);
  const text = textAt(json, path, LIMITS.valueLength);
  if (definition.type === 'enum' && !definition.values.includes(text))
    return fail('UNKNOWN_VALUE', `This is one of ${definition.values.join(', ')}.`, path);
  return text;
}

function objectAt(json: unknown, path: Path, required: readonly string[], optional: readonly string[]) {
  if (typeof json !== 'object' || json === null || Array.isArray(json))
    return fail('NOT_AN_OBJECT', 'This must be an object.', path);
  const object: Record<string, unknown> = Object.assign(Object.create(null), json);
  for (const key of Object.keys(object))
    if (!required.includes(key) && !optional.includes(key))
      fail('UNKNOWN_KEY', `There is no "${key}" here.`, [...path, key]);
  for (const key of required)
    if (object[key] === undefined) fail('MISSING', `"${key}" is missing.`, [...path, key]);
  return object;
}

function listAt(json: unknown, path: Path, max: number): readonly unknown[] {
  if (!Array.isArray(json)) return fail('WRONG_TYPE', 'This must be a list.', path);
  return json.length > max ? fail('TOO_LARGE', `This list has at most ${max} items.`, path) : json;
}

function textAt(json: unknown, path: Path, max: number): string {
  if (typeof json !== 'string' || json === '') return fail('WRONG_TYPE', 'This must be a text.', path);
  return json.length > max ? fail('TOO_LARGE', `This has at most ${max} characters.`, path) : json;
}
