import { Group, Select } from '@mantine/core';
import { SearchBox } from '../../components/SearchBox';
import { wordOf } from '../../search';
import { GroupFilter } from './GroupFilter';
import { ENROLMENT_LABELS, ENROLMENTS, type IdentitiesSearch, STATUSES } from './search';

export interface IdentityFiltersProps {
  readonly search: IdentitiesSearch;
  readonly onChange: (change: Partial<IdentitiesSearch>) => void;
}

export function IdentityFilters({ search, onChange }: IdentityFiltersProps) {
  return (
    <Group mb="sm" gap="xs">
      <SearchBox
        label="Search identities"
        placeholder="Name, username or e-mail"
        value={search.q}
        onSearch={(q) => onChange({ q })}
      />
      <Select
        aria-label="Status"
        placeholder="Any status"
        clearable
        w={150}
        data={[
          { value: 'ACTIVE', label: 'Active' },
          { value: 'SUSPENDED', label: 'Suspended' },
        ]}
        value={search.status ?? null}
        onChange={(status) => onChange({ status: wordOf({ status }, 'status', STATUSES) })}
      />
      <Select
        aria-label="Enrolment"
        placeholder="Any enrolment"
        clearable
        w={190}
        data={ENROLMENTS.map((value) => ({ value, label: ENROLMENT_LABELS[value] }))}
        value={search.enrolment ?? null}
        onChange={(enrolment) => onChange({ enrolment: wordOf({ enrolment }, 'enrolment', ENROLMENTS) })}
      />
      <GroupFilter value={search.group} onChange={(group) => onChange({ group })} />
    </Group>
  );
}
