import { useQuery } from '@apollo/client/react';
import { useState } from 'react';
import { kept } from '../../apollo/kept';
import { ActionButton } from '../../components/ActionButton';
import { AppLink } from '../../components/AppLink';
import { EmptyState } from '../../components/EmptyState';
import { type Column, QueryTable } from '../../components/QueryTable';
import { Section } from '../../components/Section';
import { InventoryModelsDocument, type ModelCountFragment } from '../../generated/graphql';
import { useRealm } from '../../layout/realm';
import { useRefusal } from '../../layout/viewer';
import { paths } from '../../paths';
import { RevokeModel } from './RevokeModel';

type Row = ModelCountFragment & { readonly id: string };

/** How many passkeys are of which model, and how to take back all of one. */
export function Models() {
  const { id: realmId } = useRealm();
  const refusal = useRefusal();
  const [asked, setAsked] = useState<ModelCountFragment>();
  const { data, loading, failed, retry } = kept(
    useQuery(InventoryModelsDocument, { variables: { realmId } }),
  );
  const counts = data?.realm?.credentialModels;
  const columns: Column<Row>[] = [
    {
      header: 'Model',
      cell: ({ model }) => (
        <AppLink to={paths.passkeys(realmId)} search={{ model: model.aaguid }}>
          {model.name}
        </AppLink>
      ),
    },
    { header: 'Active', cell: ({ active }) => active.toLocaleString(), width: 100 },
    { header: 'On one device', cell: ({ deviceBound }) => deviceBound.toLocaleString(), width: 130 },
    { header: 'Synced', cell: ({ synced }) => synced.toLocaleString(), width: 100 },
    { header: 'Revoked', cell: ({ revoked }) => revoked.toLocaleString(), width: 100 },
    {
      header: 'Actions',
      width: 120,
      cell: (count) =>
        count.active === 0 ? null : (
          <ActionButton
            size="compact-xs"
            variant="outline"
            color="red"
            aria-label={`Revoke all of ${count.model.name}`}
            refusal={refusal('credentials:revoke') ?? refusal('identities:read')}
            onClick={() => setAsked(count)}
          >
            Revoke all
          </ActionButton>
        ),
    },
  ];
  return (
    <Section title="By model">
      <QueryTable
        label="Models"
        columns={columns}
        connection={
          counts && {
            nodes: counts.map((count) => ({ ...count, id: count.model.aaguid })),
            pageInfo: { startCursor: null, endCursor: null, hasNextPage: false, hasPreviousPage: false },
          }
        }
        loading={loading}
        failed={failed}
        onRetry={retry}
        empty={<EmptyState title="No model yet">The models of passkeys are counted here.</EmptyState>}
      />
      <RevokeModel count={asked} onClose={() => setAsked(undefined)} />
    </Section>
  );
}
