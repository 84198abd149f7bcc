import { useQuery } from '@apollo/client/react';
import { getRouteApi } from '@tanstack/react-router';
import { useState } from 'react';
import { kept } from '../../apollo/kept';
import { ActionButton } from '../../components/ActionButton';
import { AppLink } from '../../components/AppLink';
import { StateBadge } from '../../components/cells';
import { EmptyState } from '../../components/EmptyState';
import { type Column, QueryTable } from '../../components/QueryTable';
import { Section } from '../../components/Section';
import { GroupMembersDocument, type GroupMembersQuery } from '../../generated/graphql';
import { useGo } from '../../go';
import { useRealm } from '../../layout/realm';
import { useRefusal } from '../../layout/viewer';
import { paths } from '../../paths';
import { pageArguments } from '../../search';
import { IdentitySelect } from '../identities/IdentitySelect';
import { useMembership } from './useMembership';

const route = getRouteApi('/realms/$realmId/groups/$groupId');

type Member = NonNullable<NonNullable<GroupMembersQuery['realm']>['group']>['members']['nodes'][number];

export function Members({ groupId }: { readonly groupId: string }) {
  const { id: realmId } = useRealm();
  const search = route.useSearch();
  const go = useGo();
  const { data, loading, failed, retry } = kept(
    useQuery(GroupMembersDocument, { variables: { realmId, groupId, ...pageArguments(search) } }),
  );
  const columns: Column<Member>[] = [
    {
      header: 'Name',
      cell: (member) => <AppLink to={paths.identity(realmId, member.id)}>{member.displayName}</AppLink>,
    },
    { header: 'Username', cell: (member) => member.username },
    { header: 'Status', cell: (member) => <StateBadge value={member.status} />, width: 120 },
    { header: 'Actions', cell: (member) => <RemoveMember groupId={groupId} member={member} />, width: 100 },
  ];
  return (
    <Section title="Members" actions={<AddMember groupId={groupId} />}>
      <QueryTable
        label="Members"
        columns={columns}
        connection={data?.realm?.group?.members}
        loading={loading}
        failed={failed}
        onRetry={retry}
        onPage={(page) => go(paths.group(realmId, groupId), { search: page })}
        empty={
          <EmptyState title="Nobody is in this group yet">Find an identity above and add it.</EmptyState>
        }
      />
    </Section>
  );
}

function AddMember({ groupId }: { readonly groupId: string }) {
  const [identityId, setIdentityId] = useState<string | null>(null);
  const refusal = useRefusal();
  const { add, busy } = useMembership();
  const join = async () => {
    if (identityId !== null && (await add(groupId, identityId))) setIdentityId(null);
  };
  return (
    <>
      <IdentitySelect label="Identity to add" value={identityId} onPick={setIdentityId} />
      <ActionButton
        size="xs"
        loading={busy}
        refusal={refusal('groups:update') ?? (identityId === null ? 'Choose an identity first.' : undefined)}
        onClick={() => void join()}
      >
        Add member
      </ActionButton>
    </>
  );
}

function RemoveMember({ groupId, member }: { readonly groupId: string; readonly member: Member }) {
  const refusal = useRefusal();
  const { remove, busy } = useMembership();
  return (
    <ActionButton
      size="compact-xs"
      variant="default"
      loading={busy}
      aria-label={`Remove ${member.displayName}`}
      refusal={refusal('groups:update')}
      onClick={() => void remove(groupId, member.id)}
    >
      Remove
    </ActionButton>
  );
}
