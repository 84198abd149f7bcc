import { MultiSelect, NumberInput, Textarea, type TextareaProps } from '@mantine/core';
import type { GetInputPropsReturnType } from '@mantine/form';

export interface AddressesProps extends Pick<TextareaProps, 'label' | 'description' | 'required'> {
  readonly field: GetInputPropsReturnType;
}

/** A list of addresses, one a line. */
export function Addresses({ field, ...textarea }: AddressesProps) {
  return (
    <Textarea
      {...textarea}
      autosize
      minRows={2}
      maxRows={8}
      spellCheck={false}
      autoCapitalize="off"
      autoComplete="off"
      placeholder="https://"
      {...field}
    />
  );
}

export interface ScopesProps {
  readonly scopes: readonly { readonly name: string; readonly description: string }[];
  readonly field: GetInputPropsReturnType;
}

export function Scopes({ scopes, field }: ScopesProps) {
  const descriptions = new Map(scopes.map((scope) => [scope.name, scope.description]));
  return (
    <MultiSelect
      label="Allowed scopes"
      description="The most that its tokens may carry."
      data={scopes.map((scope) => scope.name)}
      renderOption={({ option }) => (
        <div>
          {option.value}
          <div style={{ fontSize: 'var(--mantine-font-size-xs)' }}>{descriptions.get(option.value)}</div>
        </div>
      )}
      searchable
      hidePickedOptions
      clearable
      nothingFoundMessage="No such scope"
      maxDropdownHeight={280}
      {...field}
    />
  );
}

export interface LifetimeProps {
  readonly label: string;
  readonly field: GetInputPropsReturnType;
}

/** A number of seconds. */
export function Lifetime({ label, field }: LifetimeProps) {
  return (
    <NumberInput
      label={label}
      suffix=" s"
      thousandSeparator=","
      allowDecimal={false}
      hideControls
      {...field}
    />
  );
}
