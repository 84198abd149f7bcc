import { useQuery } from '@apollo/client/react';
import { kept } from '../../apollo/kept';
import { useAction } from '../../apollo/useAction';
import { ActionButton } from '../../components/ActionButton';
import { useConfirm } from '../../components/Confirm';
import { Moment } from '../../components/cells';
import { EmptyState } from '../../components/EmptyState';
import { type Column, MoreNote, QueryTable } from '../../components/QueryTable';
import { Section } from '../../components/Section';
import {
  EndSessionDocument,
  EndSessionsDocument,
  IdentitySessionsDocument,
  type SessionRowFragment,
} from '../../generated/graphql';
import { useRealm } from '../../layout/realm';
import { useRefusal } from '../../layout/viewer';

const END =
  'Applications that rely on it ask for a new sign-in. Tokens of it are worth nothing from then on.';

/** Where somebody is signed in, and how to end it. */
export function Sessions({ identityId }: { readonly identityId: string }) {
  const { id: realmId } = useRealm();
  const result = useQuery(IdentitySessionsDocument, { variables: { realmId, identityId } });
  const { data, loading, failed, retry } = kept(result);
  const connection = data?.realm?.identity?.sessions;
  const reload = () => void result.refetch().catch(() => undefined);
  const columns: Column<SessionRowFragment>[] = [
    { header: 'Signed in', cell: (session) => <Moment value={session.createdAt} /> },
    { header: 'Last seen', cell: (session) => <Moment value={session.lastSeenAt} /> },
    { header: 'From', cell: (session) => session.ip ?? 'Unknown' },
    { header: 'Browser', cell: (session) => session.userAgent ?? 'Unknown' },
    {
      header: 'Actions',
      cell: (session) => <EndSession session={session} onEnded={reload} />,
      width: 100,
    },
  ];
  return (
    <Section
      title="Sessions"
      actions={connection?.nodes.length ? <EndAll identityId={identityId} onEnded={reload} /> : undefined}
    >
      <QueryTable
        label="Sessions"
        columns={columns}
        connection={connection}
        loading={loading}
        failed={failed}
        onRetry={retry}
        empty={<EmptyState title="Signed in nowhere">Nobody uses this account at the moment.</EmptyState>}
      />
      <MoreNote connection={connection} />
    </Section>
  );
}

interface EndProps {
  readonly onEnded: () => void;
}

function EndSession({ session, onEnded }: EndProps & { readonly session: SessionRowFragment }) {
  const { id: realmId } = useRealm();
  const confirm = useConfirm();
  const refusal = useRefusal();
  const [end] = useAction(EndSessionDocument, {
    done: 'The session was ended.',
    stale: [{ of: 'Realm', id: realmId, lists: ['events'] }],
  });
  const run = async () => {
    const ended = (await end({ input: { realmId, sessionId: session.id } })) !== undefined;
    if (ended) onEnded();
    return ended;
  };
  return (
    <ActionButton
      size="compact-xs"
      variant="outline"
      color="red"
      aria-label={`End the session from ${session.ip ?? 'an unknown address'}`}
      refusal={refusal('identities:update')}
      onClick={() => confirm({ title: 'End this session?', effect: END, verb: 'End', run })}
    >
      End
    </ActionButton>
  );
}

function EndAll({ identityId, onEnded }: EndProps & { readonly identityId: string }) {
  const { id: realmId } = useRealm();
  const confirm = useConfirm();
  const refusal = useRefusal();
  const [end] = useAction(EndSessionsDocument, {
    done: 'All sessions were ended.',
    stale: [{ of: 'Realm', id: realmId, lists: ['events'] }],
  });
  const run = async () => {
    const ended = (await end({ input: { realmId, identityId } })) !== undefined;
    if (ended) onEnded();
    return ended;
  };
  return (
    <ActionButton
      size="xs"
      variant="default"
      refusal={refusal('identities:update')}
      onClick={() =>
        confirm({ title: 'End all sessions of this person?', effect: END, verb: 'End all', run })
      }
    >
      End all
    </ActionButton>
  );
}
