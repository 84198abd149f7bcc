import { Modal, NativeSelect, Text, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useFocusReturn } from '@mantine/hooks';
import { useState } from 'react';
import { ActionButton } from '../../components/ActionButton';
import { Moment } from '../../components/cells';
import { MutationForm } from '../../components/MutationForm';
import { SecretModal } from '../../components/SecretModal';
import { CreateBindingLinkDocument } from '../../generated/graphql';
import { useRealm } from '../../layout/realm';
import { useRefusal } from '../../layout/viewer';

const HOUR = 3600;

const LIFETIMES = [
  { value: String(HOUR), label: '1 hour' },
  { value: String(24 * HOUR), label: '1 day' },
  { value: String(7 * 24 * HOUR), label: '7 days' },
];

interface Made {
  readonly link: string;
  readonly expiresAt: string;
}

export function CreateBindingLink({ identityId }: { readonly identityId: string }) {
  const [asking, setAsking] = useState(false);
  const [made, setMade] = useState<Made>();
  const refusal = useRefusal();
  // One dialog follows the other, so neither can know where the focus was before both.
  useFocusReturn({ opened: asking || made !== undefined });
  return (
    <>
      <ActionButton
        size="xs"
        refusal={refusal('credential-binding-jobs:create')}
        onClick={() => setAsking(true)}
      >
        Create binding link
      </ActionButton>
      <Modal
        opened={asking}
        onClose={() => setAsking(false)}
        title="Create a binding link"
        returnFocus={false}
      >
        <BindingLinkForm
          identityId={identityId}
          onCancel={() => setAsking(false)}
          onMade={(link) => {
            setAsking(false);
            setMade(link);
          }}
        />
      </Modal>
      <SecretModal
        title="The binding link is ready"
        kind="link"
        secret={made?.link}
        onClose={() => setMade(undefined)}
      >
        <Text size="sm">
          It works once, until <Moment value={made?.expiresAt ?? null} />. Whoever opens it binds a passkey to
          this identity.
        </Text>
      </SecretModal>
    </>
  );
}

interface BindingLinkFormProps {
  readonly identityId: string;
  readonly onMade: (made: Made) => void;
  readonly onCancel: () => void;
}

function BindingLinkForm({ identityId, onMade, onCancel }: BindingLinkFormProps) {
  const { id: realmId } = useRealm();
  const form = useForm({ initialValues: { expiresInSeconds: String(7 * 24 * HOUR), redirectUri: '' } });
  return (
    <MutationForm
      secret
      form={form}
      document={CreateBindingLinkDocument}
      variables={(values) => ({
        input: {
          realmId,
          identityId,
          expiresInSeconds: Number(values.expiresInSeconds),
          redirectUri: values.redirectUri.trim() || null,
        },
      })}
      stale={[
        { of: 'Identity', id: identityId, lists: ['credentialBindingJobs'] },
        { of: 'Realm', id: realmId, lists: ['events'] },
      ]}
      submitLabel="Create link"
      onCancel={onCancel}
      onDone={({ bindingLink, credentialBindingJob }) => {
        if (bindingLink && credentialBindingJob)
          onMade({ link: bindingLink, expiresAt: credentialBindingJob.expiresAt });
      }}
    >
      <NativeSelect
        label="Works for"
        data={LIFETIMES}
        data-autofocus
        {...form.getInputProps('expiresInSeconds')}
      />
      <TextInput
        label="Go to afterwards"
        description="An address of your own, opened when the passkey is bound. May stay empty."
        type="url"
        {...form.getInputProps('redirectUri')}
      />
    </MutationForm>
  );
}
