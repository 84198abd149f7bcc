import { useQuery } from '@apollo/client/react';
import { NativeSelect, Radio, Stack, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useState } from 'react';
import { MutationForm } from '../../components/MutationForm';
import { RoutePanel } from '../../components/RoutePanel';
import { CreateApplicationDocument, ResourceServerChoicesDocument } from '../../generated/graphql';
import { useGo } from '../../go';
import { useRealm } from '../../layout/realm';
import { useRefusal } from '../../layout/viewer';
import { paths } from '../../paths';
import { ApplicationReady, type ReadyApplication } from './ApplicationReady';
import { Addresses, Scopes } from './fields';
import {
  type ApplicationValues,
  createInput,
  PRESET_NAMES,
  PRESETS,
  type ResourceServerChoice,
  scimServerOf,
  signsPeopleIn,
} from './presets';

const INITIAL: ApplicationValues = {
  preset: 'single-page',
  displayName: '',
  redirectUris: '',
  postLogoutRedirectUris: '',
  resourceServerId: '',
  allowedScopes: [],
};

export function CreateApplication() {
  const { id: realmId } = useRealm();
  const go = useGo();
  const refusal = useRefusal();
  const [made, setMade] = useState<ReadyApplication>();
  const { data } = useQuery(ResourceServerChoicesDocument, {
    variables: { realmId },
    skip: refusal('resource-servers:read') !== undefined,
  });
  const servers = data?.realm?.resourceServers.nodes ?? [];
  const form = useForm<ApplicationValues>({ initialValues: INITIAL });
  const close = () => go(paths.applications(realmId), { search: true });
  return (
    <>
      <RoutePanel title="Create application" onClose={close}>
        <MutationForm
          secret
          form={form}
          document={CreateApplicationDocument}
          variables={(values) => ({ input: createInput(realmId, values, servers) })}
          stale={[{ of: 'Realm', id: realmId, lists: ['applications', 'events'] }]}
          submitLabel="Create application"
          refusal={refusal('applications:create')}
          onCancel={close}
          onDone={({ application, clientSecret }) => {
            if (application) setMade({ id: application.id, clientId: application.clientId, clientSecret });
          }}
        >
          <PresetChoice form={form} servers={servers} />
          <TextInput
            label="Name"
            description="People see it when they sign in."
            required
            autoComplete="off"
            data-autofocus
            {...form.getInputProps('displayName')}
          />
          {signsPeopleIn(PRESETS[form.values.preset].grantTypes) ? <SignInFields form={form} /> : null}
          {form.values.preset === 'scim' ? null : <ApiFields form={form} servers={servers} />}
        </MutationForm>
      </RoutePanel>
      <ApplicationReady
        made={made}
        onClose={() => {
          if (made) go(paths.application(realmId, made.id));
        }}
      />
    </>
  );
}

type Form = ReturnType<typeof useForm<ApplicationValues>>;

interface FieldsProps {
  readonly form: Form;
  readonly servers: readonly ResourceServerChoice[];
}

function PresetChoice({ form, servers }: FieldsProps) {
  const noScim = scimServerOf(servers) === undefined;
  return (
    <Radio.Group label="Kind" {...form.getInputProps('preset')}>
      <Stack gap="xs" mt="xs">
        {PRESET_NAMES.map((name) => {
          const missing = name === 'scim' && noScim;
          const description = missing
            ? 'Not in this realm: none of its APIs has the scope scim:all.'
            : PRESETS[name].description;
          return (
            <Radio
              key={name}
              value={name}
              label={PRESETS[name].label}
              description={description}
              disabled={missing}
            />
          );
        })}
      </Stack>
    </Radio.Group>
  );
}

function SignInFields({ form }: { readonly form: Form }) {
  return (
    <>
      <Addresses
        label="Redirect URIs"
        description="One a line. Compared exactly, so write them as the application sends them."
        required
        field={form.getInputProps('redirectUris')}
      />
      <Addresses
        label="Post-logout redirect URIs"
        description="One a line. Where people may go after they have signed out."
        field={form.getInputProps('postLogoutRedirectUris')}
      />
    </>
  );
}

function ApiFields({ form, servers }: FieldsProps) {
  if (servers.length === 0) return null;
  const chosen = servers.find((server) => server.id === form.values.resourceServerId);
  return (
    <>
      <NativeSelect
        label="API"
        description="Whom its access tokens are for."
        data={[
          { value: '', label: 'None' },
          ...servers.map((server) => ({ value: server.id, label: server.displayName })),
        ]}
        {...form.getInputProps('resourceServerId')}
        onChange={(event) => {
          form.setFieldValue('resourceServerId', event.currentTarget.value);
          form.setFieldValue('allowedScopes', []);
        }}
      />
      {chosen ? <Scopes scopes={chosen.scopes} field={form.getInputProps('allowedScopes')} /> : null}
    </>
  );
}
