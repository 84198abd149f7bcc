import { TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { MutationForm } from '../../components/MutationForm';
import { notifyDone } from '../../components/notify';
import { RoutePanel } from '../../components/RoutePanel';
import { CreateRealmDocument } from '../../generated/graphql';
import { useGo } from '../../go';
import { useSession } from '../../layout/session';
import { useRefusal } from '../../layout/viewer';
import { paths } from '../../paths';

export function CreateRealm() {
  const go = useGo();
  const { tenantId } = useSession();
  const refusal = useRefusal();
  const form = useForm({ initialValues: { displayName: '' } });
  const close = () => go(paths.realms(), { search: true });
  return (
    <RoutePanel title="Create realm" onClose={close}>
      <MutationForm
        form={form}
        document={CreateRealmDocument}
        variables={(values) => ({ input: values })}
        stale={[{ of: 'Tenant', id: tenantId, lists: ['realms'] }]}
        submitLabel="Create realm"
        refusal={refusal('realms:create')}
        onCancel={close}
        onDone={({ realm }) => {
          notifyDone('The realm was created.');
          if (realm) go(paths.home(realm.id));
        }}
      >
        <TextInput
          label="Name"
          description="A stage, a brand or a company: everything in it is separate from every other realm."
          data-autofocus
          required
          {...form.getInputProps('displayName')}
        />
      </MutationForm>
    </RoutePanel>
  );
}
