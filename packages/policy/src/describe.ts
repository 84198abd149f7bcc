import { type Comparison, type Condition, groupOf, type Rule } from './document.js';
import { definitionOf } from './facts.js';
import { OPERATORS } from './operators.js';

/** Gives the name of an id, or undefined when it is not known. */
export type NameOf = (id: string) => string | undefined;

/** The condition as a plain English phrase. */
export function describeCondition(condition: Condition, nameOf: NameOf = () => undefined): string {
  if ('fact' in condition) return comparison(condition, nameOf);
  const { kind, children } = groupOf(condition);
  if (children.length === 0) return kind === 'any' ? 'never' : 'always';
  const parts = children.map((child) =>
    'fact' in child || children.length === 1
      ? describeCondition(child, nameOf)
      : `(${describeCondition(child, nameOf)})`,
  );
  if (kind === 'none') return `none of: ${parts.join('; ')}`;
  return parts.join(kind === 'all' ? ' and ' : ' or ');
}

/** The rule as a plain English sentence. */
export function describeRule(rule: Rule, nameOf?: NameOf): string {
  const verb = { ALLOW: 'Allow', DENY: 'Deny', MONITOR: 'Record' }[rule.action.type];
  const condition = describeCondition(rule.condition, nameOf);
  return `${verb} ${condition === 'always' || condition === 'never' ? condition : `if ${condition}`}.`;
}

function comparison(test: Comparison, nameOf: NameOf): string {
  const title = definitionOf(test.fact).title.replace(/^[A-Z](?![A-Z])/, (letter) => letter.toLowerCase());
  const operator = OPERATORS[test.op].title;
  if (!('value' in test)) return `${title} ${operator}`;
  const values = Array.isArray(test.value) ? test.value : [test.value];
  const said = values.map((value: unknown) =>
    typeof value === 'boolean' ? (value ? 'yes' : 'no') : (nameOf(String(value)) ?? String(value)),
  );
  return `${title} ${operator} ${said.join(', ')}`;
}
