import { Fieldset, SimpleGrid, Stack, TextInput } from '@mantine/core';
import type { UseFormReturnType } from '@mantine/form';
import { AttributeFields } from './AttributeFields';
import type { Declared } from './attributes';
import { EntryFields } from './EntryFields';
import { CONTACT_FIELDS, NAME_FIELDS, type ProfileValues, type TextField, WORK_FIELDS } from './profile';

export interface ProfileFieldsProps {
  readonly form: UseFormReturnType<ProfileValues>;
  readonly declared: Declared;
  readonly readOnly: boolean;
}

export function ProfileFields({ form, declared, readOnly }: ProfileFieldsProps) {
  return (
    <>
      <Fieldset legend="Name">
        <Texts form={form} fields={NAME_FIELDS} readOnly={readOnly} />
      </Fieldset>
      <Fieldset legend="Contact">
        <Stack>
          <EntryFields
            form={form}
            field="emails"
            label="E-mail addresses"
            one="e-mail address"
            readOnly={readOnly}
          />
          <EntryFields
            form={form}
            field="phoneNumbers"
            label="Phone numbers"
            one="phone number"
            readOnly={readOnly}
          />
          <Texts form={form} fields={CONTACT_FIELDS} readOnly={readOnly} />
        </Stack>
      </Fieldset>
      <Fieldset legend="Work">
        <Texts form={form} fields={WORK_FIELDS} readOnly={readOnly} />
      </Fieldset>
      {Object.keys(declared.properties).length === 0 ? null : (
        <Fieldset legend="Custom attributes">
          <Stack>
            <AttributeFields form={form} declared={declared} readOnly={readOnly} />
          </Stack>
        </Fieldset>
      )}
    </>
  );
}

interface TextsProps {
  readonly form: UseFormReturnType<ProfileValues>;
  /** Labels by field. */
  readonly fields: Partial<Record<TextField, string>>;
  readonly readOnly: boolean;
}

function Texts({ form, fields, readOnly }: TextsProps) {
  return (
    <SimpleGrid cols={{ base: 1, xs: 2 }} spacing="sm">
      {(Object.entries(fields) as [TextField, string][]).map(([name, label]) => (
        <TextInput
          key={name}
          label={label}
          required={name === 'username'}
          readOnly={readOnly}
          autoComplete="off"
          {...form.getInputProps(name)}
        />
      ))}
    </SimpleGrid>
  );
}
