import { type Comparison, type Condition, groupOf, type PolicyDocument, type Rule } from './document.js';
import { ATTRIBUTE_PREFIX, definitionOf, type FactName, isAttributeName } from './facts.js';
import { isListReference, type NamedList } from './lists.js';
import type { Window } from './time.js';

/** Words that CEL keeps for itself or for later; a name like one of them stands in brackets. */
const RESERVED = new Set(
  'as break const continue else false for function if import in let loop namespace null package return true var void while'.split(
    ' ',
  ),
);

/** The policy as text, one rule a paragraph, its condition in CEL. `fromText` gives back exactly this policy. */
export function toText(policy: PolicyDocument): string {
  const lists = Object.entries(policy.lists ?? {}).map(([name, list]) => listText(name, list));
  const parts = [lists.join(''), ...policy.rules.map(ruleText)];
  return parts.filter((part) => part !== '').join('\n');
}

function listText(name: string, { type, values }: NamedList): string {
  if (values.length < 2) return `list ${name} = ${type} [${values.map(quoted).join('')}]\n`;
  return `list ${name} = ${type} [\n${values.map((value) => `  ${quoted(value)},\n`).join('')}]\n`;
}

const VERBS = { ALLOW: 'allow', DENY: 'deny', MONITOR: 'monitor', STEP_UP: 'stepUp' } as const;

function ruleText(rule: Rule): string {
  const { action, condition } = rule;
  const message = action.type === 'DENY' && action.message !== undefined ? ` ${quoted(action.message)}` : '';
  const lines = [
    ...(rule.description === undefined ? [] : [`description ${quoted(rule.description)}`]),
    ...(rule.enabled ? [] : ['disabled']),
    ...(rule.reportOnlyUntil === undefined ? [] : [`reportOnlyUntil ${quoted(rule.reportOnlyUntil)}`]),
    `${VERBS[action.type]}${message} if`,
    `  ${topText(condition)}`,
  ];
  return `rule ${quoted(rule.id)} ${quoted(rule.name)} {\n${lines.map((line) => `  ${line}\n`).join('')}}\n`;
}

/** The outermost condition, with each of its parts on a line. */
function topText(condition: Condition): string {
  return conditionText(condition).parts.join('\n    ');
}

interface Text {
  /** Pieces that may stand on lines of their own. */
  readonly parts: readonly string[];
  /** How the pieces are joined; an atom needs no brackets anywhere. */
  readonly join: 'all' | 'any' | 'atom';
}

const atom = (text: string): Text => ({ parts: [text], join: 'atom' });

const whole = ({ parts }: Text): string => parts.join(' ');

function conditionText(condition: Condition): Text {
  if ('fact' in condition) return atom(comparisonText(condition));
  const { kind, children } = groupOf(condition);
  if (kind === 'none') return atom(noneText(children));
  if (children.length === 0) return atom(kind === 'all' ? 'true' : 'false');
  if (children.length === 1) return atom(calledText(kind, children));
  return joinedText(kind, children);
}

/** Infix: a part of the same kind must be written as a call, or it would melt into the whole. */
function joinedText(kind: 'all' | 'any', children: readonly Condition[]): Text {
  const operator = kind === 'all' ? '&&' : '||';
  const parts = children.map((child, index) => {
    const text = conditionText(child);
    const operand = text.join === 'atom' ? whole(text) : bracketed(kind, child, text);
    return index === 0 ? operand : `${operator} ${operand}`;
  });
  return { parts, join: kind };
}

function bracketed(kind: 'all' | 'any', child: Condition, text: Text): string {
  return text.join === kind && !('fact' in child)
    ? calledText(kind, groupOf(child).children)
    : `(${whole(text)})`;
}

const calledText = (kind: 'all' | 'any' | 'none', children: readonly Condition[]): string =>
  `${kind}([${children.map((child) => whole(conditionText(child))).join(', ')}])`;

/** `!` where it reads back as `none`, and the call where `!` means another operator of the fact. */
function noneText(children: readonly Condition[]): string {
  const [only] = children;
  if (only === undefined) return calledText('none', children);
  if (children.length > 1) return `!(${whole(joinedText('any', children))})`;
  const text = conditionText(only);
  if (text.join === 'any' && 'any' in only) return `!${calledText('any', only.any)}`;
  if (text.join === 'all') return `!(${whole(text)})`;
  const written = whole(text);
  if (/^(!|true$|false$)/.test(written)) return calledText('none', children);
  if ('fact' in only && hasOpposite(only)) return calledText('none', children);
  return /^(has|all|any|none)\(/.test(written) ? `!${written}` : `!(${written})`;
}

const hasOpposite = ({ fact, op }: Comparison): boolean =>
  op === 'in' || op === 'inCidr' || op === 'within' || (op === 'is' && definitionOf(fact).type === 'boolean');

function comparisonText(comparison: Comparison): string {
  const fact = factText(comparison.fact);
  switch (comparison.op) {
    case 'exists':
      return existsText(comparison.fact);
    case 'is':
      if (definitionOf(comparison.fact).type === 'boolean')
        return comparison.value === true ? fact : `!${fact}`;
      return `${fact} == ${valueText(comparison.value)}`;
    case 'isNot':
      return `${fact} != ${valueText(comparison.value)}`;
    case 'in':
      return `${fact} in ${valueText(comparison.value)}`;
    case 'notIn':
      return `!(${fact} in ${valueText(comparison.value)})`;
    case 'contains':
      return `${valueText(comparison.value)} in ${fact}`;
    case 'containsAny':
      return `${fact}.containsAny(${valueText(comparison.value)})`;
    case 'matches':
      return `${fact}.glob(${valueText(comparison.value)})`;
    case 'atLeast':
      return `${fact} >= ${valueText(comparison.value)}`;
    case 'atMost':
      return `${fact} <= ${valueText(comparison.value)}`;
    case 'before':
      return `${fact} < timestamp(${valueText(comparison.value)})`;
    case 'after':
      return `${fact} > timestamp(${valueText(comparison.value)})`;
    case 'within':
      return `${fact}.within(${windowText(comparison.value)})`;
    case 'notWithin':
      return `!${fact}.within(${windowText(comparison.value)})`;
    case 'inCidr':
      return `${fact}.inCidr(${valueText(comparison.value)})`;
    case 'notInCidr':
      return `!${fact}.inCidr(${valueText(comparison.value)})`;
  }
}

function factText(fact: FactName): string {
  if (!isAttributeName(fact)) return fact;
  return `${ATTRIBUTE_PREFIX.slice(0, -1)}${memberText(fact.slice(ATTRIBUTE_PREFIX.length))}`;
}

const memberText = (name: string): string => (RESERVED.has(name) ? `[${quoted(name)}]` : `.${name}`);

function existsText(fact: FactName): string {
  const name = isAttributeName(fact) ? fact.slice(ATTRIBUTE_PREFIX.length) : '';
  return RESERVED.has(name)
    ? `${quoted(name)} in ${ATTRIBUTE_PREFIX.slice(0, -1)}`
    : `has(${factText(fact)})`;
}

function valueText(value: unknown): string {
  if (isListReference(value)) return `lists${memberText(value.list)}`;
  if (Array.isArray(value)) return `[${value.map(valueText).join(', ')}]`;
  return typeof value === 'string' ? quoted(value) : String(value);
}

function windowText({ days, from, to, zone }: Window): string {
  const entries = { ...(days === undefined ? {} : { days }), from, to, zone };
  return `{${Object.entries(entries)
    .map(([key, value]) => `${quoted(key)}: ${valueText(value)}`)
    .join(', ')}}`;
}

/** The escapes of JSON are among those of CEL. */
const quoted = (text: string): string => JSON.stringify(text);
