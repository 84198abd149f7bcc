import { Button, Group, Modal, Stack, Text, TextInput } from '@mantine/core';
import { createContext, type ReactNode, useContext, useState } from 'react';

export interface Confirmation {
  /** A question that names the thing: "Delete the group Support?" */
  readonly title: string;
  /** What will be different afterwards. */
  readonly effect: ReactNode;
  /** The verb on the button. */
  readonly verb: string;
  /** Must be typed first; for what can't be undone. */
  readonly typeName?: string;
  /** @returns whether it went well; problems have been shown already */
  readonly run: () => Promise<boolean>;
}

type Ask = (confirmation: Confirmation) => void;

const ConfirmContext = createContext<Ask>(() => undefined);

/** Asks before anything that takes something away. */
export const useConfirm = (): Ask => useContext(ConfirmContext);

export function ConfirmProvider({ children }: { readonly children: ReactNode }) {
  const [asked, setAsked] = useState<Confirmation>();
  const [opened, setOpened] = useState(false);
  const ask: Ask = (confirmation) => {
    setAsked(confirmation);
    setOpened(true);
  };
  return (
    <ConfirmContext value={ask}>
      {children}
      <Modal opened={opened} onClose={() => setOpened(false)} title={asked?.title}>
        {asked && opened ? <Question asked={asked} onClose={() => setOpened(false)} /> : null}
      </Modal>
    </ConfirmContext>
  );
}

function Question({ asked, onClose }: { readonly asked: Confirmation; readonly onClose: () => void }) {
  const [typed, setTyped] = useState('');
  const [busy, setBusy] = useState(false);
  const ready = asked.typeName === undefined || typed.trim() === asked.typeName;
  const confirm = async () => {
    setBusy(true);
    const done = await asked.run();
    setBusy(false);
    if (done) onClose();
  };
  return (
    <Stack>
      <Text size="sm">{asked.effect}</Text>
      {asked.typeName === undefined ? null : (
        <TextInput
          label={`Type ${asked.typeName} to go on`}
          value={typed}
          onChange={(event) => setTyped(event.currentTarget.value)}
          autoComplete="off"
          data-autofocus
        />
      )}
      <Group justify="flex-end">
        <Button
          variant="default"
          onClick={onClose}
          data-autofocus={asked.typeName === undefined || undefined}
        >
          Cancel
        </Button>
        <Button color="red" disabled={!ready} loading={busy} onClick={() => void confirm()}>
          {asked.verb}
        </Button>
      </Group>
    </Stack>
  );
}
