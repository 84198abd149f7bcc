import { useQuery } from '@apollo/client/react';
import { useForm } from '@mantine/form';
import { getRouteApi } from '@tanstack/react-router';
import { MutationForm } from '../../components/MutationForm';
import { notifyDone } from '../../components/notify';
import { RoutePanel } from '../../components/RoutePanel';
import { GroupDocument, type GroupRowFragment, UpdateGroupDocument } from '../../generated/graphql';
import { useGo } from '../../go';
import { PageSkeleton, useRealm } from '../../layout/realm';
import { useRefusal } from '../../layout/viewer';
import { paths } from '../../paths';
import { GroupFields, type GroupValues } from './GroupFields';

const route = getRouteApi('/realms/$realmId/groups/$groupId');

export function EditGroup() {
  const { id: realmId } = useRealm();
  const { groupId } = route.useParams();
  const go = useGo();
  const { data, refetch } = useQuery(GroupDocument, {
    variables: { realmId, groupId },
    fetchPolicy: 'cache-first',
  });
  const group = data?.realm?.group;
  const close = () => go(paths.group(realmId, groupId));
  return (
    <RoutePanel title="Edit group" onClose={close}>
      {group ? (
        <EditForm
          key={group.version}
          group={group}
          onClose={close}
          onReload={() => void refetch().catch(() => undefined)}
        />
      ) : (
        <PageSkeleton />
      )}
    </RoutePanel>
  );
}

interface EditFormProps {
  readonly group: GroupRowFragment;
  readonly onClose: () => void;
  readonly onReload: () => void;
}

function EditForm({ group, onClose, onReload }: EditFormProps) {
  const { id: realmId } = useRealm();
  const held = useRefusal()('groups:update');
  const form = useForm<GroupValues>({
    initialValues: { displayName: group.displayName, description: group.description ?? '' },
  });
  return (
    <MutationForm
      form={form}
      document={UpdateGroupDocument}
      variables={({ displayName, description }) => ({
        input: {
          realmId,
          groupId: group.id,
          ifVersion: group.version,
          displayName,
          description: description.trim() || null,
        },
      })}
      stale={[{ of: 'Realm', id: realmId, lists: ['groups', 'events'] }]}
      submitLabel="Save"
      refusal={group.managed ? 'Keyrealm manages this group.' : held}
      onCancel={onClose}
      onReload={onReload}
      onDone={() => {
        notifyDone('The group was saved.');
        onClose();
      }}
    >
      <GroupFields form={form} />
    </MutationForm>
  );
}
