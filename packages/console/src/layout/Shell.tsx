import { useQuery } from '@apollo/client/react';
import { AppShell, Box } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { Outlet, useParams } from '@tanstack/react-router';
import { kept } from '../apollo/kept';
import { ConfirmProvider } from '../components/Confirm';
import { LoadFailed } from '../components/LoadFailed';
import { ViewerDocument } from '../generated/graphql';
import { Header } from './Header';
import classes from './layout.module.css';
import { Navigation } from './Navigation';
import { NoAccess } from './NoAccess';
import { PageSkeleton } from './realm';
import { ViewerContext } from './viewer';

/** What stands around every page. */
export function Shell() {
  const [menuOpen, menu] = useDisclosure(false);
  const { realmId } = useParams({ strict: false });
  const { data, failed, retry } = kept(useQuery(ViewerDocument));
  return (
    <AppShell
      header={{ height: 56 }}
      navbar={{ width: 216, breakpoint: 'sm', collapsed: { mobile: !menuOpen } }}
      padding="lg"
    >
      <a href="#main" className={classes.skip}>
        Skip to content
      </a>
      <Header viewer={data?.viewer} realmId={realmId} menuOpen={menuOpen} onMenu={menu.toggle} />
      <Navigation realmId={realmId} onChoose={menu.close} />
      <AppShell.Main id="main" tabIndex={-1} className={classes.main}>
        <Box className={classes.content}>
          {failed ? <LoadFailed onRetry={retry} /> : null}
          {data === undefined && !failed ? <PageSkeleton /> : null}
          {data?.viewer.scopes.length === 0 ? <NoAccess name={data.viewer.displayName} /> : null}
          {data && data.viewer.scopes.length > 0 ? (
            <ViewerContext value={data.viewer}>
              <ConfirmProvider>
                <Outlet />
              </ConfirmProvider>
            </ViewerContext>
          ) : null}
        </Box>
      </AppShell.Main>
    </AppShell>
  );
}
