import { useQuery } from '@apollo/client/react';
import { kept } from '../../apollo/kept';
import { useAction } from '../../apollo/useAction';
import { ActionButton } from '../../components/ActionButton';
import { useConfirm } from '../../components/Confirm';
import { Moment, Mono, StateBadge } from '../../components/cells';
import { EmptyState } from '../../components/EmptyState';
import { type Column, MoreNote, QueryTable } from '../../components/QueryTable';
import { Section } from '../../components/Section';
import {
  IdentityPasskeysDocument,
  type PasskeyRowFragment,
  RevokeCredentialDocument,
} from '../../generated/graphql';
import { useRealm } from '../../layout/realm';
import { useRefusal } from '../../layout/viewer';

const columns: Column<PasskeyRowFragment>[] = [
  { header: 'Name', cell: (passkey) => passkey.name },
  { header: 'Kept', cell: (passkey) => (passkey.deviceBound ? 'On one device' : 'Synced') },
  { header: 'Model', cell: (passkey) => <Mono>{passkey.aaguid}</Mono> },
  { header: 'Last used', cell: (passkey) => <LastUse passkey={passkey} /> },
  { header: 'Status', cell: (passkey) => <StateBadge value={passkey.status} /> },
  { header: 'Actions', cell: (passkey) => <RevokePasskey passkey={passkey} />, width: 100 },
];

export function Passkeys({ identityId }: { readonly identityId: string }) {
  const { id: realmId } = useRealm();
  const { data, loading, failed, retry } = kept(
    useQuery(IdentityPasskeysDocument, { variables: { realmId, identityId } }),
  );
  const connection = data?.realm?.identity?.credentials;
  return (
    <Section title="Passkeys">
      <QueryTable
        label="Passkeys"
        columns={columns}
        connection={connection}
        loading={loading}
        failed={failed}
        onRetry={retry}
        empty={
          <EmptyState title="No passkey yet">
            This person can't sign in. Create a binding link and hand it over.
          </EmptyState>
        }
      />
      <MoreNote connection={connection} />
    </Section>
  );
}

function LastUse({ passkey }: { readonly passkey: PasskeyRowFragment }) {
  return (
    <>
      <Moment value={passkey.lastUsedAt} />
      {passkey.lastUsedIp === null ? null : ` from ${passkey.lastUsedIp}`}
    </>
  );
}

function RevokePasskey({ passkey }: { readonly passkey: PasskeyRowFragment }) {
  const { id: realmId } = useRealm();
  const confirm = useConfirm();
  const refusal = useRefusal();
  const [revoke] = useAction(RevokeCredentialDocument, {
    done: `The passkey ${passkey.name} was revoked.`,
    stale: [{ of: 'Realm', id: realmId, lists: ['events'] }],
  });
  if (passkey.status === 'REVOKED') return <Moment value={passkey.revokedAt} none="" />;
  return (
    <ActionButton
      size="compact-xs"
      variant="outline"
      color="red"
      aria-label={`Revoke passkey ${passkey.name}`}
      refusal={refusal('credentials:revoke')}
      onClick={() =>
        confirm({
          title: `Revoke the passkey ${passkey.name}?`,
          effect:
            'Sessions that it opened end at once, and it can never be used again. Another passkey can be bound.',
          verb: 'Revoke',
          run: async () => (await revoke({ input: { realmId, credentialId: passkey.id } })) !== undefined,
        })
      }
    >
      Revoke
    </ActionButton>
  );
}
