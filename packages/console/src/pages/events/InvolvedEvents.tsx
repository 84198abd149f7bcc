import { useQuery } from '@apollo/client/react';
import { kept } from '../../apollo/kept';
import { AppLink } from '../../components/AppLink';
import { EmptyState } from '../../components/EmptyState';
import { QueryTable } from '../../components/QueryTable';
import { Section } from '../../components/Section';
import { EventsDocument } from '../../generated/graphql';
import { useRealm } from '../../layout/realm';
import { paths } from '../../paths';
import { involvedColumns } from './columns';

/** The newest events of which something is the actor or the subject. */
export function InvolvedEvents({ id }: { readonly id: string }) {
  const { id: realmId } = useRealm();
  const { data, loading, failed, retry } = kept(
    useQuery(EventsDocument, { variables: { realmId, first: 10, filter: { involvesId: id } } }),
  );
  return (
    <Section
      title="Events"
      actions={
        <AppLink to={paths.events(realmId)} search={{ who: id }} size="sm">
          All of these events
        </AppLink>
      }
    >
      <QueryTable
        label="Events"
        columns={involvedColumns}
        connection={data?.realm?.events}
        loading={loading}
        failed={failed}
        onRetry={retry}
        empty={<EmptyState title="Nothing has happened yet" />}
      />
    </Section>
  );
}
