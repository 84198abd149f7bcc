import { useQuery } from '@apollo/client/react';
import { Group, List } from '@mantine/core';
import { Moment, Mono, Plain, wordsOf } from '../../components/cells';
import { Facts } from '../../components/Facts';
import { Section } from '../../components/Section';
import {
  ApplicationApiDocument,
  type ApplicationDetailFragment,
  type GrantType,
  type SubjectSource,
} from '../../generated/graphql';
import { useRealm } from '../../layout/realm';
import { useRefusal } from '../../layout/viewer';
import { duration } from './duration';
import { kindOf, signsPeopleIn } from './presets';

const GRANTS: Record<GrantType, string> = {
  AUTHORIZATION_CODE: 'authorization code with PKCE',
  REFRESH_TOKEN: 'refresh token',
  CLIENT_CREDENTIALS: 'client credentials',
};

const SUBJECTS: Record<SubjectSource, string> = {
  ID: 'Identity id',
  EMAIL: 'E-mail address',
  USERNAME: 'Username',
};

export function Settings({ application }: { readonly application: ApplicationDetailFragment }) {
  const { id: realmId } = useRealm();
  const hidden = useRefusal()('resource-servers:read') !== undefined;
  const api = useQuery(ApplicationApiDocument, {
    variables: { realmId, applicationId: application.id },
    skip: hidden,
  }).data?.realm?.application?.resourceServer;
  const interactive = signsPeopleIn(application.grantTypes);
  const refreshes = application.grantTypes.includes('REFRESH_TOKEN');
  return (
    <Section title="Settings">
      <Facts
        facts={[
          ['Kind', `${kindOf(application)}, ${application.type.toLowerCase()}`],
          ['Grants', application.grantTypes.map((grant) => GRANTS[grant]).join(', ')],
          ['Authenticates by', wordsOf(application.tokenEndpointAuthMethod)],
          ['Redirect URIs', interactive ? <Values key="r" values={application.redirectUris} /> : undefined],
          [
            'After sign-out',
            interactive ? <Values key="p" values={application.postLogoutRedirectUris} /> : undefined,
          ],
          ['Subject', interactive ? SUBJECTS[application.subject] : undefined],
          ['API', hidden ? undefined : <Plain key="api" value={api?.displayName} />],
          ['Allowed scopes', <Scopes key="s" names={application.allowedScopes} />],
          ['Access tokens live', duration(application.accessTokenLifetime)],
          ['Refresh tokens live', refreshes ? duration(application.refreshTokenLifetime) : undefined],
          ['Secrets', application.type === 'PUBLIC' ? undefined : <Secrets key="c" of={application} />],
          ['Created', <Moment key="created" value={application.createdAt} />],
          ['Changed', <Moment key="updated" value={application.updatedAt} />],
        ]}
      />
    </Section>
  );
}

function Values({ values }: { readonly values: readonly string[] }) {
  if (values.length === 0) return <Plain value={null} />;
  return (
    <List listStyleType="none" size="sm">
      {values.map((value) => (
        <List.Item key={value}>
          <Mono>{value}</Mono>
        </List.Item>
      ))}
    </List>
  );
}

function Scopes({ names }: { readonly names: readonly string[] }) {
  if (names.length === 0) return <Plain value={null} />;
  return (
    <Group gap="2px 12px">
      {names.map((name) => (
        <Mono key={name}>{name}</Mono>
      ))}
    </Group>
  );
}

function Secrets({ of }: { readonly of: ApplicationDetailFragment }) {
  return (
    <List listStyleType="none" size="sm">
      {of.secrets.map((secret) => (
        <List.Item key={secret.id}>
          ends in <Mono>{secret.hint}</Mono>, since <Moment value={secret.createdAt} />
        </List.Item>
      ))}
    </List>
  );
}
