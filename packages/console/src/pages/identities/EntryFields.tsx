import { Button, Checkbox, Fieldset, Group, Stack, Text, TextInput } from '@mantine/core';
import type { UseFormReturnType } from '@mantine/form';
import { type ListField, NEW_ENTRY, type ProfileValues } from './profile';

export interface EntryFieldsProps {
  readonly form: UseFormReturnType<ProfileValues>;
  readonly field: ListField;
  /** Names the list: "E-mail addresses". */
  readonly label: string;
  /** Names one of it, in lower case: "e-mail address". */
  readonly one: string;
  readonly readOnly: boolean;
}

/** A list of values with a type each, one of them primary. */
export function EntryFields({ form, field, label, one, readOnly }: EntryFieldsProps) {
  const entries = form.values[field];
  const choosePrimary = (chosen: number, primary: boolean) =>
    form.setFieldValue(
      field,
      entries.map((entry, index) => ({ ...entry, primary: primary && index === chosen })),
    );
  return (
    <Fieldset legend={label} variant="unstyled">
      <Stack gap="xs">
        {entries.map((entry, index) => (
          // Every value is held by the form, so a row has no state of its own to lose.
          // biome-ignore lint/suspicious/noArrayIndexKey: see above
          <Group key={index} gap="xs" align="flex-start">
            <TextInput
              aria-label={`${label} ${index + 1}`}
              type={field === 'emails' ? 'email' : 'tel'}
              flex={1}
              miw={150}
              readOnly={readOnly}
              autoComplete="off"
              {...form.getInputProps(`${field}.${index}.value`)}
            />
            <TextInput
              aria-label={`Type of ${one} ${index + 1}`}
              placeholder="Type"
              w={80}
              readOnly={readOnly}
              autoComplete="off"
              {...form.getInputProps(`${field}.${index}.type`)}
            />
            <Checkbox
              label="Primary"
              aria-label={`Primary: ${one} ${index + 1}`}
              mt={8}
              checked={entry.primary}
              disabled={readOnly}
              onChange={(event) => choosePrimary(index, event.currentTarget.checked)}
            />
            {readOnly ? null : (
              <Button
                variant="subtle"
                color="gray"
                px="xs"
                aria-label={`Remove ${one} ${index + 1}`}
                onClick={() => form.removeListItem(field, index)}
              >
                Remove
              </Button>
            )}
          </Group>
        ))}
        {typeof form.errors[field] === 'string' ? (
          <Text size="xs" c="var(--mantine-color-error)" role="alert">
            {form.errors[field]}
          </Text>
        ) : null}
        {readOnly ? null : (
          <Button
            variant="default"
            size="xs"
            w="fit-content"
            onClick={() => form.insertListItem(field, { ...NEW_ENTRY, primary: entries.length === 0 })}
          >
            Add {one}
          </Button>
        )}
      </Stack>
    </Fieldset>
  );
}
