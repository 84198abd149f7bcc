import { useQuery } from '@apollo/client/react';
import { Switch, Text } from '@mantine/core';
import { kept } from '../../apollo/kept';
import { useAction } from '../../apollo/useAction';
import { Moment } from '../../components/cells';
import { EmptyState } from '../../components/EmptyState';
import { type Column, MoreNote, QueryTable } from '../../components/QueryTable';
import { Section } from '../../components/Section';
import {
  type ClientRowFragment,
  ProvisioningClientsDocument,
  UpdateProvisioningClientDocument,
} from '../../generated/graphql';
import { useRealm } from '../../layout/realm';
import { useRefusal } from '../../layout/viewer';
import { Brake } from './Brake';
import { EditLimits } from './EditLimits';

const columns: Column<ClientRowFragment>[] = [
  { header: 'Client', cell: (client) => client.displayName },
  { header: 'Last seen', cell: (client) => <Moment value={client.lastSeenAt} /> },
  { header: 'Identities', cell: (client) => client.identityCount.toLocaleString() },
  { header: 'Groups', cell: (client) => client.groupCount.toLocaleString() },
  { header: 'Dry run', cell: (client) => <Toggle client={client} field="dryRun" name="Dry run" /> },
  { header: 'Adopts', cell: (client) => <Toggle client={client} field="adoptsUnowned" name="Adopts" /> },
  { header: 'Brake', cell: (client) => <Brake client={client} /> },
  { header: 'Limits', cell: (client) => <EditLimits client={client} />, width: 200 },
];

/** How many clients are shown; a realm has a handful. */
const MOST = 100;

export function Clients() {
  const { id: realmId } = useRealm();
  const { data, loading, failed, retry } = kept(
    useQuery(ProvisioningClientsDocument, {
      variables: { realmId, first: MOST },
    }),
  );
  const connection = data?.realm?.scim.clients;
  return (
    <Section title="Clients">
      <QueryTable
        label="Clients"
        columns={columns}
        connection={connection}
        loading={loading}
        failed={failed}
        onRetry={retry}
        empty={
          <EmptyState title="No client yet">
            Whoever speaks SCIM to this realm is listed from its first request on.
          </EmptyState>
        }
      />
      <MoreNote connection={connection} />
      <Text size="xs" c="dimmed" mt="xs">
        A dry run answers as if a change were made, and makes none. A client that adopts may take over
        identities and groups that people made, never those of another client. The brake stops a client that
        deactivates or deletes too many at once.
      </Text>
    </Section>
  );
}

interface ToggleProps {
  readonly client: ClientRowFragment;
  readonly field: 'dryRun' | 'adoptsUnowned';
  readonly name: string;
}

function Toggle({ client, field, name }: ToggleProps) {
  const { id: realmId } = useRealm();
  const refusal = useRefusal()('realms:update');
  const [update, busy] = useAction(UpdateProvisioningClientDocument, {
    done: `${name} of ${client.displayName} is ${client[field] ? 'off' : 'on'}.`,
    stale: [{ of: 'Realm', id: realmId, lists: ['events'] }],
  });
  return (
    <Switch
      aria-label={`${name} of ${client.displayName}`}
      checked={client[field]}
      disabled={busy || refusal !== undefined}
      title={refusal}
      onChange={(event) =>
        void update({
          input: {
            realmId,
            clientId: client.id,
            ifVersion: client.version,
            [field]: event.currentTarget.checked,
          },
        })
      }
    />
  );
}
