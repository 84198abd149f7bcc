import { useQuery } from '@apollo/client/react';
import { Button, Group, Select } from '@mantine/core';
import { getRouteApi, Outlet } from '@tanstack/react-router';
import { kept } from '../../apollo/kept';
import { ActionButton } from '../../components/ActionButton';
import { AppLink } from '../../components/AppLink';
import { Moment, Plain, StateBadge } from '../../components/cells';
import { EmptyState } from '../../components/EmptyState';
import { PageHeader } from '../../components/PageHeader';
import { type Column, QueryTable } from '../../components/QueryTable';
import { SearchBox } from '../../components/SearchBox';
import { IdentitiesDocument, type IdentityRowFragment } from '../../generated/graphql';
import { useGo } from '../../go';
import { useRealm } from '../../layout/realm';
import { useRefusal } from '../../layout/viewer';
import { paths } from '../../paths';
import { pageArguments, wordOf } from '../../search';
import { GroupFilter } from './GroupFilter';
import { type IdentitiesSearch, STATUSES } from './search';

const route = getRouteApi('/realms/$realmId/identities');

const columns: Column<IdentityRowFragment>[] = [
  { header: 'Name', cell: (identity) => <IdentityLink identity={identity} /> },
  { header: 'Username', cell: (identity) => identity.username },
  { header: 'E-mail', cell: (identity) => <Plain value={identity.email} /> },
  { header: 'Status', cell: (identity) => <StateBadge value={identity.status} />, width: 120 },
  { header: 'Created', cell: (identity) => <Moment value={identity.createdAt} />, width: 200 },
];

export function IdentitiesPage() {
  const { id: realmId } = useRealm();
  const search = route.useSearch();
  const go = useGo();
  const refusal = useRefusal();
  const { data, loading, failed, retry } = kept(
    useQuery(IdentitiesDocument, { variables: { realmId, ...variablesOf(search) } }),
  );
  // A changed filter begins on the first page.
  const filter = (change: Partial<IdentitiesSearch>) =>
    go(paths.identities(realmId), {
      search: { ...search, after: undefined, before: undefined, ...change },
      replace: true,
    });
  const create = (
    <ActionButton
      refusal={refusal('identities:create')}
      onClick={() => go(paths.newIdentity(realmId), { search: true })}
    >
      Create identity
    </ActionButton>
  );
  const filtered = Boolean(search.q || search.status || search.group);
  return (
    <>
      <PageHeader
        title="Identities"
        actions={
          <>
            <AppLink to={paths.deletedIdentities(realmId)} size="sm">
              Deleted
            </AppLink>
            {create}
          </>
        }
      />
      <Group mb="sm" gap="xs">
        <SearchBox
          label="Search identities"
          placeholder="Name, username or e-mail"
          value={search.q}
          onSearch={(q) => filter({ q })}
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
          onChange={(status) => filter({ status: wordOf({ status }, 'status', STATUSES) })}
        />
        <GroupFilter value={search.group} onChange={(group) => filter({ group })} />
      </Group>
      <QueryTable
        label="Identities"
        columns={columns}
        connection={data?.realm?.identities}
        loading={loading}
        failed={failed}
        onRetry={retry}
        onPage={(page) => filter(page)}
        empty={
          filtered ? (
            <EmptyState
              title="Nobody matches"
              action={
                <Button variant="default" onClick={() => go(paths.identities(realmId))}>
                  Clear the filters
                </Button>
              }
            />
          ) : (
            <EmptyState title="Nobody is here yet" action={create}>
              Create the first identity, or connect your directory over SCIM: the address is on the realm's
              home.
            </EmptyState>
          )
        }
      />
      <Outlet />
    </>
  );
}

function IdentityLink({ identity }: { readonly identity: IdentityRowFragment }) {
  const { id: realmId } = useRealm();
  return <AppLink to={paths.identity(realmId, identity.id)}>{identity.displayName}</AppLink>;
}

function variablesOf(search: IdentitiesSearch) {
  const { q, status, group } = search;
  const filter = { ...(status ? { status } : {}), ...(group ? { groupId: group } : {}) };
  return { query: q, filter, ...pageArguments(search) };
}
