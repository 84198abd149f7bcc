import { EmptyState } from '../components/EmptyState';
import { PageHeader } from '../components/PageHeader';

/** For someone who signed in well and holds no role that the console could use. */
export function NoAccess({ name }: { readonly name: string }) {
  return (
    <>
      <PageHeader title="No access yet" />
      <EmptyState title={`You are signed in as ${name}`}>
        No role of yours includes anything that can be done here. An administrator can add you to the group
        Admin Console Access or give you a role; then reload this page.
      </EmptyState>
    </>
  );
}
