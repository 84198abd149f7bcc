import { TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { MutationForm } from '../../components/MutationForm';
import { notifyDone } from '../../components/notify';
import { RoutePanel } from '../../components/RoutePanel';
import { UpdateRealmDocument } from '../../generated/graphql';
import { useGo } from '../../go';
import { useRealm } from '../../layout/realm';
import { useRefusal } from '../../layout/viewer';
import { paths } from '../../paths';

export function RenameRealm() {
  const realm = useRealm();
  const go = useGo();
  const refusal = useRefusal();
  const form = useForm({ initialValues: { displayName: realm.displayName } });
  const close = () => go(paths.home(realm.id));
  return (
    <RoutePanel title="Rename realm" onClose={close}>
      <MutationForm
        form={form}
        document={UpdateRealmDocument}
        variables={({ displayName }) => ({
          input: { realmId: realm.id, ifVersion: realm.version, displayName },
        })}
        submitLabel="Save"
        refusal={refusal('realms:update')}
        onCancel={close}
        onDone={() => {
          notifyDone('The realm was renamed.');
          close();
        }}
      >
        <TextInput label="Name" data-autofocus required {...form.getInputProps('displayName')} />
      </MutationForm>
    </RoutePanel>
  );
}
