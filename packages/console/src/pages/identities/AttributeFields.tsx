import { Select, TagsInput, TextInput } from '@mantine/core';
import type { UseFormReturnType } from '@mantine/form';
import type { Attribute, Declared } from './attributes';
import type { ProfileValues } from './profile';

export interface AttributeFieldsProps {
  readonly form: UseFormReturnType<ProfileValues>;
  readonly declared: Declared;
  readonly readOnly: boolean;
}

/** A field for each custom attribute that the realm declares. */
export function AttributeFields({ form, declared, readOnly }: AttributeFieldsProps) {
  return Object.entries(declared.properties).map(([name, attribute]) => {
    const field = {
      label: attribute.title ?? name,
      description: attribute.description,
      required: declared.required.includes(name),
      readOnly,
      ...form.getInputProps(`attributes.${name}`),
    };
    if (attribute.type === 'array') return <TagsInput key={name} {...field} clearable={!readOnly} />;
    const choices = choicesOf(attribute);
    if (choices === undefined)
      return <TextInput key={name} {...field} type={typeOf(attribute)} autoComplete="off" />;
    const { value, onChange } = field;
    return (
      <Select
        key={name}
        {...field}
        data={choices}
        clearable={!readOnly}
        value={value || null}
        onChange={(chosen) => onChange(chosen ?? '')}
      />
    );
  });
}

type Scalar = Exclude<Attribute, { type: 'array' }>;

function choicesOf(attribute: Scalar) {
  if (attribute.type === 'boolean')
    return [
      { value: 'true', label: 'Yes' },
      { value: 'false', label: 'No' },
    ];
  return attribute.enum?.map(String);
}

function typeOf({ type, format }: Scalar): string {
  if (type !== 'string') return 'text';
  return format === 'date' || format === 'email' ? format : 'text';
}
