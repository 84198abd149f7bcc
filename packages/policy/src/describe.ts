import { type Comparison, type Condition, groupOf, type Rule } from './document.js';
import { ATTRIBUTE_PREFIX, definitionOf, type FactName, isAttributeName } from './facts.js';
import { isListReference, type ListReference } from './lists.js';
import { parseMinute, type Window } from './time.js';
import { DAY_WORDS, VALUE_WORDS, WORDS } from './words.js';

/** Gives the name of an id, of a model or of a country, or undefined when it is not known. */
export type NameOf = (id: string) => string | undefined;

type Value = string | number | boolean;

/** The condition as a plain English phrase. */
export function describeCondition(condition: Condition, nameOf: NameOf = () => undefined): string {
  if ('fact' in condition) return clauseOf(condition, nameOf);
  const { kind, children } = groupOf(condition);
  if (children.length === 0) return kind === 'any' ? 'never' : 'always';
  const parts = children.map((child) => {
    const said = describeCondition(child, nameOf);
    return 'fact' in child || (children.length === 1 && kind !== 'none') || !/ /.test(said)
      ? said
      : `(${said})`;
  });
  if (kind === 'none')
    return parts.length === 1 ? `it is not so that ${parts[0]}` : `none of these holds: ${parts.join('; ')}`;
  return parts.join(kind === 'all' ? ' and ' : ' or ');
}

const VERBS = {
  ALLOW: 'allow',
  DENY: 'deny',
  MONITOR: 'record',
  STEP_UP: 'ask for user verification',
} as const;

/** The rule as a plain English sentence. */
export function describeRule(rule: Rule, nameOf?: NameOf): string {
  const condition = describeCondition(rule.condition, nameOf);
  const when = condition === 'always' || condition === 'never' ? condition : `if ${condition}`;
  const sentence = `${VERBS[rule.action.type]} ${when}.`;
  if (rule.reportOnlyUntil === undefined) return sentence.replace(/^./, (letter) => letter.toUpperCase());
  return `Only report until ${rule.reportOnlyUntil}: ${sentence}`;
}

function clauseOf(test: Comparison, nameOf: NameOf): string {
  const { fact } = test;
  if (isAttributeName(fact))
    return `the attribute ${fact.slice(ATTRIBUTE_PREFIX.length)} ${predicateOf(test, nameOf)}`;
  const words = WORDS[fact];
  if ('subject' in words) return `${words.subject} ${predicateOf(test, nameOf)}`;
  if (test.op === 'exists') return `it is known whether ${words.yes}`;
  return ('value' in test && test.value === true) === (test.op === 'is') ? words.yes : words.no;
}

function predicateOf(test: Comparison, nameOf: NameOf): string {
  const say = (value: Value) => wordOf(test.fact, value, nameOf);
  switch (test.op) {
    case 'exists':
      return 'is known';
    case 'is':
      return `is ${say(test.value)}`;
    case 'isNot':
      return `is not ${say(test.value)}`;
    case 'in':
      return `is ${oneOf(test.value, say)}`;
    case 'notIn':
      return `is not ${oneOf(test.value, say)}`;
    case 'contains':
      return isAttributeName(test.fact)
        ? `contains ${say(test.value)}`
        : `is in the group ${say(test.value)}`;
    case 'containsAny':
      return isAttributeName(test.fact)
        ? `contains ${oneOf(test.value, say)}`
        : `is in one of the groups ${listed(test.value, say)}`;
    case 'matches':
      return `is like ${say(test.value)}`;
    case 'atLeast':
      return `is at least ${say(test.value)}`;
    case 'atMost':
      return `is at most ${say(test.value)}`;
    case 'before':
      return `is before ${say(test.value)}`;
    case 'after':
      return `is after ${say(test.value)}`;
    case 'within':
      return `is ${hoursOf(test.value)}`;
    case 'notWithin':
      return `is not ${hoursOf(test.value)}`;
    case 'inCidr':
      return `is in ${networksOf(test.value)}`;
    case 'notInCidr':
      return `is not in ${networksOf(test.value)}`;
  }
}

function wordOf(fact: FactName, value: Value, nameOf: NameOf): string {
  if (typeof value === 'boolean') return value ? 'yes' : 'no';
  const text = String(value);
  const { type } = definitionOf(fact);
  if (type === 'enum') return VALUE_WORDS[text] ?? text;
  if (type === 'attribute') return typeof value === 'string' ? JSON.stringify(value) : text;
  return nameOf(text) ?? text;
}

/** `a`, `a or b`, `a, b or c`. */
function listed<T extends Value>(values: readonly T[], say: (value: T) => string): string {
  const said = values.map(say);
  const last = said.pop() ?? 'nothing';
  return said.length === 0 ? last : `${said.join(', ')} or ${last}`;
}

function oneOf<T extends Value>(value: readonly T[] | ListReference, say: (value: T) => string): string {
  return isListReference(value) ? `in the list ${value.list}` : `one of ${listed(value, say)}`;
}

function networksOf(value: readonly string[] | ListReference): string {
  if (isListReference(value)) return `the networks of the list ${value.list}`;
  return value.length === 1
    ? `the network ${value[0]}`
    : `one of the networks ${listed(value, (text) => text)}`;
}

function hoursOf({ days, from, to, zone }: Window): string {
  const isNextDay = (parseMinute(to) ?? 0) < (parseMinute(from) ?? 0);
  const on =
    days === undefined
      ? ''
      : ` on ${listed(
          days.map((day) => DAY_WORDS[day]),
          (text) => text,
        )}`;
  return `between ${from} and ${to}${isNextDay ? ' of the next day' : ''}${on} (${zone})`;
}
