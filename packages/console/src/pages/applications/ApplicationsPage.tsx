import { useQuery } from '@apollo/client/react';
import { Button, Group } from '@mantine/core';
import { getRouteApi, Outlet } from '@tanstack/react-router';
import { kept } from '../../apollo/kept';
import { ActionButton } from '../../components/ActionButton';
import { AppLink } from '../../components/AppLink';
import { ManagedBadge, Moment, Mono } from '../../components/cells';
import { EmptyState } from '../../components/EmptyState';
import { PageHeader } from '../../components/PageHeader';
import { type Column, QueryTable } from '../../components/QueryTable';
import { SearchBox } from '../../components/SearchBox';
import { type ApplicationRowFragment, ApplicationsDocument } from '../../generated/graphql';
import { useGo } from '../../go';
import { useRealm } from '../../layout/realm';
import { useRefusal } from '../../layout/viewer';
import { paths } from '../../paths';
import { pageArguments } from '../../search';
import { kindOf } from './presets';

const route = getRouteApi('/realms/$realmId/applications');

const columns: Column<ApplicationRowFragment>[] = [
  { header: 'Name', cell: (application) => <ApplicationLink application={application} /> },
  { header: 'Kind', cell: (application) => kindOf(application) },
  { header: 'Client id', cell: (application) => <Mono>{application.clientId}</Mono> },
  { header: 'Created', cell: (application) => <Moment value={application.createdAt} />, width: 200 },
];

export function ApplicationsPage() {
  const { id: realmId } = useRealm();
  const search = route.useSearch();
  const go = useGo();
  const refusal = useRefusal();
  const { data, loading, failed, retry } = kept(
    useQuery(ApplicationsDocument, { variables: { realmId, query: search.q, ...pageArguments(search) } }),
  );
  const create = (
    <ActionButton
      refusal={refusal('applications:create')}
      onClick={() => go(paths.newApplication(realmId), { search: true })}
    >
      Create application
    </ActionButton>
  );
  return (
    <>
      <PageHeader title="Applications" actions={create} />
      <Group mb="sm">
        <SearchBox
          label="Search applications"
          value={search.q}
          onSearch={(q) => go(paths.applications(realmId), { search: { q }, replace: true })}
        />
      </Group>
      <QueryTable
        label="Applications"
        columns={columns}
        connection={data?.realm?.applications}
        loading={loading}
        failed={failed}
        onRetry={retry}
        onPage={(page) => go(paths.applications(realmId), { search: { q: search.q, ...page } })}
        empty={
          search.q ? (
            <EmptyState
              title="No application has this name"
              action={
                <Button variant="default" onClick={() => go(paths.applications(realmId))}>
                  Clear the search
                </Button>
              }
            />
          ) : (
            <EmptyState title="No application yet" action={create}>
              An application is whatever signs people in here, or calls an API with a token from here.
            </EmptyState>
          )
        }
      />
      <Outlet />
    </>
  );
}

function ApplicationLink({ application }: { readonly application: ApplicationRowFragment }) {
  const { id: realmId } = useRealm();
  return (
    <Group gap="xs">
      <AppLink to={paths.application(realmId, application.id)}>{application.displayName}</AppLink>
      {application.managed ? <ManagedBadge /> : null}
    </Group>
  );
}
