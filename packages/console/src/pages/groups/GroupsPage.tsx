import { useQuery } from '@apollo/client/react';
import { Button, Group } from '@mantine/core';
import { getRouteApi, Outlet } from '@tanstack/react-router';
import { kept } from '../../apollo/kept';
import { ActionButton } from '../../components/ActionButton';
import { AppLink } from '../../components/AppLink';
import { ManagedBadge, Moment, Plain } from '../../components/cells';
import { EmptyState } from '../../components/EmptyState';
import { PageHeader } from '../../components/PageHeader';
import { type Column, QueryTable } from '../../components/QueryTable';
import { SearchBox } from '../../components/SearchBox';
import { type GroupRowFragment, GroupsDocument } from '../../generated/graphql';
import { useGo } from '../../go';
import { useRealm } from '../../layout/realm';
import { useRefusal } from '../../layout/viewer';
import { paths } from '../../paths';
import { pageArguments } from '../../search';

const route = getRouteApi('/realms/$realmId/groups');

const columns: Column<GroupRowFragment>[] = [
  { header: 'Name', cell: (group) => <GroupLink group={group} /> },
  { header: 'Description', cell: (group) => <Plain value={group.description} /> },
  { header: 'Created', cell: (group) => <Moment value={group.createdAt} />, width: 200 },
];

export function GroupsPage() {
  const { id: realmId } = useRealm();
  const search = route.useSearch();
  const go = useGo();
  const refusal = useRefusal();
  const { data, loading, failed, retry } = kept(
    useQuery(GroupsDocument, { variables: { realmId, query: search.q, ...pageArguments(search) } }),
  );
  const create = (
    <ActionButton
      refusal={refusal('groups:create')}
      onClick={() => go(paths.newGroup(realmId), { search: true })}
    >
      Create group
    </ActionButton>
  );
  return (
    <>
      <PageHeader title="Groups" actions={create} />
      <Group mb="sm">
        <SearchBox
          label="Search groups"
          value={search.q}
          onSearch={(q) => go(paths.groups(realmId), { search: { q }, replace: true })}
        />
      </Group>
      <QueryTable
        label="Groups"
        columns={columns}
        connection={data?.realm?.groups}
        loading={loading}
        failed={failed}
        onRetry={retry}
        onPage={(page) => go(paths.groups(realmId), { search: { q: search.q, ...page } })}
        empty={
          search.q ? (
            <EmptyState
              title="No group has this name"
              action={
                <Button variant="default" onClick={() => go(paths.groups(realmId))}>
                  Clear the search
                </Button>
              }
            />
          ) : (
            <EmptyState title="No group yet" action={create}>
              A group is a set of identities; rules and roles can name it.
            </EmptyState>
          )
        }
      />
      <Outlet />
    </>
  );
}

function GroupLink({ group }: { readonly group: GroupRowFragment }) {
  const { id: realmId } = useRealm();
  return (
    <Group gap="xs">
      <AppLink to={paths.group(realmId, group.id)}>{group.displayName}</AppLink>
      {group.managed ? <ManagedBadge /> : null}
    </Group>
  );
}
