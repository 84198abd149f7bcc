import { Textarea, TextInput } from '@mantine/core';
import type { UseFormReturnType } from '@mantine/form';

/** Form values of a group: text, empty where the group has nothing. */
export interface GroupValues {
  displayName: string;
  description: string;
}

export function GroupFields({ form }: { readonly form: UseFormReturnType<GroupValues> }) {
  return (
    <>
      <TextInput
        label="Name"
        description="Unique in this realm."
        required
        autoComplete="off"
        data-autofocus
        {...form.getInputProps('displayName')}
      />
      <Textarea label="Description" autosize minRows={2} maxRows={6} {...form.getInputProps('description')} />
    </>
  );
}
