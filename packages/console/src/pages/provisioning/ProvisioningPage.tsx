import { useApolloClient, useQuery } from '@apollo/client/react';
import { Button, Code, Stack, Text } from '@mantine/core';
import { forget } from '../../apollo/forget';
import { CopyField } from '../../components/CopyField';
import { PageHeader } from '../../components/PageHeader';
import { Section } from '../../components/Section';
import { ScimTenantDocument } from '../../generated/graphql';
import { useRealm } from '../../layout/realm';
import { useRefusal } from '../../layout/viewer';
import { Clients } from './Clients';
import { Requests } from './Requests';

/** Who brings people into this realm over SCIM, and what they asked for. */
export function ProvisioningPage() {
  const { id: realmId } = useRealm();
  const { cache } = useApolloClient();
  const refusal = useRefusal();
  return (
    <>
      <PageHeader
        title="Provisioning"
        actions={
          <Button
            variant="default"
            onClick={() => forget(cache, [{ of: 'Realm', id: realmId, lists: ['scim'] }])}
          >
            Refresh
          </Button>
        }
      />
      <Stack>
        <Connect />
        <Clients />
        {refusal('events:read') ? null : <Requests />}
      </Stack>
    </>
  );
}

function Connect() {
  const { scimUrl } = useRealm();
  const tenantId = useQuery(ScimTenantDocument).data?.tenant.id ?? '<id>';
  return (
    <Section title="Connect an identity provider">
      <Stack>
        <CopyField label="SCIM base address" value={scimUrl} />
        <div>
          <CopyField
            label="Command that makes a token"
            value={`npm run -s keyrealm -- api-token create --tenant ${tenantId} --scopes "scim:all" --name okta`}
          />
          <Text size="xs" c="dimmed" mt={4}>
            Run it where the server runs. It prints the token once; give it to the provider as its bearer
            token. <Code>--name</Code> tells one provider from another.
          </Text>
        </div>
      </Stack>
    </Section>
  );
}
