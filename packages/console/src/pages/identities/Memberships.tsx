import { useQuery } from '@apollo/client/react';
import { Group } from '@mantine/core';
import { useState } from 'react';
import { kept } from '../../apollo/kept';
import { ActionButton } from '../../components/ActionButton';
import { AppLink } from '../../components/AppLink';
import { ManagedBadge, Plain } from '../../components/cells';
import { EmptyState } from '../../components/EmptyState';
import { type Column, MoreNote, QueryTable } from '../../components/QueryTable';
import { Section } from '../../components/Section';
import { IdentityGroupsDocument, type IdentityGroupsQuery } from '../../generated/graphql';
import { useRealm } from '../../layout/realm';
import { useRefusal } from '../../layout/viewer';
import { paths } from '../../paths';
import { GroupSelect } from '../groups/GroupSelect';
import { useMembership } from '../groups/useMembership';

type Membership = NonNullable<
  NonNullable<IdentityGroupsQuery['realm']>['identity']
>['groups']['nodes'][number];

export function Memberships({ identityId }: { readonly identityId: string }) {
  const { id: realmId } = useRealm();
  const { data, loading, failed, retry } = kept(
    useQuery(IdentityGroupsDocument, { variables: { realmId, identityId } }),
  );
  const connection = data?.realm?.identity?.groups;
  const columns: Column<Membership>[] = [
    {
      header: 'Group',
      cell: (group) => (
        <Group gap="xs">
          <AppLink to={paths.group(realmId, group.id)}>{group.displayName}</AppLink>
          {group.managed ? <ManagedBadge /> : null}
        </Group>
      ),
    },
    { header: 'Description', cell: (group) => <Plain value={group.description} /> },
    {
      header: 'Actions',
      cell: (group) => <LeaveGroup identityId={identityId} group={group} />,
      width: 100,
    },
  ];
  return (
    <Section title="Groups" actions={<JoinGroup identityId={identityId} />}>
      <QueryTable
        label="Groups"
        columns={columns}
        connection={connection}
        loading={loading}
        failed={failed}
        onRetry={retry}
        empty={<EmptyState title="In no group" />}
      />
      <MoreNote connection={connection} />
    </Section>
  );
}

function JoinGroup({ identityId }: { readonly identityId: string }) {
  const [groupId, setGroupId] = useState<string | null>(null);
  const refusal = useRefusal();
  const { add, busy } = useMembership();
  const join = async () => {
    if (groupId !== null && (await add(groupId, identityId))) setGroupId(null);
  };
  return (
    <>
      <GroupSelect label="Group to add" placeholder="Find a group" value={groupId} onPick={setGroupId} />
      <ActionButton
        size="xs"
        loading={busy}
        refusal={refusal('groups:update') ?? (groupId === null ? 'Choose a group first.' : undefined)}
        onClick={() => void join()}
      >
        Add to group
      </ActionButton>
    </>
  );
}

function LeaveGroup({ identityId, group }: { readonly identityId: string; readonly group: Membership }) {
  const refusal = useRefusal();
  const { remove, busy } = useMembership();
  return (
    <ActionButton
      size="compact-xs"
      variant="default"
      loading={busy}
      aria-label={`Remove from ${group.displayName}`}
      refusal={refusal('groups:update')}
      onClick={() => void remove(group.id, identityId)}
    >
      Remove
    </ActionButton>
  );
}
