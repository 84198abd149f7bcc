import { useQuery } from '@apollo/client/react';
import { SimpleGrid, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { getRouteApi } from '@tanstack/react-router';
import { MutationForm } from '../../components/MutationForm';
import { notifyDone } from '../../components/notify';
import { RoutePanel } from '../../components/RoutePanel';
import {
  ApplicationApiDocument,
  type ApplicationDetailFragment,
  ApplicationDocument,
  UpdateApplicationDocument,
} from '../../generated/graphql';
import { useGo } from '../../go';
import { PageSkeleton, useRealm } from '../../layout/realm';
import { useRefusal } from '../../layout/viewer';
import { paths } from '../../paths';
import { changeInput, editValues } from './edit';
import { Addresses, Lifetime, Scopes } from './fields';
import { signsPeopleIn } from './presets';

const route = getRouteApi('/realms/$realmId/applications/$applicationId');

export function EditApplication() {
  const { id: realmId } = useRealm();
  const { applicationId } = route.useParams();
  const go = useGo();
  const { data, refetch } = useQuery(ApplicationDocument, {
    variables: { realmId, applicationId },
    fetchPolicy: 'cache-first',
  });
  const application = data?.realm?.application;
  const close = () => go(paths.application(realmId, applicationId));
  return (
    <RoutePanel title="Edit application" onClose={close}>
      {application ? (
        <EditForm
          key={application.version}
          application={application}
          onClose={close}
          onReload={() => void refetch().catch(() => undefined)}
        />
      ) : (
        <PageSkeleton />
      )}
    </RoutePanel>
  );
}

interface EditFormProps {
  readonly application: ApplicationDetailFragment;
  readonly onClose: () => void;
  readonly onReload: () => void;
}

function EditForm({ application, onClose, onReload }: EditFormProps) {
  const { id: realmId } = useRealm();
  const refusal = useRefusal();
  const form = useForm({ initialValues: editValues(application) });
  const api = useQuery(ApplicationApiDocument, {
    variables: { realmId, applicationId: application.id },
    fetchPolicy: 'cache-first',
    skip: refusal('resource-servers:read') !== undefined,
  }).data?.realm?.application?.resourceServer;
  return (
    <MutationForm
      form={form}
      document={UpdateApplicationDocument}
      variables={(values) => ({ input: changeInput(realmId, application, values) })}
      stale={[{ of: 'Realm', id: realmId, lists: ['applications', 'events'] }]}
      submitLabel="Save"
      refusal={application.managed ? 'Keyrealm manages this application.' : refusal('applications:update')}
      onCancel={onClose}
      onReload={onReload}
      onDone={() => {
        notifyDone('The application was saved.');
        onClose();
      }}
    >
      <TextInput
        label="Name"
        required
        data-autofocus
        autoComplete="off"
        {...form.getInputProps('displayName')}
      />
      {signsPeopleIn(application.grantTypes) ? (
        <>
          <Addresses
            label="Redirect URIs"
            description="One a line. Compared exactly."
            required
            field={form.getInputProps('redirectUris')}
          />
          <Addresses
            label="Post-logout redirect URIs"
            description="One a line."
            field={form.getInputProps('postLogoutRedirectUris')}
          />
        </>
      ) : null}
      {api ? <Scopes scopes={api.scopes} field={form.getInputProps('allowedScopes')} /> : null}
      <SimpleGrid cols={{ base: 1, xs: 2 }}>
        <Lifetime label="Access token lifetime" field={form.getInputProps('accessTokenLifetime')} />
        {application.grantTypes.includes('REFRESH_TOKEN') ? (
          <Lifetime label="Refresh token lifetime" field={form.getInputProps('refreshTokenLifetime')} />
        ) : null}
      </SimpleGrid>
    </MutationForm>
  );
}
