import { useQuery } from '@apollo/client/react';
import { Grid, Stack } from '@mantine/core';
import { getRouteApi, Outlet } from '@tanstack/react-router';
import { kept } from '../../apollo/kept';
import { useAction } from '../../apollo/useAction';
import { ActionButton } from '../../components/ActionButton';
import { useConfirm } from '../../components/Confirm';
import { CopyField } from '../../components/CopyField';
import { ManagedBadge } from '../../components/cells';
import { LoadFailed } from '../../components/LoadFailed';
import { PageHeader } from '../../components/PageHeader';
import { Section } from '../../components/Section';
import {
  type ApplicationDetailFragment,
  ApplicationDocument,
  DeleteApplicationDocument,
} from '../../generated/graphql';
import { useGo } from '../../go';
import { NotFound } from '../../layout/NotFound';
import { PageSkeleton, useRealm } from '../../layout/realm';
import { useRefusal } from '../../layout/viewer';
import { paths } from '../../paths';
import { InvolvedEvents } from '../events/InvolvedEvents';
import { Settings } from './Settings';
import { useDiscovery } from './useDiscovery';

const route = getRouteApi('/realms/$realmId/applications/$applicationId');

export function ApplicationPage() {
  const { id: realmId } = useRealm();
  const { applicationId } = route.useParams();
  const refusal = useRefusal();
  const { data, failed, retry } = kept(
    useQuery(ApplicationDocument, { variables: { realmId, applicationId } }),
  );
  const application = data?.realm?.application;
  const parent = { label: 'Applications', to: paths.applications(realmId) };

  if (failed) return <LoadFailed onRetry={retry} />;
  if (application === null || data?.realm === null) return <NotFound what="application" back={parent} />;
  if (application?.id !== applicationId) return <PageSkeleton />;
  return (
    <>
      <PageHeader
        title={application.displayName}
        parent={parent}
        badges={application.managed ? <ManagedBadge /> : null}
        actions={application.managed ? null : <ApplicationActions application={application} />}
      />
      <Grid>
        <Grid.Col span={{ base: 12, lg: 5 }}>
          <ClientValues application={application} />
        </Grid.Col>
        <Grid.Col span={{ base: 12, lg: 7 }}>
          <Stack key={application.id}>
            <Settings application={application} />
            {refusal('events:read') ? null : <InvolvedEvents id={application.id} />}
          </Stack>
        </Grid.Col>
      </Grid>
      <Outlet />
    </>
  );
}

function ClientValues({ application }: { readonly application: ApplicationDetailFragment }) {
  const realm = useRealm();
  const endpoints = useDiscovery(realm.discoveryUrl);
  return (
    <Section title="What the client needs">
      <Stack gap="sm">
        <CopyField label="Client id" value={application.clientId} />
        <CopyField label="Issuer" value={realm.issuer} />
        <CopyField label="Discovery document" value={realm.discoveryUrl} />
        {endpoints.map(({ label, address }) => (
          <CopyField key={label} label={label} value={address} />
        ))}
      </Stack>
    </Section>
  );
}

function ApplicationActions({ application }: { readonly application: ApplicationDetailFragment }) {
  const { id: realmId } = useRealm();
  const go = useGo();
  const confirm = useConfirm();
  const refusal = useRefusal();
  const { id: applicationId, displayName: name, version: ifVersion } = application;
  const [remove] = useAction(DeleteApplicationDocument, {
    done: `The application ${name} was deleted.`,
    stale: [{ of: 'Realm', id: realmId, lists: ['applications', 'events'] }],
  });
  const askDelete = () =>
    confirm({
      title: `Delete the application ${name}?`,
      effect: 'Nobody can sign in to it any more, and its tokens are no longer renewed. Its events stay.',
      verb: 'Delete',
      typeName: name,
      run: async () => {
        const done = await remove({ input: { realmId, applicationId, ifVersion } });
        if (done !== undefined) go(paths.applications(realmId));
        return done !== undefined;
      },
    });
  return (
    <>
      <ActionButton
        variant="default"
        refusal={refusal('applications:update')}
        onClick={() => go(paths.editApplication(realmId, applicationId))}
      >
        Edit
      </ActionButton>
      <ActionButton
        variant="outline"
        color="red"
        refusal={refusal('applications:delete')}
        onClick={askDelete}
      >
        Delete
      </ActionButton>
    </>
  );
}
