import { type Attribute, attribute } from '../../protocols/scim/schema.js';
import type {
  AttributeProperty,
  AttributeSchema,
  ScalarProperty,
} from '../attribute-schemas/attribute-schemas.types.js';

const TYPES = { string: 'string', number: 'decimal', integer: 'integer', boolean: 'boolean' } as const;

/** What a realm declares by a JSON Schema, as SCIM says it (RFC 7643, section 7). */
export const declaredAttributes = ({ properties, required }: AttributeSchema): readonly Attribute[] =>
  Object.entries(properties).map(([name, property]) =>
    attribute(name, property.description ?? property.title ?? name, {
      ...typeOf(property),
      required: required?.includes(name) ?? false,
    }),
  );

function typeOf(property: AttributeProperty): Partial<Attribute> {
  if (property.type === 'array') return { ...scalar(property.items), multiValued: true };
  return scalar(property);
}

function scalar(property: ScalarProperty): Partial<Attribute> {
  const values = property.type === 'string' ? property.enum : undefined;
  return { type: TYPES[property.type], ...(values ? { canonicalValues: values } : {}) };
}
