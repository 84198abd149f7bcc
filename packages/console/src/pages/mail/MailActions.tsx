import { Group, Text } from '@mantine/core';
import { useState } from 'react';
import { useAction } from '../../apollo/useAction';
import { useCommand } from '../../apollo/useCommand';
import { ActionButton } from '../../components/ActionButton';
import { useConfirm } from '../../components/Confirm';
import { notifyRefusal } from '../../components/notify';
import { SecretModal } from '../../components/SecretModal';
import {
  type MailRowFragment,
  ResendBindingLinkDocument,
  RevealMailedLinkDocument,
} from '../../generated/graphql';
import { useRealm } from '../../layout/realm';
import { useRefusal } from '../../layout/viewer';

/** What can be done about a mail that brings a binding link. */
export function MailActions({ mail }: { readonly mail: MailRowFragment }) {
  if (mail.credentialBindingJobId === null || mail.state === 'WITHDRAWN') return null;
  return (
    <Group gap="xs" wrap="nowrap">
      {mail.state === 'QUEUED' ? <Reveal mail={mail} /> : null}
      <Resend mail={mail} jobId={mail.credentialBindingJobId} />
    </Group>
  );
}

function Resend({ mail, jobId }: { readonly mail: MailRowFragment; readonly jobId: string }) {
  const { id: realmId } = useRealm();
  const confirm = useConfirm();
  const refusal = useRefusal();
  const [resend] = useAction(ResendBindingLinkDocument, {
    done: `A new link is on its way to ${mail.to}.`,
    stale: [{ of: 'Realm', id: realmId, lists: ['outbox', 'events'] }],
  });
  return (
    <ActionButton
      size="compact-xs"
      variant="default"
      aria-label={`Send again to ${mail.to}`}
      refusal={refusal('credential-binding-jobs:create')}
      onClick={() =>
        confirm({
          title: `Send a new link to ${mail.to}?`,
          effect: 'The link that was sent before stops working at once.',
          verb: 'Send again',
          run: async () =>
            (await resend({ input: { realmId, credentialBindingJobId: jobId } })) !== undefined,
        })
      }
    >
      Send again
    </ActionButton>
  );
}

function Reveal({ mail }: { readonly mail: MailRowFragment }) {
  const { id: realmId } = useRealm();
  const refusal = useRefusal();
  const [link, setLink] = useState<string>();
  const [reveal, busy] = useCommand(RevealMailedLinkDocument, {
    secret: true,
    stale: [{ of: 'Realm', id: realmId, lists: ['events'] }],
  });
  const show = async () => {
    const outcome = await reveal({ input: { realmId, mailId: mail.id } });
    if (outcome.kind === 'refused') for (const { message } of outcome.problems) notifyRefusal(message);
    if (outcome.kind === 'done') setLink(outcome.payload.bindingLink ?? undefined);
  };
  return (
    <>
      <ActionButton
        size="compact-xs"
        variant="default"
        loading={busy}
        aria-label={`Show link for ${mail.to}`}
        refusal={refusal('credential-binding-jobs:create')}
        onClick={() => void show()}
      >
        Show link
      </ActionButton>
      <SecretModal
        title={`The link for ${mail.to}`}
        kind="link"
        secret={link}
        onClose={() => setLink(undefined)}
      >
        <Text size="sm">Whoever opens it binds a passkey to this person. An event says that you saw it.</Text>
      </SecretModal>
    </>
  );
}
