import { useQuery } from '@apollo/client/react';
import { Alert, Progress, Stack, Text } from '@mantine/core';
import { useParams } from '@tanstack/react-router';
import { kept } from '../../apollo/kept';
import { AppLink } from '../../components/AppLink';
import { Moment, Plain, StateBadge } from '../../components/cells';
import { Facts } from '../../components/Facts';
import { LoadFailed } from '../../components/LoadFailed';
import { PageHeader } from '../../components/PageHeader';
import { Section } from '../../components/Section';
import { CampaignDocument, type CampaignQuery } from '../../generated/graphql';
import { NotFound } from '../../layout/NotFound';
import { PageSkeleton, useRealm } from '../../layout/realm';
import { paths } from '../../paths';
import { CampaignActions } from './CampaignActions';
import { CampaignPeople } from './CampaignPeople';
import { END_REASONS } from './words';

type Campaign = NonNullable<NonNullable<CampaignQuery['realm']>['campaign']>;

const REFRESH_MS = 5_000;

/** How far a campaign has come, and who is missing. */
export function CampaignPage() {
  const { id: realmId } = useRealm();
  const { campaignId = '' } = useParams({ strict: false });
  const result = useQuery(CampaignDocument, {
    variables: { realmId, campaignId },
    fetchPolicy: 'cache-and-network',
    pollInterval: REFRESH_MS,
  });
  const { data, loading, failed, retry } = kept(result);
  const campaign = data?.realm?.campaign;
  if (failed) return <LoadFailed onRetry={retry} />;
  if (!campaign) return loading ? <PageSkeleton /> : <NotFound />;
  return (
    <>
      <PageHeader
        title={campaign.name}
        parent={{ label: 'Campaigns', to: paths.campaigns(realmId) }}
        badges={<StateBadge value={campaign.status} />}
        actions={<CampaignActions campaign={campaign} />}
      />
      <Stack>
        {data?.realm?.sendsMail === false && campaign.status !== 'ENDED' ? (
          <Alert color="yellow" variant="light" title="No mail server is configured">
            Its mails wait on the page <AppLink to={paths.mail(realmId)}>Mail</AppLink>.
          </Alert>
        ) : null}
        <Coverage campaign={campaign} />
        <About campaign={campaign} />
        <CampaignPeople campaignId={campaign.id} />
      </Stack>
    </>
  );
}

function Coverage({ campaign }: { readonly campaign: Campaign }) {
  const { coverage } = campaign;
  const share = coverage.asked === 0 ? 0 : Math.round((100 * coverage.enrolled) / coverage.asked);
  return (
    <Section title="Coverage">
      <Text size="sm" mb={4}>
        {coverage.enrolled.toLocaleString()} of {coverage.asked.toLocaleString()} people who were asked have a
        passkey now ({share} %).
      </Text>
      <Progress value={share} aria-label="Share of those asked who have a passkey" mb="sm" />
      <Facts
        facts={[
          ['Waiting', coverage.waiting.toLocaleString()],
          ['Yet to be asked', coverage.unasked.toLocaleString()],
          ['Reminded', coverage.reminded.toLocaleString()],
          ['Failed', coverage.failed.toLocaleString()],
          ['Link is over', coverage.lapsed.toLocaleString()],
          ['No e-mail address', coverage.noAddress.toLocaleString()],
          ['Administrators', coverage.administrators.toLocaleString()],
          ['Excluded', coverage.excluded.toLocaleString()],
          ['Mails sent', campaign.batch.progress.sent.toLocaleString()],
          ['Mails waiting', campaign.batch.progress.queued.toLocaleString()],
        ]}
      />
    </Section>
  );
}

function About({ campaign }: { readonly campaign: Campaign }) {
  const { id: realmId } = useRealm();
  const { groupId, groupName, reminderDays, endReason } = campaign;
  return (
    <Section title="About">
      <Facts
        facts={[
          [
            'Asks',
            groupId === null ? (
              'Everyone of the realm'
            ) : (
              <AppLink key="group" to={paths.group(realmId, groupId)}>
                {groupName ?? groupId}
              </AppLink>
            ),
          ],
          ['Until', <Moment key="until" value={campaign.dueAt} />],
          ['Reminds', reminderDays.length === 0 ? 'Never' : `${reminderDays.join(', ')} days before`],
          ['Message', <Plain key="message" value={campaign.batch.message} />],
          ['Created', <Moment key="created" value={campaign.createdAt} />],
          ['By', campaign.createdByName],
          ['Started', <Moment key="started" value={campaign.startedAt} none="Not yet" />],
          ['Ended', endReason === null ? undefined : <Moment key="ended" value={campaign.endedAt} />],
          ['Why', endReason === null ? undefined : END_REASONS[endReason]],
        ]}
      />
    </Section>
  );
}
