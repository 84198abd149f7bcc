import { Alert, Button, Group, List, Paper, Text } from '@mantine/core';
import { useState } from 'react';
import { useCommand } from '../../apollo/useCommand';
import { ActionButton } from '../../components/ActionButton';
import { useConfirm } from '../../components/Confirm';
import { notifyDone, notifyRefusal } from '../../components/notify';
import { type InventoryRowFragment, RevokeCredentialsDocument } from '../../generated/graphql';
import { useRealm } from '../../layout/realm';
import { useRefusal } from '../../layout/viewer';

type Chosen = ReadonlyMap<string, InventoryRowFragment>;

export interface RevokeBarProps {
  readonly chosen: Chosen;
  readonly onChosen: (chosen: Chosen) => void;
}

/** The most that the server takes at once. */
const MOST = 1_000;
const NAMED = 5;

const countOf = (count: number): string => (count === 1 ? '1 passkey' : `${count.toLocaleString()} passkeys`);

const named = ({ name, identity }: InventoryRowFragment): string =>
  identity ? `${name} of ${identity.displayName}` : name;

function namesOf(rows: readonly InventoryRowFragment[]): string {
  const more = rows.length - NAMED;
  return `${rows.slice(0, NAMED).map(named).join(', ')}${more > 0 ? ` and ${more.toLocaleString()} more` : ''}`;
}

/** What can be done to the passkeys that are chosen. */
export function RevokeBar({ chosen, onChosen }: RevokeBarProps) {
  const { id: realmId } = useRealm();
  const confirm = useConfirm();
  const refusal = useRefusal();
  const [failures, setFailures] = useState<readonly string[]>([]);
  const [revoke] = useCommand(RevokeCredentialsDocument, {
    stale: [{ of: 'Realm', id: realmId, lists: ['credentials', 'credentialModels', 'events'] }],
  });
  const run = async (): Promise<boolean> => {
    const outcome = await revoke({ input: { realmId, credentialIds: [...chosen.keys()] } });
    if (outcome.kind === 'refused') for (const { message } of outcome.problems) notifyRefusal(message);
    if (outcome.kind !== 'done') return false;
    const failed = outcome.payload.results.filter(({ error }) => error !== null);
    setFailures(
      failed.map(({ credentialId, error }) => {
        const row = chosen.get(credentialId);
        return `${row ? named(row) : credentialId}: ${error?.message ?? ''}`;
      }),
    );
    const count = outcome.payload.results.length - failed.length;
    if (count > 0) notifyDone(`${countOf(count)} revoked.`);
    onChosen(new Map([...chosen].filter(([id]) => failed.some(({ credentialId }) => credentialId === id))));
    return true;
  };
  const ask = () =>
    confirm({
      title: `Revoke ${countOf(chosen.size)}?`,
      effect: (
        <>
          Sessions that they opened end at once, and they can never be used again.
          <br />
          {namesOf([...chosen.values()])}
        </>
      ),
      verb: 'Revoke',
      run,
    });
  const tooMany = chosen.size > MOST ? `At most ${MOST.toLocaleString()} at once.` : undefined;
  return (
    <>
      {chosen.size === 0 ? null : (
        <Paper component="section" aria-label="Chosen passkeys" withBorder p="xs" mb="sm">
          <Group gap="xs">
            <Text size="sm" role="status">
              {countOf(chosen.size)} chosen
            </Text>
            <ActionButton
              size="xs"
              variant="outline"
              color="red"
              refusal={refusal('credentials:revoke') ?? tooMany}
              onClick={ask}
            >
              Revoke
            </ActionButton>
            <Button size="xs" variant="subtle" onClick={() => onChosen(new Map())}>
              Choose none
            </Button>
          </Group>
        </Paper>
      )}
      {failures.length === 0 ? null : (
        <Alert
          color="red"
          variant="light"
          role="alert"
          mb="sm"
          title={`${countOf(failures.length)} not revoked`}
        >
          <List size="sm" mah={200} style={{ overflow: 'auto' }}>
            {failures.map((failure) => (
              <List.Item key={failure}>{failure}</List.Item>
            ))}
          </List>
        </Alert>
      )}
    </>
  );
}
