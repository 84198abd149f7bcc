import { type Condition, LIMITS, type Path } from './document.js';
import { definitionOf, type FactDefinition, isFactName } from './facts.js';
import { fail, flagAt, listAt, numberAt, objectAt, shown, valueTextAt } from './fault.js';
import { STARS } from './glob.js';
import { isListReference, type ListReference, listTypeOf } from './lists.js';
import { isOperatorOf, OPERATORS, type OperatorName } from './operators.js';
import { parseInstant, parseMinute, WEEKDAYS, type Window } from './time.js';

/** What was read so far, against the limits. */
export interface Budget {
  nodes: number;
  ruleNodes: number;
  values: number;
}

/** Reads `{fact, op, value}`; throws a Fault. */
export function comparisonAt(object: Record<string, unknown>, path: Path, budget: Budget): Condition {
  for (const key of Object.keys(object))
    if (!['fact', 'op', 'value'].includes(key))
      fail('UNKNOWN_KEY', `A comparison has no "${shown(key)}".`, [...path, key]);
  const { fact, op, value } = object;
  if (!isFactName(fact)) return fail('UNKNOWN_VALUE', 'There is no such fact.', [...path, 'fact']);
  const definition = definitionOf(fact);
  if (!isOperatorOf(definition.type, op))
    return fail('UNKNOWN_VALUE', 'This fact has no such operator.', [...path, 'op']);
  const at: Path = [...path, 'value'];
  switch (OPERATORS[op].operand) {
    case 'none':
      if (value !== undefined) fail('UNKNOWN_KEY', 'This operator takes no value.', at);
      return { fact, op } as Condition;
    case 'one':
      return { fact, op, value: valueAt(value, at, definition, op) } as Condition;
    case 'window':
      return { fact, op, value: windowAt(value, at) } as Condition;
    case 'many':
      return { fact, op, value: manyAt(value, at, definition, op, budget) } as Condition;
  }
}

function manyAt(json: unknown, path: Path, definition: FactDefinition, op: OperatorName, budget: Budget) {
  if (isListReference(json)) return referenceAt(json, path, definition);
  const values = listAt(json, path, LIMITS.valuesPerList);
  budget.values += values.length;
  if (budget.values > LIMITS.values) fail('TOO_LARGE', 'This policy has too many values.', path);
  return values.map((item, index) => valueAt(item, [...path, index], definition, op));
}

function referenceAt(json: unknown, path: Path, definition: FactDefinition): ListReference {
  const object = objectAt(json, path, ['list'], []);
  if (listTypeOf(definition.type) === undefined)
    fail('WRONG_TYPE', 'There are no named lists for this fact.', path);
  return { list: valueTextAt(object.list, [...path, 'list']) };
}

function valueAt(json: unknown, path: Path, definition: FactDefinition, op: OperatorName) {
  switch (definition.type) {
    case 'boolean':
      return flagAt(json, path);
    case 'number':
      return numberAt(json, path);
    case 'instant':
    case 'clock':
      return instantAt(json, path);
    case 'attribute':
      return attributeValueAt(json, path, op);
    default: {
      const text = valueTextAt(json, path);
      if (definition.type === 'enum' && !definition.values.includes(text))
        fail('UNKNOWN_VALUE', `This is one of ${definition.values.join(', ')}.`, path);
      return text;
    }
  }
}

function attributeValueAt(json: unknown, path: Path, op: OperatorName): string | number | boolean {
  if (op === 'atLeast' || op === 'atMost') return numberAt(json, path);
  if (op === 'matches') return patternAt(json, path);
  if (op !== 'contains' && op !== 'containsAny') {
    if (typeof json === 'boolean') return json;
    if (typeof json === 'number') return numberAt(json, path);
  }
  return valueTextAt(json, path);
}

function patternAt(json: unknown, path: Path): string {
  const pattern = valueTextAt(json, path);
  if (pattern.split('*').length - 1 > STARS) fail('TOO_LARGE', `A pattern has at most ${STARS} stars.`, path);
  return pattern;
}

export function instantAt(json: unknown, path: Path): string {
  const text = valueTextAt(json, path);
  if (parseInstant(text) === undefined)
    fail('WRONG_TYPE', 'This must be a time with its offset, such as 2026-12-01T08:00:00Z.', path);
  return text;
}

function windowAt(json: unknown, path: Path): Window {
  const { days, from, to, zone } = objectAt(json, path, ['from', 'to', 'zone'], ['days']);
  return {
    ...(days === undefined ? {} : { days: daysAt(days, [...path, 'days']) }),
    from: minuteAt(from, [...path, 'from']),
    to: minuteAt(to, [...path, 'to']),
    zone: valueTextAt(zone, [...path, 'zone']),
  };
}

function daysAt(json: unknown, path: Path) {
  return listAt(json, path, WEEKDAYS.length).map((item, index) => {
    const day = WEEKDAYS.find((known) => known === item);
    return day ?? fail('UNKNOWN_VALUE', `This is one of ${WEEKDAYS.join(', ')}.`, [...path, index]);
  });
}

function minuteAt(json: unknown, path: Path): string {
  const text = valueTextAt(json, path);
  return parseMinute(text) === undefined
    ? fail('WRONG_TYPE', 'This must be a time of day from 00:00 to 24:00.', path)
    : text;
}
