import { useQuery } from '@apollo/client/react';
import { Alert, Stack, Text } from '@mantine/core';
import { getRouteApi } from '@tanstack/react-router';
import { kept } from '../../apollo/kept';
import { Moment, StateBadge } from '../../components/cells';
import { EmptyState } from '../../components/EmptyState';
import { PageHeader } from '../../components/PageHeader';
import { type Column, QueryTable } from '../../components/QueryTable';
import { type MailRowFragment, OutboxDocument } from '../../generated/graphql';
import { useGo } from '../../go';
import { useRealm } from '../../layout/realm';
import { paths } from '../../paths';
import { pageArguments } from '../../search';
import { MailActions } from './MailActions';

const route = getRouteApi('/realms/$realmId/mail');

const STATES = { FAILED: 'Not sent', QUEUED: 'Waiting', SENT: 'Sent', WITHDRAWN: 'Withdrawn' } as const;

const columns: Column<MailRowFragment>[] = [
  { header: 'To', cell: (mail) => mail.to },
  { header: 'Subject', cell: (mail) => mail.subject },
  { header: 'State', cell: (mail) => <State mail={mail} /> },
  { header: 'Written', cell: (mail) => <Moment value={mail.createdAt} /> },
  { header: 'Sent', cell: (mail) => <Moment value={mail.sentAt} none="Not yet" /> },
  { header: 'Actions', cell: (mail) => <MailActions mail={mail} />, width: 190 },
];

/** The mails of a realm to its people, never their text. */
export function MailPage() {
  const { id: realmId } = useRealm();
  const search = route.useSearch();
  const go = useGo();
  const { data, loading, failed, retry } = kept(
    useQuery(OutboxDocument, {
      variables: { realmId, ...pageArguments(search) },
      fetchPolicy: 'cache-and-network',
    }),
  );
  const realm = data?.realm;
  return (
    <>
      <PageHeader title="Mail" />
      {realm?.sendsMail === false ? (
        <Alert color="yellow" variant="light" mb="sm" title="No mail server is configured">
          Mails wait here until an operator sets SMTP_URL and KEYREALM_MAIL_FROM. Until then show the link of
          a waiting mail, and hand it over yourself.
        </Alert>
      ) : null}
      <QueryTable
        label="Mail"
        columns={columns}
        connection={realm?.outbox}
        loading={loading}
        failed={failed}
        onRetry={retry}
        onPage={(page) => go(paths.mail(realmId), { search: page })}
        empty={
          <EmptyState title="No mail yet">
            Binding links that go by e-mail are listed here for 30 days, with what became of them.
          </EmptyState>
        }
      />
    </>
  );
}

function State({ mail }: { readonly mail: MailRowFragment }) {
  const tried = mail.attempts === 1 ? 'Tried once' : `Tried ${mail.attempts} times`;
  return (
    <Stack gap={2} align="flex-start">
      <StateBadge value={mail.state} label={STATES[mail.state]} />
      {mail.lastError === null ? null : (
        <Text size="xs" c="dimmed">
          {tried}: {mail.lastError}
        </Text>
      )}
      {mail.lastError === null || mail.nextAttemptAt === null ? null : (
        <Text size="xs" c="dimmed">
          Again <Moment value={mail.nextAttemptAt} />
        </Text>
      )}
    </Stack>
  );
}
