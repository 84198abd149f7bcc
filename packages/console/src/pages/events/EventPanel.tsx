import { useQuery } from '@apollo/client/react';
import { Button, Group, Stack, Text } from '@mantine/core';
import { getRouteApi } from '@tanstack/react-router';
import { kept } from '../../apollo/kept';
import { AppLink } from '../../components/AppLink';
import { CopyField } from '../../components/CopyField';
import { Moment, StateBadge, wordsOf } from '../../components/cells';
import { EmptyState } from '../../components/EmptyState';
import { Facts } from '../../components/Facts';
import { Json } from '../../components/Json';
import { LoadFailed } from '../../components/LoadFailed';
import { RoutePanel } from '../../components/RoutePanel';
import { EventDocument, type EventQuery } from '../../generated/graphql';
import { useGo } from '../../go';
import { PageSkeleton, useRealm } from '../../layout/realm';
import { paths } from '../../paths';

const route = getRouteApi('/realms/$realmId/events/$eventId');

type Event = NonNullable<NonNullable<EventQuery['realm']>['event']>;
type Party = Event['actor'];

export function EventPanel() {
  const { id: realmId } = useRealm();
  const { eventId } = route.useParams();
  const go = useGo();
  const { data, failed, retry } = kept(useQuery(EventDocument, { variables: { realmId, eventId } }));
  const event = data?.realm?.event;
  return (
    <RoutePanel
      title={event?.type ?? 'Event'}
      size="lg"
      onClose={() => go(paths.events(realmId), { search: true })}
    >
      {failed ? <LoadFailed onRetry={retry} /> : null}
      {event === undefined && !failed ? <PageSkeleton /> : null}
      {event === null ? (
        <EmptyState title="There is no such event">It may be older than events are kept.</EmptyState>
      ) : null}
      {event ? <EventContent event={event} /> : null}
    </RoutePanel>
  );
}

function EventContent({ event }: { readonly event: Event }) {
  const { id: realmId } = useRealm();
  const go = useGo();
  return (
    <Stack>
      <Facts
        facts={[
          ['Time', <Moment key="time" value={event.occurredAt} seconds />],
          ['Outcome', <StateBadge key="outcome" value={event.outcome} />],
          ['Actor', <PartyName key="actor" party={event.actor} />],
          ['Subject', event.subject ? <Subject key="subject" party={event.subject} /> : undefined],
          ['Address', event.ip ?? undefined],
          ['Browser', event.userAgent ?? undefined],
        ]}
      />
      <CopyField label="Correlation id" value={event.correlationId} />
      <CopyField label="Event id" value={event.id} />
      <Group>
        <Button
          variant="default"
          onClick={() => go(paths.events(realmId), { search: { flow: event.correlationId } })}
        >
          Whole flow
        </Button>
      </Group>
      <Json label="Data" value={event.data} />
    </Stack>
  );
}

function PartyName({ party }: { readonly party: Party }) {
  return (
    <>
      {party.displayName}{' '}
      <Text span size="sm" c="dimmed">
        {wordsOf(party.kind)}
      </Text>
    </>
  );
}

const PAGES: Record<string, (realmId: string, id: string) => string> = {
  IDENTITY: paths.identity,
  GROUP: paths.group,
  APPLICATION: paths.application,
};

/** A subject is of this realm, so it can be opened; an actor may be an administrator of another. */
function Subject({ party }: { readonly party: Party }) {
  const { id: realmId } = useRealm();
  const page = PAGES[party.kind];
  if (page === undefined || party.id === null) return <PartyName party={party} />;
  return <AppLink to={page(realmId, party.id)}>{party.displayName}</AppLink>;
}
