interface Scalar {
  readonly type: 'string' | 'number' | 'integer' | 'boolean';
  readonly title?: string;
  readonly description?: string;
  readonly enum?: readonly (string | number)[];
  readonly format?: string;
}

export type Attribute =
  | Scalar
  | {
      readonly type: 'array';
      readonly title?: string;
      readonly description?: string;
      readonly items: Scalar;
    };

/** The custom attributes of a realm by name, and which of them everybody must have. */
export interface Declared {
  readonly properties: Readonly<Record<string, Attribute>>;
  readonly required: readonly string[];
}

export const NOTHING_DECLARED: Declared = { properties: {}, required: [] };

/** @param schema the realm's attribute schema, which the server has checked before it was saved */
export function declaredBy(schema: unknown): Declared {
  const { properties, required } = (schema ?? {}) as Partial<Declared>;
  return { properties: properties ?? {}, required: required ?? [] };
}

/** Attributes as form values: a text each, a list of texts for an array. */
export function attributeTexts(attributes: unknown, { properties }: Declared) {
  const held = (attributes ?? {}) as Record<string, unknown>;
  const texts = Object.entries(properties).map(([name, { type }]): [string, string | string[]] => {
    const value = held[name];
    if (type === 'array') return [name, Array.isArray(value) ? value.map(String) : []];
    return [name, value === undefined || value === null ? '' : String(value)];
  });
  return Object.fromEntries(texts);
}

/** The other way round: what was left empty is not there. */
export function attributesFrom(
  values: Readonly<Record<string, string | readonly string[]>>,
  { properties }: Declared,
): Record<string, unknown> {
  const filled = Object.entries(properties).flatMap(([name, attribute]): [string, unknown][] => {
    const value = values[name];
    if (value === undefined || value.length === 0) return [];
    if (attribute.type === 'array')
      return [[name, [...value].map((item) => typed(item, attribute.items.type))]];
    return [[name, typed(String(value), attribute.type)]];
  });
  return Object.fromEntries(filled);
}

/** What is no number stays text, so that the server can say so at its field. */
function typed(text: string, type: Scalar['type']): string | number | boolean {
  if (type === 'boolean' && (text === 'true' || text === 'false')) return text === 'true';
  const number = Number(text);
  return (type === 'number' || type === 'integer') && text.trim() !== '' && Number.isFinite(number)
    ? number
    : text;
}
