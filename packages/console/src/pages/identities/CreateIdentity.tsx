import { useForm } from '@mantine/form';
import { MutationForm } from '../../components/MutationForm';
import { notifyDone } from '../../components/notify';
import { RoutePanel } from '../../components/RoutePanel';
import { CreateIdentityDocument } from '../../generated/graphql';
import { useGo } from '../../go';
import { useRealm } from '../../layout/realm';
import { useRefusal } from '../../layout/viewer';
import { paths } from '../../paths';
import { NewProfileFields } from './NewProfileFields';
import { EMPTY_PROFILE, filledIn } from './new-profile';

export function CreateIdentity() {
  const { id: realmId } = useRealm();
  const go = useGo();
  const refusal = useRefusal();
  const form = useForm({ initialValues: EMPTY_PROFILE });
  const close = () => go(paths.identities(realmId), { search: true });
  return (
    <RoutePanel title="Create identity" onClose={close}>
      <MutationForm
        form={form}
        document={CreateIdentityDocument}
        variables={(values) => ({ input: { realmId, ...filledIn(values) } })}
        stale={[{ of: 'Realm', id: realmId, lists: ['identities'] }]}
        submitLabel="Create identity"
        refusal={refusal('identities:create')}
        onCancel={close}
        onDone={({ identity }) => {
          notifyDone('The identity was created. A binding link lets this person add a passkey.');
          if (identity) go(paths.identity(realmId, identity.id));
        }}
      >
        <NewProfileFields form={form} />
      </MutationForm>
    </RoutePanel>
  );
}
