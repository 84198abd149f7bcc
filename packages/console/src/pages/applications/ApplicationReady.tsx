import { Button, Group, Modal, Stack } from '@mantine/core';
import { CopyField } from '../../components/CopyField';
import { SecretModal } from '../../components/SecretModal';
import { useRealm } from '../../layout/realm';

export interface ReadyApplication {
  readonly id: string;
  readonly clientId: string;
  /** null for a public application. */
  readonly clientSecret: string | null;
}

export interface ApplicationReadyProps {
  readonly made: ReadyApplication | undefined;
  readonly onClose: () => void;
}

/** What goes into the settings of the new client; the only time that its secret is shown. */
export function ApplicationReady({ made, onClose }: ApplicationReadyProps) {
  const realm = useRealm();
  const title = 'The application is ready';
  const values = (
    <>
      <CopyField label="Client id" value={made?.clientId ?? ''} />
      <CopyField label="Issuer" value={realm.issuer} />
      <CopyField label="Discovery document" value={realm.discoveryUrl} />
    </>
  );
  if (made?.clientSecret)
    return (
      <SecretModal title={title} kind="secret" secret={made.clientSecret} onClose={onClose}>
        {values}
      </SecretModal>
    );
  return (
    <Modal opened={made !== undefined} onClose={onClose} title={title} size="lg">
      <Stack>
        {values}
        <Group justify="flex-end">
          <Button onClick={onClose} data-autofocus>
            Done
          </Button>
        </Group>
      </Stack>
    </Modal>
  );
}
