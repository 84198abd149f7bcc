import { useQuery } from '@apollo/client/react';
import { Button, Group } from '@mantine/core';
import { getRouteApi, Outlet } from '@tanstack/react-router';
import { kept } from '../../apollo/kept';
import { ActionButton } from '../../components/ActionButton';
import { AppLink } from '../../components/AppLink';
import { AdminRealmBadge, Moment, Mono } from '../../components/cells';
import { EmptyState } from '../../components/EmptyState';
import { PageHeader } from '../../components/PageHeader';
import { type Column, QueryTable } from '../../components/QueryTable';
import { SearchBox } from '../../components/SearchBox';
import { type RealmRowFragment, RealmsDocument } from '../../generated/graphql';
import { useGo } from '../../go';
import { useRefusal } from '../../layout/viewer';
import { paths } from '../../paths';
import { pageArguments } from '../../search';

const route = getRouteApi('/realms');

const columns: Column<RealmRowFragment>[] = [
  {
    header: 'Name',
    cell: (realm) => (
      <Group gap="xs">
        <AppLink to={paths.home(realm.id)}>{realm.displayName}</AppLink>
        {realm.kind === 'ADMIN' ? <AdminRealmBadge /> : null}
      </Group>
    ),
  },
  { header: 'Id', cell: (realm) => <Mono>{realm.id}</Mono> },
  { header: 'Created', cell: (realm) => <Moment value={realm.createdAt} /> },
];

export function RealmsPage() {
  const search = route.useSearch();
  const go = useGo();
  const refusal = useRefusal();
  const { data, loading, failed, retry } = kept(
    useQuery(RealmsDocument, { variables: { query: search.q, ...pageArguments(search) } }),
  );
  const create = () => go(paths.newRealm(), { search: true });
  return (
    <>
      <PageHeader
        title="Realms"
        actions={
          <ActionButton refusal={refusal('realms:create')} onClick={create}>
            Create realm
          </ActionButton>
        }
      />
      <Group mb="sm">
        <SearchBox
          label="Search realms"
          value={search.q}
          onSearch={(q) => go(paths.realms(), { search: { q }, replace: true })}
        />
      </Group>
      <QueryTable
        label="Realms"
        columns={columns}
        connection={data?.tenant.realms}
        loading={loading}
        failed={failed}
        onRetry={retry}
        onPage={(page) => go(paths.realms(), { search: { q: search.q, ...page } })}
        empty={
          <EmptyState
            title="No realm has this name"
            action={
              <Button variant="default" onClick={() => go(paths.realms())}>
                Clear the search
              </Button>
            }
          />
        }
      />
      <Outlet />
    </>
  );
}
