import { AppShell, Divider, NavLink } from '@mantine/core';
import { Link, useLocation } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import {
  ApplicationIcon,
  CampaignIcon,
  EventIcon,
  GroupIcon,
  HomeIcon,
  IdentityIcon,
  MailIcon,
  PasskeyIcon,
  PolicyIcon,
  ProvisioningIcon,
  RealmIcon,
} from '../components/icons';
import { paths } from '../paths';

export interface NavigationProps {
  readonly realmId: string | undefined;
  /** Closes the menu on a small screen. */
  readonly onChoose: () => void;
}

export function Navigation({ realmId, onChoose }: NavigationProps) {
  return (
    <AppShell.Navbar p="xs" aria-label="Main">
      {realmId === undefined ? null : (
        <>
          <Item to={paths.home(realmId)} exact label="Home" icon={<HomeIcon />} onChoose={onChoose} />
          <Item
            to={paths.identities(realmId)}
            label="Identities"
            icon={<IdentityIcon />}
            onChoose={onChoose}
          />
          <Item to={paths.groups(realmId)} label="Groups" icon={<GroupIcon />} onChoose={onChoose} />
          <Item to={paths.passkeys(realmId)} label="Passkeys" icon={<PasskeyIcon />} onChoose={onChoose} />
          <Item to={paths.campaigns(realmId)} label="Campaigns" icon={<CampaignIcon />} onChoose={onChoose} />
          <Item to={paths.mail(realmId)} label="Mail" icon={<MailIcon />} onChoose={onChoose} />
          <Item
            to={paths.applications(realmId)}
            label="Applications"
            icon={<ApplicationIcon />}
            onChoose={onChoose}
          />
          <Item
            to={paths.provisioning(realmId)}
            label="Provisioning"
            icon={<ProvisioningIcon />}
            onChoose={onChoose}
          />
          <Item to={paths.policy(realmId)} label="Policy" icon={<PolicyIcon />} onChoose={onChoose} />
          <Item to={paths.events(realmId)} label="Events" icon={<EventIcon />} onChoose={onChoose} />
          <Divider my="xs" />
        </>
      )}
      <Item to={paths.realms()} exact label="Realms" icon={<RealmIcon />} onChoose={onChoose} />
    </AppShell.Navbar>
  );
}

interface ItemProps {
  readonly to: string;
  readonly label: string;
  readonly icon: ReactNode;
  readonly exact?: boolean;
  readonly onChoose: () => void;
}

function Item({ to, label, icon, exact = false, onChoose }: ItemProps) {
  const { pathname } = useLocation();
  const active = pathname === to || (!exact && pathname.startsWith(`${to}/`));
  return (
    <NavLink
      label={label}
      leftSection={icon}
      active={active}
      variant="light"
      onClick={onChoose}
      renderRoot={(props) => <Link {...props} to={to} activeOptions={{ exact }} />}
    />
  );
}
