import { useQuery } from '@apollo/client/react';
import { Alert, Button, Group, List, Loader, Modal, Stack, Text, TextInput } from '@mantine/core';
import { useState } from 'react';
import { kept } from '../../apollo/kept';
import { useCommand } from '../../apollo/useCommand';
import { AppLink } from '../../components/AppLink';
import { LoadFailed } from '../../components/LoadFailed';
import { notifyDone, notifyRefusal } from '../../components/notify';
import {
  type ModelCountFragment,
  ModelRevocationDocument,
  type ModelRevocationQuery,
  RevokeCredentialsOfModelDocument,
} from '../../generated/graphql';
import { useRealm } from '../../layout/realm';
import { paths } from '../../paths';

export interface RevokeModelProps {
  /** Nothing keeps the dialog closed. */
  readonly count: ModelCountFragment | undefined;
  readonly onClose: () => void;
}

type Preview = NonNullable<ModelRevocationQuery['realm']>['credentialModelRevocation'];

/** Shows whom it reaches before all passkeys of a model are revoked. */
export function RevokeModel({ count, onClose }: RevokeModelProps) {
  return (
    <Modal
      opened={count !== undefined}
      onClose={onClose}
      title={`Revoke all passkeys of ${count?.model.name ?? ''}?`}
    >
      {count ? <Question count={count} onClose={onClose} /> : null}
    </Modal>
  );
}

function Question({ count, onClose }: { readonly count: ModelCountFragment; readonly onClose: () => void }) {
  const { id: realmId } = useRealm();
  const { aaguid, name } = count.model;
  const [reason, setReason] = useState('');
  const [busy, setBusy] = useState(false);
  const { data, failed, retry } = kept(
    useQuery(ModelRevocationDocument, { variables: { realmId, aaguid }, fetchPolicy: 'network-only' }),
  );
  const [revoke] = useCommand(RevokeCredentialsOfModelDocument, {
    stale: [{ of: 'Realm', id: realmId, lists: ['credentials', 'credentialModels', 'events'] }],
  });
  const run = async () => {
    setBusy(true);
    for (let revoked = 0; ; ) {
      const outcome = await revoke({ input: { realmId, aaguid, reason: reason.trim() || null } });
      if (outcome.kind === 'refused') for (const { message } of outcome.problems) notifyRefusal(message);
      if (outcome.kind !== 'done') break;
      revoked += outcome.payload.revoked;
      if (outcome.payload.left !== 0 && outcome.payload.revoked > 0) continue;
      notifyDone(`${revoked.toLocaleString()} passkeys of ${name} were revoked.`);
      onClose();
      break;
    }
    setBusy(false);
  };
  const preview = data?.realm?.credentialModelRevocation;
  if (failed) return <LoadFailed onRetry={retry} />;
  if (!preview) return <Loader aria-label="Counting" />;
  return (
    <Stack>
      <Reach preview={preview} />
      <TextInput
        label="Reason"
        description="The event keeps it. May stay empty."
        maxLength={200}
        value={reason}
        onChange={(event) => setReason(event.currentTarget.value)}
      />
      <Group justify="flex-end">
        <Button variant="default" onClick={onClose} data-autofocus>
          Cancel
        </Button>
        <Button color="red" loading={busy} onClick={() => void run()}>
          Revoke all
        </Button>
      </Group>
    </Stack>
  );
}

function Reach({ preview }: { readonly preview: Preview }) {
  const { id: realmId } = useRealm();
  const { credentials, identities, leftWithoutCredential, holders } = preview;
  return (
    <>
      <Text size="sm">
        {credentials.toLocaleString()} passkeys of {identities.toLocaleString()} people can never be used
        again. Sessions that they opened end at once.
      </Text>
      {leftWithoutCredential === 0 ? null : (
        <Alert
          color="yellow"
          variant="light"
          title={`${leftWithoutCredential.toLocaleString()} left without a passkey`}
        >
          They can't sign in until they bind another one.
        </Alert>
      )}
      <List size="sm">
        {holders.map(({ identity, leftWithoutCredential: without }) => (
          <List.Item key={identity.id}>
            <AppLink to={paths.identity(realmId, identity.id)}>{identity.displayName}</AppLink>
            {without ? ', left without a passkey' : ''}
          </List.Item>
        ))}
      </List>
      {identities > holders.length ? (
        <Text size="xs" c="dimmed">
          and {(identities - holders.length).toLocaleString()} more people
        </Text>
      ) : null}
    </>
  );
}
