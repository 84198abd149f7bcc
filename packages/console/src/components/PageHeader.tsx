import { Group, Title } from '@mantine/core';
import type { ReactNode } from 'react';
import { AppLink } from './AppLink';
import { usePageTitle } from './usePageTitle';

export interface PageHeaderProps {
  readonly title: string;
  readonly badges?: ReactNode;
  readonly actions?: ReactNode;
  /** The list that this page belongs to. */
  readonly parent?: { readonly label: string; readonly to: string };
}

/** The one first-level heading of a page, and the title of its tab. */
export function PageHeader({ title, badges, actions, parent }: PageHeaderProps) {
  usePageTitle(title);
  return (
    <div>
      {parent === undefined ? null : (
        <AppLink to={parent.to} size="sm">
          {parent.label}
        </AppLink>
      )}
      <Group justify="space-between" mb="md">
        <Group gap="sm">
          <Title order={1}>{title}</Title>
          {badges}
        </Group>
        <Group gap="xs">{actions}</Group>
      </Group>
    </div>
  );
}
