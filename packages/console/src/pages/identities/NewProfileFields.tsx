import { SimpleGrid, TextInput } from '@mantine/core';
import type { UseFormReturnType } from '@mantine/form';
import type { NewProfileValues } from './new-profile';

export interface NewProfileFieldsProps {
  readonly form: UseFormReturnType<NewProfileValues>;
}

export function NewProfileFields({ form }: NewProfileFieldsProps) {
  const field = (name: keyof NewProfileValues) => ({
    ...form.getInputProps(name),
    autoComplete: 'off',
  });
  return (
    <>
      <TextInput
        label="Username"
        description="Unique in this realm, without regard to case."
        required
        data-autofocus
        {...field('username')}
      />
      <TextInput label="Display name" {...field('displayName')} />
      <SimpleGrid cols={2}>
        <TextInput label="Given name" {...field('givenName')} />
        <TextInput label="Family name" {...field('familyName')} />
      </SimpleGrid>
      <TextInput label="E-mail" type="email" {...field('email')} />
      <TextInput label="External id" {...field('externalId')} />
    </>
  );
}
