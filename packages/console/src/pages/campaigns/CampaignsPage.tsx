import { useQuery } from '@apollo/client/react';
import { getRouteApi, Outlet } from '@tanstack/react-router';
import { kept } from '../../apollo/kept';
import { ActionButton } from '../../components/ActionButton';
import { AppLink } from '../../components/AppLink';
import { Moment, StateBadge } from '../../components/cells';
import { EmptyState } from '../../components/EmptyState';
import { PageHeader } from '../../components/PageHeader';
import { type Column, QueryTable } from '../../components/QueryTable';
import { type CampaignRowFragment, CampaignsDocument } from '../../generated/graphql';
import { useGo } from '../../go';
import { useRealm } from '../../layout/realm';
import { useRefusal } from '../../layout/viewer';
import { paths } from '../../paths';
import { pageArguments } from '../../search';

const route = getRouteApi('/realms/$realmId/campaigns');

const columns: Column<CampaignRowFragment>[] = [
  { header: 'Name', cell: (campaign) => <CampaignLink campaign={campaign} /> },
  { header: 'Asks', cell: (campaign) => campaign.groupName ?? 'Everyone' },
  { header: 'Status', cell: (campaign) => <StateBadge value={campaign.status} /> },
  { header: 'Until', cell: (campaign) => <Moment value={campaign.dueAt} /> },
  { header: 'Started', cell: (campaign) => <Moment value={campaign.startedAt} none="Not yet" /> },
  { header: 'By', cell: (campaign) => campaign.createdByName },
];

export function CampaignsPage() {
  const { id: realmId } = useRealm();
  const search = route.useSearch();
  const go = useGo();
  const refusal = useRefusal();
  const { data, loading, failed, retry } = kept(
    useQuery(CampaignsDocument, { variables: { realmId, ...pageArguments(search) } }),
  );
  const create = (
    <ActionButton
      refusal={refusal('credential-binding-jobs:create')}
      onClick={() => go(paths.newCampaign(realmId), { search: true })}
    >
      Create campaign
    </ActionButton>
  );
  return (
    <>
      <PageHeader title="Campaigns" actions={create} />
      <QueryTable
        label="Campaigns"
        columns={columns}
        connection={data?.realm?.campaigns}
        loading={loading}
        failed={failed}
        onRetry={retry}
        onPage={(page) => go(paths.campaigns(realmId), { search: page })}
        empty={
          <EmptyState title="No campaign yet" action={create}>
            A campaign asks everyone of a group, or of the realm, who has no passkey to bind one by a date.
          </EmptyState>
        }
      />
      <Outlet />
    </>
  );
}

function CampaignLink({ campaign }: { readonly campaign: CampaignRowFragment }) {
  const { id: realmId } = useRealm();
  return <AppLink to={paths.campaign(realmId, campaign.id)}>{campaign.name}</AppLink>;
}
