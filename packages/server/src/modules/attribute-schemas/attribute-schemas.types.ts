export const MAX_PROPERTIES = 100;
/** Bounds that hold where a declaration names none. */
export const MAX_TEXT = 4_000;
export const MAX_ITEMS = 100;

interface Annotated {
  readonly title?: string | undefined;
  readonly description?: string | undefined;
}

export type TextFormat = 'date' | 'date-time' | 'email' | 'uri';

export interface TextProperty extends Annotated {
  readonly type: 'string';
  readonly enum?: string[] | undefined;
  /** In code points, as JSON Schema counts them. */
  readonly minLength?: number | undefined;
  readonly maxLength?: number | undefined;
  readonly format?: TextFormat | undefined;
}

export interface NumberProperty extends Annotated {
  readonly type: 'number' | 'integer';
  readonly enum?: number[] | undefined;
  readonly minimum?: number | undefined;
  readonly maximum?: number | undefined;
}

interface TruthProperty extends Annotated {
  readonly type: 'boolean';
}

export type ScalarProperty = TextProperty | NumberProperty | TruthProperty;

interface ListProperty extends Annotated {
  readonly type: 'array';
  readonly items: ScalarProperty;
  readonly maxItems?: number | undefined;
}

export type AttributeProperty = ScalarProperty | ListProperty;

/** Custom attributes that a realm declares; `declaration.ts` says what is allowed in it. */
export interface AttributeSchema extends Annotated {
  readonly $schema?: string | undefined;
  readonly type: 'object';
  readonly properties: Readonly<Record<string, AttributeProperty>>;
  readonly required?: string[] | undefined;
  readonly additionalProperties: false;
}
