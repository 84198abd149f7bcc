import { Button, Group } from '@mantine/core';
import { notifications } from '@mantine/notifications';

/**
 * Says what was done and offers to take it back, for as long as the notification stays.
 * @param message sentence in the past tense
 */
export function notifyUndo(message: string, undo: () => void): void {
  const id = notifications.show({
    closeButtonProps: { 'aria-label': 'Close notification' },
    color: 'green',
    autoClose: 20_000,
    message: (
      <Group justify="space-between" wrap="nowrap">
        <span>{message}</span>
        <Button
          size="compact-sm"
          variant="default"
          onClick={() => {
            notifications.hide(id);
            undo();
          }}
        >
          Undo
        </Button>
      </Group>
    ),
  });
}
