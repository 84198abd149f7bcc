import type { FactType } from './facts.js';

interface OperatorDefinition {
  /** Short label for people, for example in a rule builder. */
  readonly title: string;
  /** Whether the comparison takes no value, one value, or a list of values. */
  readonly operand: 'none' | 'one' | 'many';
}

/** Every operator. `exists` asks whether the fact is present and is the only one that is always decided. */
export const OPERATORS = {
  is: { title: 'is', operand: 'one' },
  isNot: { title: 'is not', operand: 'one' },
  in: { title: 'is one of', operand: 'many' },
  notIn: { title: 'is none of', operand: 'many' },
  contains: { title: 'contains', operand: 'one' },
  containsAny: { title: 'contains one of', operand: 'many' },
  inCidr: { title: 'is in the networks', operand: 'many' },
  notInCidr: { title: 'is not in the networks', operand: 'many' },
  exists: { title: 'is present', operand: 'none' },
} as const satisfies Record<string, OperatorDefinition>;

export type OperatorName = keyof typeof OPERATORS;

/** The operators that each type of fact understands. */
export const OPERATORS_OF = {
  enum: ['is', 'isNot', 'in', 'notIn', 'exists'],
  boolean: ['is', 'isNot', 'exists'],
  id: ['is', 'isNot', 'in', 'notIn', 'exists'],
  aaguid: ['is', 'isNot', 'in', 'notIn', 'exists'],
  idSet: ['contains', 'containsAny', 'exists'],
  ip: ['inCidr', 'notInCidr', 'exists'],
} as const satisfies Record<FactType, readonly OperatorName[]>;

export function isOperatorOf(type: FactType, name: unknown): name is OperatorName {
  const operators: readonly unknown[] = OPERATORS_OF[type];
  return operators.includes(name);
}
