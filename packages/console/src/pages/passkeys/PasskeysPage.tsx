import { useQuery } from '@apollo/client/react';
import { Button, Stack } from '@mantine/core';
import { getRouteApi } from '@tanstack/react-router';
import { useState } from 'react';
import { kept } from '../../apollo/kept';
import { download } from '../../auth/download';
import { ActionButton } from '../../components/ActionButton';
import { AppLink } from '../../components/AppLink';
import { Moment, Plain, StateBadge } from '../../components/cells';
import { EmptyState } from '../../components/EmptyState';
import { notifyRefusal } from '../../components/notify';
import { PageHeader } from '../../components/PageHeader';
import { type Column, QueryTable } from '../../components/QueryTable';
import { Section } from '../../components/Section';
import { InventoryDocument, type InventoryRowFragment } from '../../generated/graphql';
import { useGo } from '../../go';
import { useRealm } from '../../layout/realm';
import { useSession } from '../../layout/session';
import { useRefusal } from '../../layout/viewer';
import { paths } from '../../paths';
import { pageArguments } from '../../search';
import { attestationInWords } from './attestation';
import { InventoryFilters } from './InventoryFilters';
import { Models } from './Models';
import { RevokeBar } from './RevokeBar';
import { exportAddress, type InventorySearch, inventoryFilter, isFiltered, startOfToday } from './search';

const route = getRouteApi('/realms/$realmId/passkeys');

const columns: Column<InventoryRowFragment>[] = [
  { header: 'Name', cell: (passkey) => passkey.name },
  { header: 'Person', cell: (passkey) => <Owner passkey={passkey} /> },
  { header: 'Model', cell: (passkey) => passkey.model.name },
  { header: 'Kept', cell: (passkey) => (passkey.deviceBound ? 'On one device' : 'Synced') },
  { header: 'Attestation', cell: (passkey) => attestationInWords(passkey.attestation) },
  { header: 'Created', cell: (passkey) => <Moment value={passkey.createdAt} /> },
  { header: 'Last used', cell: (passkey) => <Moment value={passkey.lastUsedAt} /> },
  { header: 'Status', cell: (passkey) => <StateBadge value={passkey.status} /> },
];

/** Every passkey of the realm: by model, by age, by use. */
export function PasskeysPage() {
  const search = route.useSearch();
  return (
    <>
      <PageHeader title="Passkeys" actions={<Export search={search} />} />
      <Stack>
        <Models />
        <Inventory search={search} />
      </Stack>
    </>
  );
}

function Export({ search }: { readonly search: InventorySearch }) {
  const { id: realmId } = useRealm();
  const session = useSession();
  const refusal = useRefusal();
  const [busy, setBusy] = useState(false);
  const save = async () => {
    setBusy(true);
    await download(session, exportAddress(realmId, search, startOfToday())).catch((error: Error) =>
      notifyRefusal(error.message),
    );
    setBusy(false);
  };
  return (
    <ActionButton
      variant="default"
      loading={busy}
      refusal={refusal('identities:read')}
      onClick={() => void save()}
    >
      Export as CSV
    </ActionButton>
  );
}

function Inventory({ search }: { readonly search: InventorySearch }) {
  const { id: realmId } = useRealm();
  const go = useGo();
  const people = useRefusal()('identities:read') === undefined;
  const [today] = useState(startOfToday);
  const [chosen, setChosen] = useState<ReadonlyMap<string, InventoryRowFragment>>(new Map());
  const here = paths.passkeys(realmId);
  const { data, loading, failed, retry } = kept(
    useQuery(InventoryDocument, {
      variables: {
        realmId,
        people,
        query: search.q ?? null,
        filter: inventoryFilter(search, today),
        orderBy: search.order ?? null,
        ...pageArguments(search),
      },
    }),
  );
  const choose = (rows: readonly InventoryRowFragment[], yes: boolean) => {
    const next = new Map(chosen);
    for (const row of rows) if (yes && row.status === 'ACTIVE') next.set(row.id, row);
    for (const row of rows) if (!yes) next.delete(row.id);
    setChosen(next);
  };
  return (
    <Section title="Inventory">
      <InventoryFilters
        search={search}
        people={people}
        onChange={(change) =>
          go(here, { search: { ...search, after: undefined, before: undefined, ...change }, replace: true })
        }
      />
      <RevokeBar chosen={chosen} onChosen={setChosen} />
      <QueryTable
        label="Inventory"
        columns={columns}
        connection={data?.realm?.credentials}
        loading={loading}
        failed={failed}
        onRetry={retry}
        onPage={(page) => go(here, { search: { ...search, after: undefined, before: undefined, ...page } })}
        selection={{ chosen, nameOf: (row) => row.name, onChange: choose }}
        empty={
          isFiltered(search) ? (
            <EmptyState
              title="No passkey matches"
              action={
                <Button variant="default" onClick={() => go(here)}>
                  Clear the filters
                </Button>
              }
            />
          ) : (
            <EmptyState title="No passkey yet">
              Passkeys are listed from the first binding link on that somebody follows.
            </EmptyState>
          )
        }
      />
    </Section>
  );
}

function Owner({ passkey }: { readonly passkey: InventoryRowFragment }) {
  const { id: realmId } = useRealm();
  const { identity } = passkey;
  if (!identity) return <Plain value={null} />;
  return <AppLink to={paths.identity(realmId, identity.id)}>{identity.displayName}</AppLink>;
}
