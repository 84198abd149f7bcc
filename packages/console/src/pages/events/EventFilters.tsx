import { Button, Group, MultiSelect, Select, TextInput } from '@mantine/core';
import { wordsOf } from '../../components/cells';
import { SearchBox } from '../../components/SearchBox';
import { wordOf } from '../../search';
import { type EventsSearch, fromLocal, SPANS, toLocal, typesOf } from './search';
import { EVENT_TYPES, OUTCOMES } from './types';

const SPAN_CHOICES = [
  { value: '1h', label: 'Last hour' },
  { value: '24h', label: 'Last 24 hours' },
  { value: '7d', label: 'Last 7 days' },
  { value: '30d', label: 'Last 30 days' },
  { value: 'custom', label: 'From and to' },
];

export interface EventFiltersProps {
  readonly search: EventsSearch;
  readonly onChange: (change: Partial<EventsSearch>) => void;
}

export function EventFilters({ search, onChange }: EventFiltersProps) {
  const types = typesOf(search);
  return (
    <Group mb="sm" gap="xs" align="flex-start">
      <MultiSelect
        aria-label="Type"
        placeholder={types.length === 0 ? 'Any type' : ''}
        data={[...new Set([...EVENT_TYPES, ...types])]}
        value={types}
        onChange={(chosen) => onChange({ type: chosen.join(',') || undefined })}
        searchable
        clearable
        hidePickedOptions
        nothingFoundMessage="No such type"
        w={280}
      />
      <Select
        aria-label="Outcome"
        placeholder="Any outcome"
        data={OUTCOMES.map((outcome) => ({ value: outcome, label: wordsOf(outcome) }))}
        value={search.outcome ?? null}
        onChange={(outcome) => onChange({ outcome: outcome ?? undefined })}
        clearable
        w={150}
      />
      <Select
        aria-label="Time"
        placeholder="Any time"
        data={SPAN_CHOICES}
        value={search.span ?? null}
        onChange={(span) =>
          onChange({ span: wordOf({ span }, 'span', SPANS), from: undefined, to: undefined })
        }
        clearable
        w={160}
      />
      {search.span === 'custom' ? <Between search={search} onChange={onChange} /> : null}
      <SearchBox label="Correlation id" value={search.flow} onSearch={(flow) => onChange({ flow })} />
      {search.who === undefined ? null : (
        <Button variant="light" onClick={() => onChange({ who: undefined })}>
          One actor or subject: show all
        </Button>
      )}
    </Group>
  );
}

function Between({ search, onChange }: EventFiltersProps) {
  return (
    <>
      {(['from', 'to'] as const).map((end) => (
        <TextInput
          key={end}
          type="datetime-local"
          aria-label={end === 'from' ? 'From' : 'To'}
          leftSection={end === 'from' ? 'From' : 'To'}
          leftSectionWidth={52}
          leftSectionPointerEvents="none"
          value={toLocal(search[end])}
          onChange={(event) => onChange({ [end]: fromLocal(event.currentTarget.value) })}
          w={236}
        />
      ))}
    </>
  );
}
