import { Stack } from '@mantine/core';
import { useForm } from '@mantine/form';
import { CopyField } from '../../components/CopyField';
import { MutationForm } from '../../components/MutationForm';
import { notifyDone } from '../../components/notify';
import { Section } from '../../components/Section';
import { type IdentityProfileFragment, UpdateIdentityDocument } from '../../generated/graphql';
import { useRealm } from '../../layout/realm';
import { useRefusal } from '../../layout/viewer';
import { ProfileFields } from './ProfileFields';
import { changed, valuesOf } from './profile';

export interface ProfileFormProps {
  readonly identity: IdentityProfileFragment;
  readonly onReload: () => void;
}

export function ProfileForm({ identity, onReload }: ProfileFormProps) {
  const { id: realmId } = useRealm();
  const refusal = useRefusal()('identities:update');
  const form = useForm({ initialValues: valuesOf(identity) });
  return (
    <Section title="Profile">
      <Stack>
        <MutationForm
          form={form}
          document={UpdateIdentityDocument}
          variables={(values) => ({
            input: {
              realmId,
              identityId: identity.id,
              ifVersion: identity.version,
              ...changed(values, identity),
            },
          })}
          stale={[{ of: 'Realm', id: realmId, lists: ['identities'] }]}
          submitLabel="Save"
          refusal={refusal}
          onReload={onReload}
          onDone={({ identity: saved }) => {
            if (saved) form.setValues(valuesOf(saved));
            form.resetDirty(saved ? valuesOf(saved) : undefined);
            notifyDone('The profile was saved.');
          }}
        >
          <ProfileFields form={form} readOnly={refusal !== undefined} />
        </MutationForm>
        <CopyField label="Identity id" value={identity.id} />
      </Stack>
    </Section>
  );
}
