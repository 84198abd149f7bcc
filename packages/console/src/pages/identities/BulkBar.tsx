import { Alert, Button, Group, List, Modal, Paper, Stack, Text } from '@mantine/core';
import { useState } from 'react';
import { ActionButton } from '../../components/ActionButton';
import { useConfirm } from '../../components/Confirm';
import { useRefusal } from '../../layout/viewer';
import { GroupSelect } from '../groups/GroupSelect';
import { type Chosen, countOf, type Failure, namesOf } from './bulk';
import { type Bulk, useBulk } from './useBulk';

/** The most that the server takes at once. */
const MOST = 1_000;

export interface BulkBarProps {
  readonly chosen: Chosen;
  readonly onChosen: (chosen: Chosen) => void;
}

/** What can be done to all chosen identities at once. */
export function BulkBar({ chosen, onChosen }: BulkBarProps) {
  const bulk = useBulk(chosen, onChosen);
  return (
    <>
      {chosen.size === 0 ? null : <Actions chosen={chosen} onChosen={onChosen} bulk={bulk} />}
      {chosen.size === 0 ? null : <Failures failures={bulk.failures} />}
    </>
  );
}

function Actions({ chosen, onChosen, bulk }: BulkBarProps & { readonly bulk: Bulk }) {
  const confirm = useConfirm();
  const refusal = useRefusal();
  const tooMany = chosen.size > MOST ? `At most ${MOST.toLocaleString('en')} at once.` : undefined;
  const many = countOf(chosen.size);
  const ask = (verb: string, effect: string, run: () => Promise<boolean>) =>
    confirm({
      title: `${verb} ${many}?`,
      effect: (
        <>
          {effect}
          <br />
          {namesOf(chosen)}
        </>
      ),
      verb,
      run,
    });
  const askSuspend = () =>
    ask('Suspend', 'Every session and token of these people ends at once.', bulk.suspend);
  const askActivate = () => ask('Activate', 'These people can sign in again.', bulk.activate);
  const askDelete = () =>
    ask(
      'Delete',
      'Every session and token of these people ends at once. For 7 days they can be brought back.',
      bulk.remove,
    );
  return (
    <Paper component="section" aria-label="Chosen identities" withBorder p="xs" mb="sm">
      <Group gap="xs">
        <Text size="sm" role="status">
          {many} chosen
        </Text>
        <ActionButton
          size="xs"
          variant="default"
          refusal={refusal('identities:update') ?? tooMany}
          onClick={askSuspend}
        >
          Suspend
        </ActionButton>
        <ActionButton
          size="xs"
          variant="default"
          refusal={refusal('identities:update') ?? tooMany}
          onClick={askActivate}
        >
          Activate
        </ActionButton>
        <AddToGroup many={many} bulk={bulk} refusal={refusal('groups:update') ?? tooMany} />
        <ActionButton
          size="xs"
          variant="outline"
          color="red"
          refusal={refusal('identities:delete') ?? tooMany}
          onClick={askDelete}
        >
          Delete
        </ActionButton>
        <Button size="xs" variant="subtle" onClick={() => onChosen(new Map())}>
          Choose none
        </Button>
      </Group>
    </Paper>
  );
}

interface AddToGroupProps {
  readonly many: string;
  readonly bulk: Bulk;
  readonly refusal: string | undefined;
}

function AddToGroup({ many, bulk, refusal }: AddToGroupProps) {
  const [asking, setAsking] = useState(false);
  const [groupId, setGroupId] = useState<string | null>(null);
  const close = () => {
    setAsking(false);
    setGroupId(null);
  };
  const add = async () => {
    if (groupId !== null && (await bulk.addTo(groupId))) close();
  };
  return (
    <>
      <ActionButton size="xs" variant="default" refusal={refusal} onClick={() => setAsking(true)}>
        Add to group
      </ActionButton>
      <Modal opened={asking} onClose={close} title={`Add ${many} to a group`}>
        <Stack>
          <GroupSelect
            label="Group to add to"
            placeholder="Find a group"
            value={groupId}
            onPick={setGroupId}
          />
          <Group justify="flex-end">
            <Button variant="default" onClick={close}>
              Cancel
            </Button>
            <ActionButton
              loading={bulk.busy}
              refusal={groupId === null ? 'Choose a group first.' : undefined}
              onClick={() => void add()}
            >
              Add
            </ActionButton>
          </Group>
        </Stack>
      </Modal>
    </>
  );
}

function Failures({ failures }: { readonly failures: readonly Failure[] }) {
  if (failures.length === 0) return null;
  return (
    <Alert color="red" variant="light" role="alert" mb="sm" title={`${countOf(failures.length)} not changed`}>
      <List size="sm" mah={200} style={{ overflow: 'auto' }}>
        {failures.map(({ id, name, message }) => (
          <List.Item key={id}>
            {name}: {message}
          </List.Item>
        ))}
      </List>
    </Alert>
  );
}
