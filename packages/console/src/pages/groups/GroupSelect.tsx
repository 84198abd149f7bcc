import { useQuery } from '@apollo/client/react';
import { useDebouncedValue } from '@mantine/hooks';
import { useState } from 'react';
import { kept } from '../../apollo/kept';
import { type Choice, RemoteSelect } from '../../components/RemoteSelect';
import { GroupChoicesDocument } from '../../generated/graphql';
import { useRealm } from '../../layout/realm';

export interface GroupSelectProps {
  readonly label: string;
  readonly placeholder: string;
  readonly value: string | null;
  readonly chosen?: Choice | undefined;
  readonly onPick: (groupId: string | null) => void;
}

/** Finds a group of the realm by its name. */
export function GroupSelect(props: GroupSelectProps) {
  const { id: realmId } = useRealm();
  const [text, setText] = useState('');
  const [query] = useDebouncedValue(text, 250);
  const { data, loading } = kept(
    useQuery(GroupChoicesDocument, { variables: { realmId, query: query || null } }),
  );
  return (
    <RemoteSelect
      {...props}
      w={240}
      clearable
      loading={loading}
      onSearch={setText}
      choices={(data?.realm?.groups.nodes ?? []).map(({ id, displayName }) => ({
        value: id,
        label: displayName,
      }))}
    />
  );
}
