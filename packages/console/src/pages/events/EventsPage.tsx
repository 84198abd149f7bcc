import { useQuery } from '@apollo/client/react';
import { Button } from '@mantine/core';
import { getRouteApi, Outlet } from '@tanstack/react-router';
import { useState } from 'react';
import { kept } from '../../apollo/kept';
import { EmptyState } from '../../components/EmptyState';
import { PageHeader } from '../../components/PageHeader';
import { QueryTable } from '../../components/QueryTable';
import { EventsDocument } from '../../generated/graphql';
import { useGo } from '../../go';
import { useRealm } from '../../layout/realm';
import { paths } from '../../paths';
import { pageArguments } from '../../search';
import { eventColumns } from './columns';
import { EventFilters } from './EventFilters';
import { type EventsSearch, eventFilter } from './search';

const route = getRouteApi('/realms/$realmId/events');

export function EventsPage() {
  const { id: realmId } = useRealm();
  const search = route.useSearch();
  const go = useGo();
  // A relative span counts from here, not from each render: a query whose variables never rest never ends.
  const [now, setNow] = useState(() => Date.now());
  const result = useQuery(EventsDocument, {
    variables: { realmId, filter: eventFilter(search, now), ...pageArguments(search) },
  });
  const { data, loading, failed, retry } = kept(result);
  const filter = (change: Partial<EventsSearch>) => {
    setNow(Date.now());
    go(paths.events(realmId), {
      search: { ...search, after: undefined, before: undefined, ...change },
      replace: true,
    });
  };
  const refresh = () => {
    setNow(Date.now());
    retry();
  };
  const filtered = Boolean(search.type || search.outcome || search.flow || search.who || search.span);
  return (
    <>
      <PageHeader
        title="Events"
        actions={
          <Button variant="default" onClick={refresh}>
            Refresh
          </Button>
        }
      />
      <EventFilters search={search} onChange={filter} />
      <QueryTable
        label="Events"
        columns={eventColumns}
        connection={data?.realm?.events}
        loading={loading}
        failed={failed}
        onRetry={retry}
        onPage={(page) =>
          go(paths.events(realmId), { search: { ...search, after: undefined, before: undefined, ...page } })
        }
        empty={
          filtered ? (
            <EmptyState
              title="No event matches"
              action={
                <Button variant="default" onClick={() => go(paths.events(realmId))}>
                  Clear the filters
                </Button>
              }
            />
          ) : (
            <EmptyState title="Nothing has happened yet">
              Every sign-in and every change will be listed.
            </EmptyState>
          )
        }
      />
      <Outlet />
    </>
  );
}
