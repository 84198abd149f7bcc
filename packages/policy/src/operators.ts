import type { FactType } from './facts.js';

interface OperatorDefinition {
  /** Short label for people, for example in a rule builder. */
  readonly title: string;
  /** Whether the comparison takes no value, one value, a list of values, or a window of time. */
  readonly operand: 'none' | 'one' | 'many' | 'window';
}

/** Every operator. `exists` asks whether the fact is present and is the only one that is always decided. */
export const OPERATORS = {
  is: { title: 'is', operand: 'one' },
  isNot: { title: 'is not', operand: 'one' },
  in: { title: 'is one of', operand: 'many' },
  notIn: { title: 'is none of', operand: 'many' },
  contains: { title: 'contains', operand: 'one' },
  containsAny: { title: 'contains one of', operand: 'many' },
  /** The whole text, where `*` stands for any text; upper and lower case differ. */
  matches: { title: 'matches', operand: 'one' },
  inCidr: { title: 'is in the networks', operand: 'many' },
  notInCidr: { title: 'is not in the networks', operand: 'many' },
  atLeast: { title: 'is at least', operand: 'one' },
  atMost: { title: 'is at most', operand: 'one' },
  before: { title: 'is before', operand: 'one' },
  after: { title: 'is after', operand: 'one' },
  within: { title: 'is within', operand: 'window' },
  notWithin: { title: 'is not within', operand: 'window' },
  exists: { title: 'is present', operand: 'none' },
} as const satisfies Record<string, OperatorDefinition>;

export type OperatorName = keyof typeof OPERATORS;

/** The operators that each type of fact understands. */
export const OPERATORS_OF = {
  enum: ['is', 'isNot', 'in', 'notIn', 'exists'],
  boolean: ['is', 'isNot', 'exists'],
  number: ['is', 'isNot', 'atLeast', 'atMost', 'exists'],
  id: ['is', 'isNot', 'in', 'notIn', 'exists'],
  aaguid: ['is', 'isNot', 'in', 'notIn', 'exists'],
  country: ['is', 'isNot', 'in', 'notIn', 'exists'],
  idSet: ['contains', 'containsAny', 'exists'],
  ip: ['inCidr', 'notInCidr', 'exists'],
  instant: ['before', 'after', 'exists'],
  clock: ['within', 'notWithin', 'before', 'after', 'exists'],
  attribute: [
    'is',
    'isNot',
    'in',
    'notIn',
    'contains',
    'containsAny',
    'matches',
    'atLeast',
    'atMost',
    'exists',
  ],
} as const satisfies Record<FactType, readonly OperatorName[]>;

export function isOperatorOf(type: FactType, name: unknown): name is OperatorName {
  const operators: readonly unknown[] = OPERATORS_OF[type];
  return operators.includes(name);
}
