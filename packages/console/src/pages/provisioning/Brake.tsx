import { Group, Stack, Text } from '@mantine/core';
import { useAction } from '../../apollo/useAction';
import { ActionButton } from '../../components/ActionButton';
import { useConfirm } from '../../components/Confirm';
import { Moment, StateBadge } from '../../components/cells';
import { type ClientRowFragment, RejectBrakeDocument, ReleaseBrakeDocument } from '../../generated/graphql';
import { useRealm } from '../../layout/realm';
import { useRefusal } from '../../layout/viewer';

/** Where the brake of a client stands, why, and what can be decided about it. */
export function Brake({ client }: { readonly client: ClientRowFragment }) {
  const { brake } = client;
  return (
    <Stack gap={4} align="flex-start">
      <StateBadge value={brake.state} />
      {brake.state === 'RUNNING' && brake.windowMinutes !== null ? (
        <Text size="xs" c="dimmed">
          {brake.counted} counted now
        </Text>
      ) : null}
      {brake.state === 'RELEASED' ? (
        <Text size="xs" c="dimmed">
          Until <Moment value={brake.releasedUntil} />
        </Text>
      ) : null}
      {brake.state === 'REJECTED' ? (
        <Text size="xs" c="dimmed">
          Since <Moment value={brake.rejectedAt} />
        </Text>
      ) : null}
      {brake.state === 'PAUSED' ? <Text size="xs">{brake.pausedReason}</Text> : null}
      <Decide client={client} />
    </Stack>
  );
}

function Decide({ client }: { readonly client: ClientRowFragment }) {
  const { id: realmId } = useRealm();
  const confirm = useConfirm();
  const refusal = useRefusal()('realms:update');
  const stale = [{ of: 'Realm', id: realmId, lists: ['events'] }] as const;
  const name = client.displayName;
  const [release, releasing] = useAction(ReleaseBrakeDocument, { done: `${name} may go on.`, stale });
  const [reject] = useAction(RejectBrakeDocument, {
    done: `Deactivations and deletions of ${name} are refused.`,
    stale,
  });
  const { state } = client.brake;
  const input = { realmId, clientId: client.id, ifVersion: client.version };
  const askRelease = () =>
    confirm({
      title: `Release ${name}?`,
      effect:
        'What it was stopped from goes through when it asks again, and nothing is counted for one window.',
      verb: 'Release',
      run: async () => (await release({ input })) !== undefined,
    });
  const askReject = () =>
    confirm({
      title: `Reject what ${name} asked for?`,
      effect: 'Its deactivations and deletions stay refused until it is released. Everything else goes on.',
      verb: 'Reject',
      run: async () => (await reject({ input })) !== undefined,
    });
  if (state !== 'PAUSED' && state !== 'REJECTED') return null;
  return (
    <Group gap="xs" wrap="nowrap">
      <ActionButton
        size="compact-xs"
        variant="default"
        aria-label={`Release ${name}`}
        loading={releasing}
        refusal={refusal}
        onClick={askRelease}
      >
        Release
      </ActionButton>
      {state === 'PAUSED' ? (
        <ActionButton
          size="compact-xs"
          variant="outline"
          color="red"
          aria-label={`Reject ${name}`}
          refusal={refusal}
          onClick={askReject}
        >
          Reject
        </ActionButton>
      ) : null}
    </Group>
  );
}
