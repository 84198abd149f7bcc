import { useQuery } from '@apollo/client/react';
import { Button, Group } from '@mantine/core';
import { getRouteApi } from '@tanstack/react-router';
import { kept } from '../../apollo/kept';
import { ActionButton } from '../../components/ActionButton';
import { Moment } from '../../components/cells';
import { EmptyState } from '../../components/EmptyState';
import { PageHeader } from '../../components/PageHeader';
import { type Column, QueryTable } from '../../components/QueryTable';
import { SearchBox } from '../../components/SearchBox';
import { DeletedIdentitiesDocument, type DeletedRowFragment } from '../../generated/graphql';
import { useGo } from '../../go';
import { useRealm } from '../../layout/realm';
import { useRefusal } from '../../layout/viewer';
import { paths } from '../../paths';
import { pageArguments } from '../../search';
import { EraseIdentity } from './EraseIdentity';
import { useRestore } from './useRestore';

const route = getRouteApi('/realms/$realmId/identities/deleted');

const columns: Column<DeletedRowFragment>[] = [
  { header: 'Name', cell: (deleted) => deleted.displayName },
  { header: 'Username', cell: (deleted) => deleted.username },
  { header: 'Deleted', cell: (deleted) => <Moment value={deleted.deletedAt} />, width: 180 },
  { header: 'By', cell: (deleted) => deleted.deletedBy },
  {
    header: 'Can come back until',
    cell: (deleted) => <Moment value={deleted.restorableUntil} />,
    width: 180,
  },
  { header: 'Actions', cell: (deleted) => <DeletedActions deleted={deleted} />, width: 220 },
];

/** Who was deleted and can still be brought back. */
export function DeletedPage() {
  const { id: realmId } = useRealm();
  const search = route.useSearch();
  const go = useGo();
  const { data, loading, failed, retry } = kept(
    useQuery(DeletedIdentitiesDocument, {
      variables: { realmId, query: search.q, ...pageArguments(search) },
    }),
  );
  const here = paths.deletedIdentities(realmId);
  return (
    <>
      <PageHeader
        title="Deleted identities"
        parent={{ label: 'Identities', to: paths.identities(realmId) }}
      />
      <Group mb="sm">
        <SearchBox
          label="Search deleted identities"
          placeholder="Name, username or external id"
          value={search.q}
          onSearch={(q) => go(here, { search: { q }, replace: true })}
        />
      </Group>
      <QueryTable
        label="Deleted identities"
        columns={columns}
        connection={data?.realm?.deletedIdentities}
        loading={loading}
        failed={failed}
        onRetry={retry}
        onPage={(page) => go(here, { search: { q: search.q, ...page } })}
        empty={
          search.q ? (
            <EmptyState
              title="Nobody matches"
              action={
                <Button variant="default" onClick={() => go(here)}>
                  Clear the search
                </Button>
              }
            />
          ) : (
            <EmptyState title="Nobody was deleted lately">
              Whoever is deleted stays here for 7 days and can be brought back, passkeys included.
            </EmptyState>
          )
        }
      />
    </>
  );
}

function DeletedActions({ deleted }: { readonly deleted: DeletedRowFragment }) {
  const refusal = useRefusal();
  const [restore, busy] = useRestore();
  return (
    <Group gap="xs" wrap="nowrap">
      <ActionButton
        size="compact-xs"
        variant="default"
        loading={busy}
        aria-label={`Restore ${deleted.displayName}`}
        refusal={refusal('identities:create')}
        onClick={() => void restore(deleted)}
      >
        Restore
      </ActionButton>
      <EraseIdentity deleted={deleted} />
    </Group>
  );
}
