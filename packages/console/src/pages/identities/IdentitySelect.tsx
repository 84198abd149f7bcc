import { useQuery } from '@apollo/client/react';
import { useDebouncedValue } from '@mantine/hooks';
import { useState } from 'react';
import { kept } from '../../apollo/kept';
import { RemoteSelect } from '../../components/RemoteSelect';
import { IdentityChoicesDocument } from '../../generated/graphql';
import { useRealm } from '../../layout/realm';

export interface IdentitySelectProps {
  readonly label: string;
  readonly value: string | null;
  readonly onPick: (identityId: string | null) => void;
}

/** Finds an identity of the realm by name, username or e-mail. */
export function IdentitySelect(props: IdentitySelectProps) {
  const { id: realmId } = useRealm();
  const [text, setText] = useState('');
  const [query] = useDebouncedValue(text, 250);
  const { data, loading } = kept(
    useQuery(IdentityChoicesDocument, { variables: { realmId, query: query || null } }),
  );
  return (
    <RemoteSelect
      {...props}
      placeholder="Name, username or e-mail"
      w={280}
      clearable
      loading={loading}
      onSearch={setText}
      choices={(data?.realm?.identities.nodes ?? []).map(({ id, displayName, username }) => ({
        value: id,
        label: displayName === username ? username : `${displayName} (${username})`,
      }))}
    />
  );
}
