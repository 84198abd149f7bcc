import { useQuery } from '@apollo/client/react';
import { Skeleton, Stack } from '@mantine/core';
import { useForm } from '@mantine/form';
import { kept } from '../../apollo/kept';
import { MutationForm } from '../../components/MutationForm';
import { notifyDone } from '../../components/notify';
import { Section } from '../../components/Section';
import {
  AttributeSchemaDocument,
  type IdentityProfileFragment,
  UpdateIdentityDocument,
} from '../../generated/graphql';
import { useRealm } from '../../layout/realm';
import { useRefusal } from '../../layout/viewer';
import { type Declared, declaredBy } from './attributes';
import { ProfileFacts } from './ProfileFacts';
import { ProfileFields } from './ProfileFields';
import { changed, valuesOf } from './profile';

export interface ProfileFormProps {
  readonly identity: IdentityProfileFragment;
  readonly onReload: () => void;
}

export function ProfileForm({ identity, onReload }: ProfileFormProps) {
  const { id: realmId } = useRealm();
  const hidden = useRefusal()('realms:read') !== undefined;
  const { data, failed } = kept(useQuery(AttributeSchemaDocument, { variables: { realmId }, skip: hidden }));
  const declared = declaredBy(data?.realm?.attributeSchema.schema);
  const known = hidden || failed || data !== undefined;
  return (
    <Section title="Profile">
      <Stack>
        {known ? (
          <Form identity={identity} onReload={onReload} declared={declared} />
        ) : (
          <Skeleton height={320} />
        )}
        <ProfileFacts identity={identity} />
      </Stack>
    </Section>
  );
}

function Form({ identity, onReload, declared }: ProfileFormProps & { readonly declared: Declared }) {
  const { id: realmId } = useRealm();
  const refusal = useRefusal()('identities:update');
  const form = useForm({ initialValues: valuesOf(identity, declared) });
  return (
    <MutationForm
      form={form}
      document={UpdateIdentityDocument}
      variables={(values) => ({
        input: {
          realmId,
          identityId: identity.id,
          ifVersion: identity.version,
          ...changed(values, identity, declared),
        },
      })}
      stale={[{ of: 'Realm', id: realmId, lists: ['identities'] }]}
      submitLabel="Save"
      refusal={refusal}
      onReload={onReload}
      onDone={({ identity: saved }) => {
        if (saved) form.setValues(valuesOf(saved, declared));
        form.resetDirty(saved ? valuesOf(saved, declared) : undefined);
        notifyDone('The profile was saved.');
      }}
    >
      <ProfileFields form={form} declared={declared} readOnly={refusal !== undefined} />
    </MutationForm>
  );
}
