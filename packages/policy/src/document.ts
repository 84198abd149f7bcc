import type { FACTS, FactName, FactValue } from './facts.js';
import type { OPERATORS, OPERATORS_OF, OperatorName } from './operators.js';

type OperatorOf<F extends FactName> = (typeof OPERATORS_OF)[(typeof FACTS)[F]['type']][number];

type ElementOf<F extends FactName> = FactValue<F> extends ReadonlySet<infer E> ? E : FactValue<F>;

type ComparisonOf<
  F extends FactName,
  O extends OperatorName,
> = (typeof OPERATORS)[O]['operand'] extends 'none'
  ? { readonly fact: F; readonly op: O }
  : (typeof OPERATORS)[O]['operand'] extends 'one'
    ? { readonly fact: F; readonly op: O; readonly value: ElementOf<F> }
    : { readonly fact: F; readonly op: O; readonly value: readonly ElementOf<F>[] };

/** One question about one fact; which operators and values are possible follows from the fact. */
export type Comparison = {
  [F in FactName]: { [O in OperatorOf<F>]: ComparisonOf<F, O> }[OperatorOf<F>];
}[FactName];

/** Conditions joined: `all` of nothing is true, `any` of nothing is false, `none` of nothing is true. */
export type Group =
  | { readonly all: readonly Condition[] }
  | { readonly any: readonly Condition[] }
  | { readonly none: readonly Condition[] };

export type Condition = Group | Comparison;

/** ALLOW and DENY end the evaluation; MONITOR is recorded and the evaluation goes on. */
export type Action =
  | { readonly type: 'ALLOW' }
  | { readonly type: 'DENY' /** Shown to the person who is refused. */; readonly message?: string }
  | { readonly type: 'MONITOR' };

export interface Rule {
  readonly id: string;
  readonly name: string;
  readonly description?: string;
  readonly enabled: boolean;
  readonly action: Action;
  readonly condition: Condition;
}

/** An ordered list of rules; after the last one stands the fixed rule that denies. */
export interface PolicyDocument {
  readonly format: 1;
  readonly rules: readonly Rule[];
}

/** The fixed last word, which belongs to every policy and can't be written, moved or switched off. */
export const DEFAULT_RULE = { id: 'default', name: 'Default' } as const;

/** Sizes that `parsePolicy` accepts at most. Lengths of text are in UTF-16 code units. */
export const LIMITS = {
  rules: 500,
  /** Levels of conditions in one rule; a lone comparison has one. */
  depth: 20,
  nodesPerRule: 200,
  nodes: 20_000,
  valuesPerList: 1_000,
  /** Values of all lists together, so that the cost of one evaluation stays bounded. */
  values: 50_000,
  idLength: 64,
  nameLength: 200,
  textLength: 2_000,
  valueLength: 200,
} as const;

/** Where something is in a policy document, for example `['rules', 0, 'condition', 'all', 2, 'value']`. */
export type Path = readonly (string | number)[];

/** The children of a group and how they are joined. */
export function groupOf(group: Group): { kind: 'all' | 'any' | 'none'; children: readonly Condition[] } {
  if ('all' in group) return { kind: 'all', children: group.all };
  if ('any' in group) return { kind: 'any', children: group.any };
  return { kind: 'none', children: group.none };
}
