import { Select, type SelectProps } from '@mantine/core';
import type { SyntheticEvent } from 'react';

export interface Choice {
  readonly value: string;
  readonly label: string;
}

export interface RemoteSelectProps extends Pick<SelectProps, 'placeholder' | 'w' | 'size' | 'clearable'> {
  readonly label: string;
  readonly choices: readonly Choice[];
  readonly loading: boolean;
  readonly value: string | null;
  readonly onPick: (value: string | null) => void;
  /** The text to search the server for. */
  readonly onSearch: (text: string) => void;
  /** Keeps this label in the box while the search results do not hold it. */
  readonly chosen?: Choice | undefined;
}

/** A choice among more things than a page can hold: the server searches. */
export function RemoteSelect(props: RemoteSelectProps) {
  const { label, choices, loading, value, onPick, onSearch, chosen, ...select } = props;
  const data = [...choices];
  if (chosen !== undefined && !data.some((choice) => choice.value === chosen.value)) data.push(chosen);
  return (
    <Select
      {...select}
      aria-label={label}
      data={data}
      value={value}
      onChange={onPick}
      searchable
      // The label of what is chosen is no search.
      onSearchChange={(text) => onSearch(data.some((choice) => choice.label === text) ? '' : text)}
      // So that typing replaces the name of what is chosen.
      onFocus={selectText}
      onClick={selectText}
      filter={({ options }) => options}
      nothingFoundMessage={loading ? 'Searching...' : 'Nothing found'}
      maxDropdownHeight={300}
      comboboxProps={{ shadow: 'md' }}
    />
  );
}

const selectText = (event: SyntheticEvent<HTMLInputElement>): void => event.currentTarget.select();
