import { Modal, Text, Textarea, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useState } from 'react';
import { ActionButton } from '../../components/ActionButton';
import { MutationForm } from '../../components/MutationForm';
import { notifyDone } from '../../components/notify';
import { type DeletedRowFragment, EraseIdentityDocument } from '../../generated/graphql';
import { useRealm } from '../../layout/realm';
import { useRefusal } from '../../layout/viewer';

export function EraseIdentity({ deleted }: { readonly deleted: DeletedRowFragment }) {
  const [asking, setAsking] = useState(false);
  const refusal = useRefusal();
  return (
    <>
      <ActionButton
        size="compact-xs"
        variant="outline"
        color="red"
        aria-label={`Erase for good: ${deleted.displayName}`}
        refusal={refusal('identities:erase')}
        onClick={() => setAsking(true)}
      >
        Erase for good
      </ActionButton>
      <Modal
        opened={asking}
        onClose={() => setAsking(false)}
        title={`Erase ${deleted.displayName} for good?`}
      >
        <EraseForm deleted={deleted} onClose={() => setAsking(false)} />
      </Modal>
    </>
  );
}

function EraseForm(props: { readonly deleted: DeletedRowFragment; readonly onClose: () => void }) {
  const { deleted, onClose } = props;
  const { id: realmId } = useRealm();
  const form = useForm({
    initialValues: { reason: '', username: '' },
    validate: {
      reason: (reason) => (reason.trim() === '' ? 'Say why.' : null),
      username: (typed) => (typed.trim() === deleted.username ? null : 'This is another username.'),
    },
  });
  return (
    <MutationForm
      form={form}
      document={EraseIdentityDocument}
      variables={({ reason }) => ({ input: { realmId, identityId: deleted.id, reason } })}
      stale={[{ of: 'Realm', id: realmId, lists: ['deletedIdentities', 'events'] }]}
      submitLabel="Erase for good"
      onCancel={onClose}
      onDone={() => {
        onClose();
        notifyDone(`${deleted.displayName} was erased for good.`);
      }}
    >
      <Text size="sm">
        Nobody can bring this person back afterwards. What old events say of them becomes a pseudonym, and the
        erasure itself is recorded with its reason.
      </Text>
      <Textarea
        label="Reason"
        description="It is kept. Name no person in it."
        required
        maxLength={500}
        data-autofocus
        {...form.getInputProps('reason')}
      />
      <TextInput
        label={`Type ${deleted.username} to go on`}
        required
        autoComplete="off"
        {...form.getInputProps('username')}
      />
    </MutationForm>
  );
}
