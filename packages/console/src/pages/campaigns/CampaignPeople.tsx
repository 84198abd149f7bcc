import { useQuery } from '@apollo/client/react';
import { Group, Select } from '@mantine/core';
import { getRouteApi } from '@tanstack/react-router';
import { kept } from '../../apollo/kept';
import { useAction } from '../../apollo/useAction';
import { ActionButton } from '../../components/ActionButton';
import { AppLink } from '../../components/AppLink';
import { useConfirm } from '../../components/Confirm';
import { Moment, Mono, Plain, StateBadge } from '../../components/cells';
import { EmptyState } from '../../components/EmptyState';
import { type Column, QueryTable } from '../../components/QueryTable';
import { Section } from '../../components/Section';
import {
  CampaignPeopleDocument,
  type CampaignPersonRowFragment,
  ExcludeFromCampaignDocument,
} from '../../generated/graphql';
import { useGo } from '../../go';
import { useRealm } from '../../layout/realm';
import { useRefusal } from '../../layout/viewer';
import { paths } from '../../paths';
import { pageArguments, wordOf } from '../../search';
import { STATES } from './search';
import { STATE_LABELS } from './words';

const route = getRouteApi('/realms/$realmId/campaigns/$campaignId');

type Row = CampaignPersonRowFragment & { readonly id: string };

/** Everyone without a passkey, or those in one state. */
export function CampaignPeople({ campaignId }: { readonly campaignId: string }) {
  const { id: realmId } = useRealm();
  const search = route.useSearch();
  const go = useGo();
  const people = useRefusal()('identities:read') === undefined;
  const here = paths.campaign(realmId, campaignId);
  const { state } = search;
  const { data, loading, failed, retry } = kept(
    useQuery(CampaignPeopleDocument, {
      variables: { realmId, campaignId, people, states: state ? [state] : null, ...pageArguments(search) },
      fetchPolicy: 'cache-and-network',
    }),
  );
  const connection = data?.realm?.campaign?.people;
  const columns: Column<Row>[] = [
    { header: 'Person', cell: (row) => <Person row={row} /> },
    { header: 'E-mail', cell: (row) => <Plain value={row.identity?.email} /> },
    { header: 'State', cell: (row) => <StateBadge value={row.state} label={STATE_LABELS[row.state]} /> },
    { header: 'Asked', cell: (row) => <Moment value={row.askedAt} /> },
    { header: 'Reminded', cell: (row) => <Moment value={row.remindedAt} /> },
    { header: 'Actions', cell: (row) => <Exclude row={row} campaignId={campaignId} />, width: 110 },
  ];
  return (
    <Section title="People">
      <Group mb="sm">
        <Select
          aria-label="State"
          placeholder="Everyone without a passkey"
          clearable
          w={250}
          data={STATES.map((value) => ({ value, label: STATE_LABELS[value] }))}
          value={state ?? null}
          onChange={(value) =>
            go(here, { search: { state: wordOf({ state: value }, 'state', STATES) }, replace: true })
          }
        />
      </Group>
      <QueryTable
        label="People"
        columns={columns}
        connection={
          connection && {
            pageInfo: connection.pageInfo,
            nodes: connection.nodes.map((row) => ({ ...row, id: row.identityId })),
          }
        }
        loading={loading}
        failed={failed}
        onRetry={retry}
        onPage={(page) => go(here, { search: { state, ...page } })}
        empty={
          <EmptyState title="Nobody here">People are listed once the campaign has come to them.</EmptyState>
        }
      />
    </Section>
  );
}

function Person({ row }: { readonly row: Row }) {
  const { id: realmId } = useRealm();
  if (!row.identity) return <Mono>{row.identityId}</Mono>;
  return <AppLink to={paths.identity(realmId, row.identityId)}>{row.identity.displayName}</AppLink>;
}

function Exclude({ row, campaignId }: { readonly row: Row; readonly campaignId: string }) {
  const { id: realmId } = useRealm();
  const confirm = useConfirm();
  const refusal = useRefusal();
  const name = row.identity?.displayName ?? row.identityId;
  const [exclude] = useAction(ExcludeFromCampaignDocument, {
    done: `${name} is left alone by this campaign.`,
    stale: [{ of: 'Campaign', id: campaignId, lists: ['people', 'coverage'] }],
  });
  if (row.state === 'EXCLUDED' || row.state === 'ENROLLED') return null;
  return (
    <ActionButton
      size="compact-xs"
      variant="default"
      aria-label={`Exclude ${name}`}
      refusal={refusal('credential-binding-jobs:create')}
      onClick={() =>
        confirm({
          title: `Exclude ${name}?`,
          effect: 'They are neither asked nor reminded any more. A link that they have stays valid.',
          verb: 'Exclude',
          run: async () =>
            (await exclude({ input: { realmId, campaignId, identityIds: [row.identityId] } })) !== undefined,
        })
      }
    >
      Exclude
    </ActionButton>
  );
}
