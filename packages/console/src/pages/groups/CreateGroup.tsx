import { useForm } from '@mantine/form';
import { MutationForm } from '../../components/MutationForm';
import { notifyDone } from '../../components/notify';
import { RoutePanel } from '../../components/RoutePanel';
import { CreateGroupDocument } from '../../generated/graphql';
import { useGo } from '../../go';
import { useRealm } from '../../layout/realm';
import { useRefusal } from '../../layout/viewer';
import { paths } from '../../paths';
import { GroupFields, type GroupValues } from './GroupFields';

export function CreateGroup() {
  const { id: realmId } = useRealm();
  const go = useGo();
  const refusal = useRefusal();
  const form = useForm<GroupValues>({ initialValues: { displayName: '', description: '' } });
  const close = () => go(paths.groups(realmId), { search: true });
  return (
    <RoutePanel title="Create group" onClose={close}>
      <MutationForm
        form={form}
        document={CreateGroupDocument}
        variables={({ displayName, description }) => ({
          input: { realmId, displayName, description: description.trim() || null },
        })}
        stale={[{ of: 'Realm', id: realmId, lists: ['groups', 'events'] }]}
        submitLabel="Create group"
        refusal={refusal('groups:create')}
        onCancel={close}
        onDone={({ group }) => {
          notifyDone('The group was created.');
          if (group) go(paths.group(realmId, group.id));
        }}
      >
        <GroupFields form={form} />
      </MutationForm>
    </RoutePanel>
  );
}
