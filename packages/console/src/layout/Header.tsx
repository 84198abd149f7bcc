import { AppShell, Burger, Button, Group, Text } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { noticeOf } from '../apollo/errors';
import { Mark } from '../components/Mark';
import { notifyFailure } from '../components/notify';
import { ColourScheme } from './ColourScheme';
import classes from './layout.module.css';
import { RealmSwitcher } from './RealmSwitcher';
import { useSession } from './session';
import type { Viewer } from './viewer';

export interface HeaderProps {
  readonly viewer: Viewer | undefined;
  readonly realmId: string | undefined;
  readonly menuOpen: boolean;
  readonly onMenu: () => void;
}

export function Header({ viewer, realmId, menuOpen, onMenu }: HeaderProps) {
  const session = useSession();
  return (
    <AppShell.Header>
      <Group h="100%" px="md" justify="space-between" wrap="nowrap">
        <Group gap="md" wrap="nowrap">
          <Burger
            opened={menuOpen}
            onClick={onMenu}
            hiddenFrom="sm"
            size="sm"
            aria-label="Menu"
            aria-expanded={menuOpen}
          />
          <Link to="/" className={classes.brand} aria-label="Keyrealm, start page">
            <Mark />
            <Text span inherit visibleFrom="sm">
              Keyrealm
            </Text>
          </Link>
          <Text size="sm" c="dimmed" visibleFrom="md" truncate maw={220}>
            {session.tenantName}
          </Text>
          {viewer?.scopes.includes('realms:read') ? <RealmSwitcher realmId={realmId} /> : null}
        </Group>
        <Group gap="sm" wrap="nowrap">
          <Text size="sm" visibleFrom="md" truncate maw={200}>
            {viewer?.displayName}
          </Text>
          <ColourScheme />
          <SignOut />
        </Group>
      </Group>
    </AppShell.Header>
  );
}

function SignOut() {
  const session = useSession();
  const [busy, setBusy] = useState(false);
  const signOut = () => {
    setBusy(true);
    session.signOut().catch((error: unknown) => {
      setBusy(false);
      notifyFailure(noticeOf(error));
    });
  };
  return (
    <Button variant="default" size="xs" loading={busy} onClick={signOut}>
      Sign out
    </Button>
  );
}
