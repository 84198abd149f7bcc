import { Button } from '@mantine/core';
import { EmptyState } from '../components/EmptyState';
import { PageHeader } from '../components/PageHeader';

/** After a fault of the console itself, or when a newer version has replaced the files of this one. */
export function Broken() {
  return (
    <>
      <PageHeader title="This page broke" />
      <EmptyState
        title="The console could not show this page"
        action={<Button onClick={() => location.reload()}>Reload</Button>}
      >
        Reloading helps when the server was updated while this page was open.
      </EmptyState>
    </>
  );
}
