import { useQuery } from '@apollo/client/react';
import { Grid, Stack } from '@mantine/core';
import { getRouteApi } from '@tanstack/react-router';
import { useState } from 'react';
import { kept } from '../../apollo/kept';
import { StateBadge } from '../../components/cells';
import { LoadFailed } from '../../components/LoadFailed';
import { PageHeader } from '../../components/PageHeader';
import { IdentityDocument } from '../../generated/graphql';
import { NotFound } from '../../layout/NotFound';
import { PageSkeleton, useRealm } from '../../layout/realm';
import { useRefusal } from '../../layout/viewer';
import { paths } from '../../paths';
import { InvolvedEvents } from '../events/InvolvedEvents';
import { BindingLinks } from './BindingLinks';
import { IdentityActions } from './IdentityActions';
import { Memberships } from './Memberships';
import { Passkeys } from './Passkeys';
import { ProfileForm } from './ProfileForm';
import { Sessions } from './Sessions';

const route = getRouteApi('/realms/$realmId/identities/$identityId');

/** One screen that answers why somebody can or can't sign in. */
export function IdentityPage() {
  const { id: realmId } = useRealm();
  const { identityId } = route.useParams();
  const refusal = useRefusal();
  // The form below must begin with what the server holds now, not with what a list has left in the cache.
  const result = useQuery(IdentityDocument, {
    variables: { realmId, identityId },
    fetchPolicy: 'network-only',
    nextFetchPolicy: 'cache-first',
  });
  const { data, failed, retry } = kept(result);
  const [generation, setGeneration] = useState(0);
  const identity = data?.realm?.identity;
  const parent = { label: 'Identities', to: paths.identities(realmId) };

  if (failed) return <LoadFailed onRetry={retry} />;
  if (identity === null || data?.realm === null) return <NotFound what="identity" back={parent} />;
  if (identity?.id !== identityId) return <PageSkeleton />;
  const reload = async () => {
    await result.refetch();
    setGeneration(generation + 1);
  };
  return (
    <>
      <PageHeader
        title={identity.displayName}
        parent={parent}
        badges={<StateBadge value={identity.status} />}
        actions={<IdentityActions identity={identity} />}
      />
      <Grid>
        <Grid.Col span={{ base: 12, lg: 5 }}>
          <ProfileForm
            key={`${identity.id} ${generation}`}
            identity={identity}
            onReload={() => void reload().catch(() => undefined)}
          />
        </Grid.Col>
        <Grid.Col span={{ base: 12, lg: 7 }}>
          <Stack key={identity.id}>
            {refusal('credentials:read') ? null : <Passkeys identityId={identity.id} />}
            <Sessions identityId={identity.id} />
            {refusal('credential-binding-jobs:read') ? null : <BindingLinks identityId={identity.id} />}
            {refusal('groups:read') ? null : <Memberships identityId={identity.id} />}
            {refusal('events:read') ? null : <InvolvedEvents id={identity.id} />}
          </Stack>
        </Grid.Col>
      </Grid>
    </>
  );
}
