import { SimpleGrid, TextInput } from '@mantine/core';
import type { UseFormReturnType } from '@mantine/form';
import type { ProfileValues } from './profile';

export interface ProfileFieldsProps {
  readonly form: UseFormReturnType<ProfileValues>;
  readonly readOnly?: boolean;
  readonly autoFocus?: boolean;
}

export function ProfileFields({ form, readOnly = false, autoFocus = false }: ProfileFieldsProps) {
  const field = (name: keyof ProfileValues) => ({
    ...form.getInputProps(name),
    readOnly,
    autoComplete: 'off',
  });
  return (
    <>
      <TextInput
        label="Username"
        description="Unique in this realm, without regard to case."
        required
        {...(autoFocus ? { 'data-autofocus': true } : {})}
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
