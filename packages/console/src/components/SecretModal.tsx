import { Alert, Button, Code, CopyButton, Group, Modal, Stack, Text } from '@mantine/core';
import type { ReactNode } from 'react';

export interface SecretModalProps {
  readonly title: string;
  /** Word for the button: "Copy link". */
  readonly kind: 'link' | 'secret';
  /** Nothing keeps the modal closed. */
  readonly secret: string | undefined;
  /** The focus is the caller's to give back: another dialog has come before this one. */
  readonly onClose: () => void;
  readonly children?: ReactNode;
}

/** Shows a secret the one time that it can be shown; it lives in the state of the page that asked for it. */
export function SecretModal({ title, kind, secret, onClose, children }: SecretModalProps) {
  return (
    <Modal
      opened={secret !== undefined}
      onClose={onClose}
      title={title}
      size="lg"
      closeOnClickOutside={false}
      returnFocus={false}
    >
      <Stack>
        <Alert color="yellow" variant="light">
          Copy the {kind} now. It is shown this once and can't be looked up again.
        </Alert>
        <Code block tabIndex={0} aria-label={`The ${kind}`}>
          {secret}
        </Code>
        {children}
        <Group justify="flex-end">
          <CopyButton value={secret ?? ''}>
            {({ copied, copy }) => (
              <>
                <Text size="sm" role="status">
                  {copied ? 'Copied.' : ''}
                </Text>
                <Button onClick={copy} data-autofocus>
                  Copy {kind}
                </Button>
              </>
            )}
          </CopyButton>
          <Button variant="default" onClick={onClose}>
            Done
          </Button>
        </Group>
      </Stack>
    </Modal>
  );
}
