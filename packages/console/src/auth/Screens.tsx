import { Button, Paper, Stack, Text, TextInput, Title } from '@mantine/core';
import { type ReactNode, useState } from 'react';
import { CopyField } from '../components/CopyField';
import { Mark } from '../components/Mark';
import { usePageTitle } from '../components/usePageTitle';
import classes from '../layout/layout.module.css';
import { CONSOLE_PATH } from './addresses';
import { failureOf, type SignInFailure } from './failure';

/** A page of its own, for when nobody is signed in. */
function Screen({ title, children }: { readonly title: string; readonly children: ReactNode }) {
  usePageTitle(title);
  return (
    <main className={classes.screen}>
      <Paper withBorder p="xl" w="100%" maw={420}>
        <Stack>
          <Mark size={36} />
          <Title order={1}>{title}</Title>
          {children}
        </Stack>
      </Paper>
    </main>
  );
}

export function SignedOutScreen({ signIn }: { readonly signIn: () => Promise<void> }) {
  return (
    <Screen title="You are signed out">
      <Text size="sm">Your session in this console has ended.</Text>
      <LeaveButton label="Sign in" leave={signIn} />
    </Screen>
  );
}

export interface FailedScreenProps {
  readonly failure: SignInFailure;
  readonly tryAgain: () => Promise<void>;
}

export function FailedScreen({ failure, tryAgain }: FailedScreenProps) {
  return (
    <Screen title={failure.title}>
      <Text size="sm">{failure.message}</Text>
      {failure.correlationId === undefined ? null : (
        <CopyField label="Correlation id" value={failure.correlationId} />
      )}
      <LeaveButton label="Try again" leave={tryAgain} />
    </Screen>
  );
}

export function TenantScreen({ message }: { readonly message: string | undefined }) {
  const [tenantId, setTenantId] = useState('');
  return (
    <Screen title="Which tenant?">
      <Text size="sm">
        This server holds several tenants. The tenant id is in the link that you were given, and any
        administrator of the tenant can tell you.
      </Text>
      <form action={CONSOLE_PATH} method="get">
        <Stack>
          <TextInput
            name="tenant"
            label="Tenant id"
            value={tenantId}
            onChange={(event) => setTenantId(event.currentTarget.value)}
            error={message}
            autoComplete="off"
            spellCheck={false}
            required
          />
          <Button type="submit">Continue</Button>
        </Stack>
      </form>
    </Screen>
  );
}

export function LeavingScreen() {
  return (
    <main className={classes.screen}>
      <Text role="status">One moment...</Text>
    </main>
  );
}

/** Goes to another page; says so when the way is blocked. */
function LeaveButton({ label, leave }: { readonly label: string; readonly leave: () => Promise<void> }) {
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<string>();
  const go = () => {
    setBusy(true);
    leave().catch((error: unknown) => {
      setBusy(false);
      setProblem(failureOf(error).message);
    });
  };
  return (
    <>
      {problem === undefined ? null : (
        <Text size="sm" c="var(--mantine-color-error)" role="alert">
          {problem}
        </Text>
      )}
      <Button onClick={go} loading={busy}>
        {label}
      </Button>
    </>
  );
}
