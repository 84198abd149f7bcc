import { AppLink } from '../components/AppLink';
import { EmptyState } from '../components/EmptyState';
import { PageHeader } from '../components/PageHeader';
import { paths } from '../paths';

export interface NotFoundProps {
  readonly what?: string;
  readonly back?: { readonly label: string; readonly to: string };
}

/** For what is not there, and for what belongs to someone else. */
export function NotFound({
  what = 'page',
  back = { label: 'All realms', to: paths.realms() },
}: NotFoundProps) {
  return (
    <>
      <PageHeader title="Not found" />
      <EmptyState title={`There is no such ${what}`} action={<AppLink to={back.to}>{back.label}</AppLink>}>
        It may have been deleted, or the address is not complete.
      </EmptyState>
    </>
  );
}
