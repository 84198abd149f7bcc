import { useQuery } from '@apollo/client/react';
import { Badge, Button, Group, Select, Stack, Text } from '@mantine/core';
import { getRouteApi } from '@tanstack/react-router';
import { kept } from '../../apollo/kept';
import { Moment, Mono, Plain, StateBadge } from '../../components/cells';
import { EmptyState } from '../../components/EmptyState';
import { type Column, QueryTable } from '../../components/QueryTable';
import { Section } from '../../components/Section';
import {
  type HttpStatusClass,
  ProvisioningClientsDocument,
  ProvisioningRequestsDocument,
  type RequestRowFragment,
} from '../../generated/graphql';
import { useGo } from '../../go';
import { useRealm } from '../../layout/realm';
import { paths } from '../../paths';
import { pageArguments, wordOf } from '../../search';
import { METHODS, type RequestsSearch, requestFilter, STATUS_CLASSES } from './search';

const route = getRouteApi('/realms/$realmId/provisioning');

const STATUSES: Record<HttpStatusClass, string> = {
  SUCCESS: 'Done (2xx)',
  REDIRECTION: 'Unchanged (3xx)',
  CLIENT_ERROR: 'Refused (4xx)',
  SERVER_ERROR: 'Failed (5xx)',
};

const columns: Column<RequestRowFragment>[] = [
  { header: 'Time', cell: (request) => <Moment value={request.occurredAt} seconds />, width: 210 },
  { header: 'Client', cell: (request) => <Plain value={request.client?.displayName} /> },
  { header: 'Request', cell: (request) => <Mono>{`${request.method} ${request.path}`}</Mono> },
  { header: 'Status', cell: (request) => <Status request={request} />, width: 90 },
  { header: 'Effect', cell: (request) => <Effect request={request} /> },
  { header: 'Took', cell: (request) => `${Math.max(1, Math.round(request.durationMs))} ms`, width: 80 },
];

export function Requests() {
  const { id: realmId } = useRealm();
  const search = route.useSearch();
  const go = useGo();
  const here = paths.provisioning(realmId);
  const { data, loading, failed, retry } = kept(
    useQuery(ProvisioningRequestsDocument, {
      variables: { realmId, filter: requestFilter(search), ...pageArguments(search) },
    }),
  );
  const filtered = Boolean(search.client || search.method || search.status);
  return (
    <Section title="Requests">
      <Filters search={search} />
      <QueryTable
        label="Requests"
        columns={columns}
        connection={data?.realm?.scim.requests}
        loading={loading}
        failed={failed}
        onRetry={retry}
        onPage={(page) => go(here, { search: { ...search, after: undefined, before: undefined, ...page } })}
        empty={
          filtered ? (
            <EmptyState
              title="No request matches"
              action={
                <Button variant="default" onClick={() => go(here)}>
                  Clear the filters
                </Button>
              }
            />
          ) : (
            <EmptyState title="No request yet">
              Every SCIM request is listed for 90 days, with what came of it and without the values in it.
            </EmptyState>
          )
        }
      />
    </Section>
  );
}

function Filters({ search }: { readonly search: RequestsSearch }) {
  const { id: realmId } = useRealm();
  const go = useGo();
  const clients =
    useQuery(ProvisioningClientsDocument, { variables: { realmId, first: 100 } }).data?.realm?.scim.clients
      .nodes ?? [];
  const filter = (change: Partial<RequestsSearch>) =>
    go(paths.provisioning(realmId), {
      search: { ...search, after: undefined, before: undefined, ...change },
      replace: true,
    });
  return (
    <Group mb="sm" gap="xs">
      <Select
        aria-label="Client"
        placeholder="Any client"
        data={clients.map(({ id, displayName }) => ({ value: id, label: displayName }))}
        value={search.client ?? null}
        onChange={(client) => filter({ client: client ?? undefined })}
        clearable
        w={240}
      />
      <Select
        aria-label="Method"
        placeholder="Any method"
        data={[...METHODS]}
        value={search.method ?? null}
        onChange={(method) => filter({ method: wordOf({ method }, 'method', METHODS) })}
        clearable
        w={150}
      />
      <Select
        aria-label="Status"
        placeholder="Any status"
        data={STATUS_CLASSES.map((value) => ({ value, label: STATUSES[value] }))}
        value={search.status ?? null}
        onChange={(status) => filter({ status: wordOf({ status }, 'status', STATUS_CLASSES) })}
        clearable
        w={180}
      />
    </Group>
  );
}

function Status({ request }: { readonly request: RequestRowFragment }) {
  const outcome = request.status < 400 ? 'SUCCESS' : 'FAILED';
  return <StateBadge value={outcome} label={String(request.status)} />;
}

function Effect({ request }: { readonly request: RequestRowFragment }) {
  const { effect, detail, dryRun, scimType } = request;
  return (
    <Stack gap={2} align="flex-start">
      {dryRun ? (
        <Badge variant="light" color="yellow" tt="none">
          Dry run
        </Badge>
      ) : null}
      <Plain value={effect ?? detail} />
      {scimType === null ? null : (
        <Text size="xs" c="dimmed">
          {scimType}
        </Text>
      )}
    </Stack>
  );
}
