import { Button } from '@mantine/core';
import { EmptyState } from './EmptyState';

/** In place of content that could not be loaded; the notification says why. */
export function LoadFailed({ onRetry }: { readonly onRetry: () => void }) {
  return (
    <EmptyState
      title="This could not be loaded"
      action={
        <Button variant="default" onClick={onRetry}>
          Try again
        </Button>
      }
    />
  );
}
