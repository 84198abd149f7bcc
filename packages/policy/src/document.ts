import type { AttributeName, FACTS, FactValue, KnownFactName } from './facts.js';
import type { ListReference, Lists } from './lists.js';
import type { OPERATORS, OPERATORS_OF, OperatorName } from './operators.js';
import type { Window } from './time.js';

type TypeOf<F extends KnownFactName> = (typeof FACTS)[F]['type'];

type OperatorOf<F extends KnownFactName> = (typeof OPERATORS_OF)[TypeOf<F>][number];

type ElementOf<F extends KnownFactName> = FactValue<F> extends ReadonlySet<infer E> ? E : FactValue<F>;

type Listed<F extends KnownFactName> = TypeOf<F> extends 'ip' | 'aaguid' | 'country' ? ListReference : never;

interface OperandOf<F extends KnownFactName> {
  readonly one: { readonly value: ElementOf<F> };
  readonly many: { readonly value: readonly ElementOf<F>[] | Listed<F> };
  readonly window: { readonly value: Window };
  readonly none: unknown;
}

type ComparisonOf<F extends KnownFactName, O extends OperatorName> = {
  readonly fact: F;
  readonly op: O;
} & OperandOf<F>[(typeof OPERATORS)[O]['operand']];

/** A comparison with an attribute is undecided where the attribute is of another type than the value. */
export type AttributeComparison = { readonly fact: AttributeName } & (
  | { readonly op: 'is' | 'isNot'; readonly value: string | number | boolean }
  | { readonly op: 'in' | 'notIn'; readonly value: readonly (string | number | boolean)[] }
  | { readonly op: 'contains' | 'matches'; readonly value: string }
  | { readonly op: 'containsAny'; readonly value: readonly string[] }
  | { readonly op: 'atLeast' | 'atMost'; readonly value: number }
  | { readonly op: 'exists' }
);

/** One question about one fact; which operators and values are possible follows from the fact. */
export type Comparison =
  | { [F in KnownFactName]: { [O in OperatorOf<F>]: ComparisonOf<F, O> }[OperatorOf<F>] }[KnownFactName]
  | AttributeComparison;

/** Conditions joined: `all` of nothing is true, `any` of nothing is false, `none` of nothing is true. */
export type Group =
  | { readonly all: readonly Condition[] }
  | { readonly any: readonly Condition[] }
  | { readonly none: readonly Condition[] };

export type Condition = Group | Comparison;

/**
 * ALLOW and DENY end the evaluation; MONITOR is recorded and the evaluation goes on. STEP_UP asks for proof of the
 * person: where the passkey verified its user the rule is satisfied and the evaluation goes on, else it ends, and nothing
 * is allowed before a new ceremony with user verification was decided anew. STEP_UP alone never allows.
 */
export type Action =
  | { readonly type: 'ALLOW' }
  | { readonly type: 'DENY' /** Shown to the person who is refused. */; readonly message?: string }
  | { readonly type: 'MONITOR' }
  | { readonly type: 'STEP_UP' };

export interface Rule {
  readonly id: string;
  readonly name: string;
  readonly description?: string;
  readonly enabled: boolean;
  readonly action: Action;
  readonly condition: Condition;
  /** RFC 3339. Until then a match is only recorded, whatever the action; from then on the rule is off. */
  readonly reportOnlyUntil?: string;
}

/** An ordered list of rules; after the last one stands the fixed rule that denies. */
export interface PolicyDocument {
  readonly format: 1;
  readonly rules: readonly Rule[];
  /** Values that rules share by a name, see `ListReference`. */
  readonly lists?: Lists;
}

/** The fixed last word, which belongs to every policy and can't be written, moved or switched off. */
export const DEFAULT_RULE = { id: 'default', name: 'Default' } as const;

/** Sizes that `parsePolicy` accepts at most. Lengths of text are in UTF-16 code units. */
export const LIMITS = {
  rules: 500,
  /** Levels of conditions in one rule; a lone comparison has one. */
  depth: 20,
  nodesPerRule: 200,
  lists: 100,
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
