import { TextInput } from '@mantine/core';
import { useDebouncedCallback } from '@mantine/hooks';
import { useState } from 'react';
import { SearchIcon } from './icons';

export interface SearchBoxProps {
  readonly label: string;
  /** What the address holds. */
  readonly value: string | undefined;
  readonly onSearch: (text: string | undefined) => void;
  readonly placeholder?: string;
}

/** Searches while typing, a moment after the last key. */
export function SearchBox({ label, value = '', onSearch, placeholder = label }: SearchBoxProps) {
  const [text, setText] = useState(value);
  const [seen, setSeen] = useState(value);
  const [sent, setSent] = useState(value);
  if (value !== seen) {
    setSeen(value);
    // The address changed by other means than this box: the back button, a link.
    if (value !== sent) setText(value);
  }
  const send = useDebouncedCallback((next: string) => {
    setSent(next.trim());
    onSearch(next.trim() || undefined);
  }, 300);
  return (
    <TextInput
      type="search"
      aria-label={label}
      placeholder={placeholder}
      leftSection={<SearchIcon size={16} />}
      value={text}
      onChange={(event) => {
        setText(event.currentTarget.value);
        send(event.currentTarget.value);
      }}
      w={280}
    />
  );
}
