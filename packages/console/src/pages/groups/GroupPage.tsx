import { useQuery } from '@apollo/client/react';
import { Stack, Text } from '@mantine/core';
import { getRouteApi, Outlet } from '@tanstack/react-router';
import { kept } from '../../apollo/kept';
import { useAction } from '../../apollo/useAction';
import { ActionButton } from '../../components/ActionButton';
import { useConfirm } from '../../components/Confirm';
import { CopyField } from '../../components/CopyField';
import { ManagedBadge } from '../../components/cells';
import { LoadFailed } from '../../components/LoadFailed';
import { PageHeader } from '../../components/PageHeader';
import { DeleteGroupDocument, GroupDocument, type GroupRowFragment } from '../../generated/graphql';
import { useGo } from '../../go';
import { NotFound } from '../../layout/NotFound';
import { PageSkeleton, useRealm } from '../../layout/realm';
import { useRefusal } from '../../layout/viewer';
import { paths } from '../../paths';
import { Members } from './Members';

const route = getRouteApi('/realms/$realmId/groups/$groupId');

export function GroupPage() {
  const { id: realmId } = useRealm();
  const { groupId } = route.useParams();
  const refusal = useRefusal();
  const { data, failed, retry } = kept(useQuery(GroupDocument, { variables: { realmId, groupId } }));
  const group = data?.realm?.group;
  const parent = { label: 'Groups', to: paths.groups(realmId) };

  if (failed) return <LoadFailed onRetry={retry} />;
  if (group === null || data?.realm === null) return <NotFound what="group" back={parent} />;
  if (group?.id !== groupId) return <PageSkeleton />;
  return (
    <>
      <PageHeader
        title={group.displayName}
        parent={parent}
        badges={group.managed ? <ManagedBadge /> : null}
        actions={group.managed ? null : <GroupActions group={group} />}
      />
      <Stack>
        {group.description === null ? null : <Text size="sm">{group.description}</Text>}
        {refusal('identities:read') ? null : <Members key={group.id} groupId={group.id} />}
        <CopyField label="Group id" value={group.id} />
      </Stack>
      <Outlet />
    </>
  );
}

function GroupActions({ group }: { readonly group: GroupRowFragment }) {
  const { id: realmId } = useRealm();
  const go = useGo();
  const confirm = useConfirm();
  const refusal = useRefusal();
  const [remove] = useAction(DeleteGroupDocument, {
    done: `The group ${group.displayName} was deleted.`,
    stale: [{ of: 'Realm', id: realmId, lists: ['groups', 'events'] }],
  });
  const askDelete = () =>
    confirm({
      title: `Delete the group ${group.displayName}?`,
      effect: 'Its members stay, and lose whatever they had through this group.',
      verb: 'Delete',
      run: async () => {
        const done = await remove({ input: { realmId, groupId: group.id, ifVersion: group.version } });
        if (done !== undefined) go(paths.groups(realmId));
        return done !== undefined;
      },
    });
  return (
    <>
      <ActionButton
        variant="default"
        refusal={refusal('groups:update')}
        onClick={() => go(paths.editGroup(realmId, group.id), { search: true })}
      >
        Edit
      </ActionButton>
      <ActionButton variant="outline" color="red" refusal={refusal('groups:delete')} onClick={askDelete}>
        Delete
      </ActionButton>
    </>
  );
}
