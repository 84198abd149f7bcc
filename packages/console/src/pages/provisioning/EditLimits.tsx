import { Group, Modal, NumberInput, Text } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useState } from 'react';
import { ActionButton } from '../../components/ActionButton';
import { MutationForm } from '../../components/MutationForm';
import { notifyDone } from '../../components/notify';
import { type ClientRowFragment, UpdateProvisioningClientDocument } from '../../generated/graphql';
import { useRealm } from '../../layout/realm';
import { useRefusal } from '../../layout/viewer';
import { limitsInWords, numberOf } from './limits';

export function EditLimits({ client }: { readonly client: ClientRowFragment }) {
  const [editing, setEditing] = useState(false);
  const refusal = useRefusal();
  return (
    <>
      <Group gap="xs">
        <Text size="sm">{limitsInWords(client.brake)}</Text>
        <ActionButton
          size="compact-xs"
          variant="default"
          aria-label={`Edit the limits of ${client.displayName}`}
          refusal={refusal('realms:update')}
          onClick={() => setEditing(true)}
        >
          Edit
        </ActionButton>
      </Group>
      <Modal opened={editing} onClose={() => setEditing(false)} title={`Limits of ${client.displayName}`}>
        <LimitsForm client={client} onClose={() => setEditing(false)} />
      </Modal>
    </>
  );
}

function LimitsForm(props: { readonly client: ClientRowFragment; readonly onClose: () => void }) {
  const { client, onClose } = props;
  const { id: realmId } = useRealm();
  const form = useForm<Record<'maxCount' | 'maxPercent' | 'windowMinutes', number | string>>({
    initialValues: {
      maxCount: client.brake.maxCount ?? '',
      maxPercent: client.brake.maxPercent ?? '',
      windowMinutes: client.brake.windowMinutes ?? '',
    },
  });
  return (
    <MutationForm
      form={form}
      document={UpdateProvisioningClientDocument}
      variables={(values) => ({
        input: {
          realmId,
          clientId: client.id,
          ifVersion: client.version,
          maxCount: numberOf(values.maxCount),
          maxPercent: numberOf(values.maxPercent),
          windowMinutes: numberOf(values.windowMinutes),
        },
      })}
      stale={[{ of: 'Realm', id: realmId, lists: ['events'] }]}
      submitLabel="Save"
      onCancel={onClose}
      onDone={() => {
        onClose();
        notifyDone('The limits were saved.');
      }}
    >
      <NumberInput
        label="At most this many"
        description="Deactivations and deletions in a window. Empty: no such limit."
        min={0}
        max={1_000_000}
        allowDecimal={false}
        data-autofocus
        {...form.getInputProps('maxCount')}
      />
      <NumberInput
        label="At most this share, in percent"
        description="Of the client's active identities, from 100 deactivations and deletions on. Empty: no such limit."
        min={1}
        max={100}
        allowDecimal={false}
        {...form.getInputProps('maxPercent')}
      />
      <NumberInput
        label="Window in minutes"
        description="1 to 1,440. Empty: the brake is off."
        min={1}
        max={1_440}
        allowDecimal={false}
        {...form.getInputProps('windowMinutes')}
      />
    </MutationForm>
  );
}
