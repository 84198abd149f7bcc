import { useQuery } from '@apollo/client/react';
import { Group, Select } from '@mantine/core';
import { SearchBox } from '../../components/SearchBox';
import { InventoryModelsDocument } from '../../generated/graphql';
import { useRealm } from '../../layout/realm';
import { type InventorySearch, inventorySearch } from './search';

export interface InventoryFiltersProps {
  readonly search: InventorySearch;
  /** Whether people may be searched for. */
  readonly people: boolean;
  readonly onChange: (change: Partial<InventorySearch>) => void;
}

const CHOICES = {
  status: [
    { value: 'ACTIVE', label: 'Active' },
    { value: 'REVOKED', label: 'Revoked' },
  ],
  kept: [
    { value: 'device', label: 'On one device' },
    { value: 'synced', label: 'Synced' },
  ],
  attested: [
    { value: 'yes', label: 'Attested' },
    { value: 'no', label: 'Not attested' },
  ],
  created: [
    { value: 'new-30', label: 'In the last 30 days' },
    { value: 'old-90', label: 'More than 90 days ago' },
    { value: 'old-365', label: 'More than a year ago' },
  ],
  unused: [
    { value: 'never', label: 'Never used' },
    { value: '30', label: 'Not for 30 days' },
    { value: '90', label: 'Not for 90 days' },
    { value: '365', label: 'Not for a year' },
  ],
  order: [
    { value: 'CREATED_AT_DESC', label: 'Newest first' },
    { value: 'CREATED_AT_ASC', label: 'Oldest first' },
    { value: 'LAST_USED_AT_DESC', label: 'Last used first' },
    { value: 'LAST_USED_AT_ASC', label: 'Longest unused first' },
  ],
} as const;

export function InventoryFilters({ search, people, onChange }: InventoryFiltersProps) {
  const { id: realmId } = useRealm();
  const models = useQuery(InventoryModelsDocument, { variables: { realmId } }).data?.realm?.credentialModels;
  return (
    <Group mb="sm" gap="xs">
      {people ? (
        <SearchBox
          label="Search passkeys"
          placeholder="Name, model or person"
          value={search.q}
          onSearch={(q) => onChange({ q })}
        />
      ) : null}
      <Select
        aria-label="Model"
        placeholder="Any model"
        clearable
        searchable
        w={220}
        data={(models ?? []).map(({ model }) => ({ value: model.aaguid, label: model.name }))}
        value={search.model ?? null}
        onChange={(model) => onChange({ model: model ?? undefined })}
      />
      <Choice name="status" label="Status" none="Any status" search={search} onChange={onChange} />
      <Choice name="kept" label="Kept" none="Kept anywhere" search={search} onChange={onChange} />
      <Choice
        name="attested"
        label="Attestation"
        none="Attested or not"
        search={search}
        onChange={onChange}
      />
      <Choice name="created" label="Created" none="Created ever" search={search} onChange={onChange} />
      <Choice name="unused" label="Use" none="Used or not" search={search} onChange={onChange} />
      <Choice name="order" label="Order" none="Newest first" search={search} onChange={onChange} />
    </Group>
  );
}

interface ChoiceProps extends Pick<InventoryFiltersProps, 'search' | 'onChange'> {
  readonly name: keyof typeof CHOICES;
  readonly label: string;
  readonly none: string;
}

function Choice({ name, label, none, search, onChange }: ChoiceProps) {
  return (
    <Select
      aria-label={label}
      placeholder={none}
      clearable
      w={180}
      data={[...CHOICES[name]]}
      value={search[name] ?? null}
      // Read as from an address, so that only known words get there.
      onChange={(value) => onChange({ [name]: inventorySearch({ [name]: value })[name] })}
    />
  );
}
