import { AppLink } from '../../components/AppLink';
import { Moment, Plain, StateBadge } from '../../components/cells';
import type { Column } from '../../components/QueryTable';
import type { EventRowFragment } from '../../generated/graphql';
import { useRealm } from '../../layout/realm';
import { paths } from '../../paths';

const time: Column<EventRowFragment> = {
  header: 'Time',
  cell: (event) => <Moment value={event.occurredAt} seconds />,
  width: 210,
};
const outcome: Column<EventRowFragment> = {
  header: 'Outcome',
  cell: (event) => <StateBadge value={event.outcome} />,
  width: 110,
};
const actor: Column<EventRowFragment> = { header: 'Actor', cell: (event) => event.actor.displayName };
const subject: Column<EventRowFragment> = {
  header: 'Subject',
  cell: (event) => <Plain value={event.subject?.displayName} />,
};

/** On the page of all events: a chosen event opens above the same view. */
export const eventColumns: Column<EventRowFragment>[] = [
  time,
  { header: 'Type', cell: (event) => <EventLink event={event} keepView /> },
  outcome,
  actor,
  subject,
  { header: 'Flow', cell: (event) => <FlowLink event={event} />, width: 110 },
];

export const involvedColumns: Column<EventRowFragment>[] = [
  time,
  { header: 'Type', cell: (event) => <EventLink event={event} /> },
  outcome,
  actor,
];

function EventLink({
  event,
  keepView = false,
}: {
  readonly event: EventRowFragment;
  readonly keepView?: boolean;
}) {
  const { id: realmId } = useRealm();
  return (
    <AppLink to={paths.event(realmId, event.id)} {...(keepView ? { search: true } : {})}>
      {event.type}
    </AppLink>
  );
}

function FlowLink({ event }: { readonly event: EventRowFragment }) {
  const { id: realmId } = useRealm();
  return (
    <AppLink
      to={paths.events(realmId)}
      search={{ flow: event.correlationId }}
      aria-label={`Whole flow of ${event.type}`}
    >
      Whole flow
    </AppLink>
  );
}
