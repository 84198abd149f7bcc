import { createContext, type ReactNode, useContext } from 'react';
import { EmptyState } from '../components/EmptyState';
import { PageHeader } from '../components/PageHeader';
import type { ViewerQuery } from '../generated/graphql';

export type Viewer = ViewerQuery['viewer'];

export const ViewerContext = createContext<Viewer | undefined>(undefined);

function useViewer(): Viewer {
  const viewer = useContext(ViewerContext);
  if (viewer === undefined) throw new Error('This page is outside the signed-in part of the console.');
  return viewer;
}

/** @returns for a scope: nothing when the viewer holds it, else the reason to show on what needs it */
export function useRefusal(): (scope: string) => string | undefined {
  const { scopes } = useViewer();
  return (scope) => (scopes.includes(scope) ? undefined : `None of your roles includes ${scope}.`);
}

export interface NeedsProps {
  readonly scope: string;
  readonly title: string;
  readonly children: ReactNode;
}

/** A page for those who may see it, a sentence for the others. */
export function Needs({ scope, title, children }: NeedsProps) {
  const refusal = useRefusal()(scope);
  if (refusal === undefined) return children;
  return (
    <>
      <PageHeader title={title} />
      <EmptyState title="You may not see this">{refusal} Ask an administrator for it.</EmptyState>
    </>
  );
}
