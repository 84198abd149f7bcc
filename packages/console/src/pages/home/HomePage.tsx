import { SimpleGrid, Stack, Text } from '@mantine/core';
import { Outlet } from '@tanstack/react-router';
import { ActionButton } from '../../components/ActionButton';
import { AppLink } from '../../components/AppLink';
import { CopyField } from '../../components/CopyField';
import { AdminRealmBadge } from '../../components/cells';
import { PageHeader } from '../../components/PageHeader';
import { Section } from '../../components/Section';
import { useGo } from '../../go';
import { useRealm } from '../../layout/realm';
import { useRefusal } from '../../layout/viewer';
import { paths } from '../../paths';

const STEPS = [
  {
    to: paths.applications,
    label: 'Connect an application',
    text: 'Give it a client id, and the issuer on this page.',
  },
  { to: paths.identities, label: 'Add the people', text: 'Create identities here, or let SCIM bring them.' },
  { to: paths.identities, label: 'Bind a passkey', text: 'Open an identity and create its binding link.' },
  { to: paths.events, label: 'See what happened', text: 'Every sign-in and change, with the reason.' },
] as const;

export function HomePage() {
  const realm = useRealm();
  const go = useGo();
  const refusal = useRefusal();
  return (
    <>
      <PageHeader
        title={realm.displayName}
        badges={realm.kind === 'ADMIN' ? <AdminRealmBadge /> : null}
        actions={
          <ActionButton
            variant="default"
            refusal={refusal('realms:update')}
            onClick={() => go(paths.renameRealm(realm.id))}
          >
            Rename realm
          </ActionButton>
        }
      />
      <Stack>
        <Section title="Next steps">
          <SimpleGrid cols={{ base: 1, xs: 2, md: 4 }}>
            {STEPS.map((step) => (
              <div key={step.label}>
                <AppLink to={step.to(realm.id)} fw={600} size="sm">
                  {step.label}
                </AppLink>
                <Text size="sm" c="dimmed">
                  {step.text}
                </Text>
              </div>
            ))}
          </SimpleGrid>
        </Section>
        <Section title="Set-up values">
          <SimpleGrid cols={{ base: 1, md: 2 }}>
            <CopyField label="Realm id" value={realm.id} />
            <CopyField label="Issuer" value={realm.issuer} />
            <CopyField label="Discovery document" value={realm.discoveryUrl} />
            <CopyField label="SCIM base address" value={realm.scimUrl} />
          </SimpleGrid>
        </Section>
      </Stack>
      <Outlet />
    </>
  );
}
