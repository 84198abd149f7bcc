import { ApolloProvider } from '@apollo/client/react';
import { RouterProvider } from '@tanstack/react-router';
import { use, useEffect, useState } from 'react';
import { createClient } from './apollo/client';
import type { SignInFailure } from './auth/failure';
import { FailedScreen, LeavingScreen, SignedOutScreen, TenantScreen } from './auth/Screens';
import type { Session } from './auth/session';
import type { Start } from './auth/start';
import { SessionContext } from './layout/session';
import { createConsoleRouter } from './router';

export function App({ started }: { readonly started: Promise<Start> }) {
  const first = use(started);
  switch (first.kind) {
    case 'signed-in':
      return <SignedIn session={first.session} />;
    case 'signed-out':
      return <SignedOutScreen signIn={first.signIn} />;
    case 'tenant-needed':
      return <TenantScreen message={first.message} />;
    case 'failed':
      return <FailedScreen failure={first.failure} tryAgain={first.tryAgain} />;
    case 'leaving':
      return <LeavingScreen />;
  }
}

function SignedIn({ session }: { readonly session: Session }) {
  const [client] = useState(() => createClient(session));
  const [router] = useState(createConsoleRouter);
  const [failure, setFailure] = useState<SignInFailure>();
  useEffect(() => {
    void session.refused.then(setFailure);
  }, [session]);
  if (failure !== undefined)
    return <FailedScreen failure={failure} tryAgain={async () => location.reload()} />;
  return (
    <SessionContext value={session}>
      <ApolloProvider client={client}>
        <RouterProvider router={router} />
      </ApolloProvider>
    </SessionContext>
  );
}
