import { useQuery } from '@apollo/client/react';
import { Button } from '@mantine/core';
import { getRouteApi, Outlet } from '@tanstack/react-router';
import { useState } from 'react';
import { kept } from '../../apollo/kept';
import { ActionButton } from '../../components/ActionButton';
import { AppLink } from '../../components/AppLink';
import { Moment, Plain, StateBadge } from '../../components/cells';
import { EmptyState } from '../../components/EmptyState';
import { PageHeader } from '../../components/PageHeader';
import { type Column, QueryTable } from '../../components/QueryTable';
import { IdentitiesDocument, type IdentityRowFragment } from '../../generated/graphql';
import { useGo } from '../../go';
import { useRealm } from '../../layout/realm';
import { useRefusal } from '../../layout/viewer';
import { paths } from '../../paths';
import { pageArguments } from '../../search';
import { BulkBar } from './BulkBar';
import type { Chosen } from './bulk';
import { IdentityFilters } from './IdentityFilters';
import { ENROLMENT_LABELS, type IdentitiesSearch } from './search';

const route = getRouteApi('/realms/$realmId/identities');

const columns: Column<IdentityRowFragment>[] = [
  { header: 'Name', cell: (identity) => <IdentityLink identity={identity} /> },
  { header: 'Username', cell: (identity) => identity.username },
  { header: 'E-mail', cell: (identity) => <Plain value={identity.email} /> },
  { header: 'Status', cell: (identity) => <StateBadge value={identity.status} />, width: 120 },
  {
    header: 'Enrolment',
    cell: ({ enrollmentStatus }) => (
      <StateBadge value={enrollmentStatus} label={ENROLMENT_LABELS[enrollmentStatus]} />
    ),
    width: 150,
  },
  { header: 'Last sign-in', cell: (identity) => <Moment value={identity.lastSignInAt} />, width: 180 },
  { header: 'Created', cell: (identity) => <Moment value={identity.createdAt} />, width: 180 },
];

export function IdentitiesPage() {
  const { id: realmId } = useRealm();
  const search = route.useSearch();
  const go = useGo();
  const refusal = useRefusal();
  const [chosen, setChosen] = useState<Chosen>(new Map());
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
  const filtered = Boolean(search.q || search.status || search.enrolment || search.group);
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
      <IdentityFilters search={search} onChange={filter} />
      <BulkBar chosen={chosen} onChosen={setChosen} />
      <QueryTable
        label="Identities"
        columns={columns}
        connection={data?.realm?.identities}
        loading={loading}
        failed={failed}
        onRetry={retry}
        onPage={(page) => filter(page)}
        selection={{
          chosen,
          nameOf: (identity) => identity.displayName,
          onChange: (rows, yes) => setChosen(withRows(chosen, rows, yes)),
        }}
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

function withRows(chosen: Chosen, rows: readonly IdentityRowFragment[], yes: boolean): Chosen {
  const next = new Map(chosen);
  for (const { id, displayName } of rows) {
    if (yes) next.set(id, displayName);
    else next.delete(id);
  }
  return next;
}

function variablesOf(search: IdentitiesSearch) {
  const { q, status, enrolment, group } = search;
  const filter = {
    ...(status ? { status } : {}),
    ...(enrolment ? { enrollmentStatus: [enrolment] } : {}),
    ...(group ? { groupId: group } : {}),
  };
  // Without an order the best match of a search comes first.
  return { query: q, filter, ...pageArguments(search) };
}
