import { useQuery } from '@apollo/client/react';
import { kept } from '../../apollo/kept';
import { useAction } from '../../apollo/useAction';
import { ActionButton } from '../../components/ActionButton';
import { useConfirm } from '../../components/Confirm';
import { Moment, StateBadge, wordsOf } from '../../components/cells';
import { EmptyState } from '../../components/EmptyState';
import { type Column, MoreNote, QueryTable } from '../../components/QueryTable';
import { Section } from '../../components/Section';
import {
  type BindingJobStatus,
  type BindingLinkRowFragment,
  IdentityBindingLinksDocument,
  RevokeBindingLinkDocument,
} from '../../generated/graphql';
import { useRealm } from '../../layout/realm';
import { useRefusal } from '../../layout/viewer';
import { CreateBindingLink } from './CreateBindingLink';

const STATES: Record<BindingJobStatus, { readonly label: string; readonly open: boolean }> = {
  LINK_SENT: { label: 'Not opened yet', open: true },
  LINK_OPENED: { label: 'Opened', open: true },
  CHALLENGED: { label: 'Being used', open: true },
  COMPLETED: { label: 'Used', open: false },
  EXPIRED: { label: 'Expired', open: false },
  REVOKED: { label: 'Revoked', open: false },
  FAILED: { label: 'Failed', open: false },
  FAILED_TO_SEND: { label: 'Could not be sent', open: false },
};

const columns: Column<BindingLinkRowFragment>[] = [
  {
    header: 'Status',
    cell: (link) => <StateBadge value={link.status} label={STATES[link.status].label} />,
  },
  {
    header: 'Delivery',
    cell: (link) => (link.delivery === 'RETURN' ? 'Handed over' : wordsOf(link.delivery)),
  },
  { header: 'Created', cell: (link) => <Moment value={link.createdAt} /> },
  { header: 'By', cell: (link) => link.createdByName },
  { header: 'Expires', cell: (link) => <Moment value={link.expiresAt} /> },
  { header: 'Actions', cell: (link) => <RevokeLink link={link} />, width: 100 },
];

export function BindingLinks({ identityId }: { readonly identityId: string }) {
  const { id: realmId } = useRealm();
  const { data, loading, failed, retry } = kept(
    useQuery(IdentityBindingLinksDocument, { variables: { realmId, identityId } }),
  );
  const connection = data?.realm?.identity?.credentialBindingJobs;
  return (
    <Section title="Binding links" actions={<CreateBindingLink identityId={identityId} />}>
      <QueryTable
        label="Binding links"
        columns={columns}
        connection={connection}
        loading={loading}
        failed={failed}
        onRetry={retry}
        empty={
          <EmptyState title="No binding link yet">
            Whoever opens a binding link binds one passkey to this identity, so hand it over with care.
          </EmptyState>
        }
      />
      <MoreNote connection={connection} />
    </Section>
  );
}

function RevokeLink({ link }: { readonly link: BindingLinkRowFragment }) {
  const { id: realmId } = useRealm();
  const confirm = useConfirm();
  const refusal = useRefusal();
  const [revoke] = useAction(RevokeBindingLinkDocument, {
    done: 'The binding link was revoked.',
    stale: [{ of: 'Realm', id: realmId, lists: ['events'] }],
  });
  if (!STATES[link.status].open) return null;
  return (
    <ActionButton
      size="compact-xs"
      variant="outline"
      color="red"
      aria-label="Revoke binding link"
      refusal={refusal('credential-binding-jobs:revoke')}
      onClick={() =>
        confirm({
          title: 'Revoke this binding link?',
          effect: 'It stops working at once, also for somebody who has it open.',
          verb: 'Revoke',
          run: async () =>
            (await revoke({ input: { realmId, credentialBindingJobId: link.id } })) !== undefined,
        })
      }
    >
      Revoke
    </ActionButton>
  );
}
