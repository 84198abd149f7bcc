import { useQuery } from '@apollo/client/react';
import { useDebouncedValue } from '@mantine/hooks';
import { useLocation } from '@tanstack/react-router';
import { useState } from 'react';
import { kept } from '../apollo/kept';
import { RemoteSelect } from '../components/RemoteSelect';
import { CurrentRealmDocument, RealmChoicesDocument } from '../generated/graphql';
import { useGo } from '../go';
import { sameSectionIn } from '../paths';

export function RealmSwitcher({ realmId }: { readonly realmId: string | undefined }) {
  const go = useGo();
  const { pathname } = useLocation();
  const [text, setText] = useState('');
  const [query] = useDebouncedValue(text, 250);
  const found = kept(useQuery(RealmChoicesDocument, { variables: { query: query || null } }));
  const current = useQuery(CurrentRealmDocument, {
    variables: { realmId: realmId ?? '' },
    skip: realmId === undefined,
  }).data?.realm;
  return (
    <RemoteSelect
      label="Realm"
      placeholder="Choose a realm"
      w={{ base: 120, xs: 220 }}
      size="xs"
      choices={(found.data?.tenant.realms.nodes ?? []).map((realm) => ({
        value: realm.id,
        label: realm.displayName,
      }))}
      chosen={current ? { value: current.id, label: current.displayName } : undefined}
      loading={found.loading}
      value={realmId ?? null}
      onSearch={setText}
      onPick={(id) => {
        if (id !== null && id !== realmId) go(sameSectionIn(id, pathname));
      }}
    />
  );
}
