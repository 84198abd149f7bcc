import { useQuery } from '@apollo/client/react';
import { Skeleton, Stack } from '@mantine/core';
import { Outlet, useParams } from '@tanstack/react-router';
import { createContext, Fragment, useContext, useEffect } from 'react';
import { kept } from '../apollo/kept';
import { rememberedRealm } from '../auth/storage';
import { LoadFailed } from '../components/LoadFailed';
import { CurrentRealmDocument, type CurrentRealmQuery } from '../generated/graphql';
import { NotFound } from './NotFound';

export type Realm = NonNullable<CurrentRealmQuery['realm']>;

const RealmContext = createContext<Realm | undefined>(undefined);

/** The realm that the address names. */
export function useRealm(): Realm {
  const realm = useContext(RealmContext);
  if (realm === undefined) throw new Error('This page is outside any realm.');
  return realm;
}

export function RealmLayout() {
  const { realmId } = useParams({ from: '/realms/$realmId' });
  const { data, failed, retry } = kept(useQuery(CurrentRealmDocument, { variables: { realmId } }));
  const realm = data?.realm?.id === realmId ? data.realm : undefined;
  const found = realm?.id;
  const missing = data?.realm === null;
  useEffect(() => {
    if (found !== undefined) rememberedRealm.write(found);
    else if (missing) rememberedRealm.clear();
  }, [found, missing]);
  if (failed) return <LoadFailed onRetry={retry} />;
  if (missing) return <NotFound what="realm" />;
  if (realm === undefined) return <PageSkeleton />;
  return (
    <RealmContext value={realm}>
      {/* Nothing of one realm may linger on a page of another. */}
      <Fragment key={realm.id}>
        <Outlet />
      </Fragment>
    </RealmContext>
  );
}

export function PageSkeleton() {
  return (
    <Stack aria-busy aria-label="Loading">
      <Skeleton height={28} width={240} />
      <Skeleton height={160} />
    </Stack>
  );
}
