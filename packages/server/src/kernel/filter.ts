export type FilterOp = 'eq' | 'ne' | 'co' | 'sw' | 'ew' | 'gt' | 'ge' | 'lt' | 'le';
export type FilterValue = string | number | boolean | Date;

export type FieldTest<Field> =
  | { readonly field: Field; readonly op: FilterOp; readonly value: FilterValue }
  | { readonly field: Field; readonly op: 'pr' };

/** A condition on rows. A field without a value fails every test but `ne`; what `not` negates is met by it. */
export type RowFilter<Field, Some = never> =
  | { readonly all: readonly RowFilter<Field, Some>[] }
  | { readonly any: readonly RowFilter<Field, Some>[] }
  | { readonly not: RowFilter<Field, Some> }
  | { readonly test: FieldTest<Field> }
  /** One and the same of several related things meets the whole of it. */
  | { readonly some: Some };

/** By age unless said; rows without a value come last, or first when it goes downwards (RFC 7644, section 3.4.2.3). */
export interface Order<Field> {
  readonly field: Field;
  readonly descending: boolean;
}

/** A part of a list: from an index on, or after a position. */
export type Span =
  | { readonly offset: number; readonly limit: number }
  | { readonly after: readonly (string | null)[] | undefined; readonly limit: number };

/** A part of a list, and the position that the next part begins after. */
export interface Part<Row> {
  readonly rows: Row[];
  readonly next: readonly (string | null)[] | undefined;
}
