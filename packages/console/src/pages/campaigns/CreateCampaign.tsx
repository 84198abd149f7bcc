import { useQuery } from '@apollo/client/react';
import { Alert, Input, Text, Textarea, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { kept } from '../../apollo/kept';
import { MutationForm } from '../../components/MutationForm';
import { notifyDone } from '../../components/notify';
import { RoutePanel } from '../../components/RoutePanel';
import { CampaignPreviewDocument, CreateCampaignDocument } from '../../generated/graphql';
import { useGo } from '../../go';
import { useRealm } from '../../layout/realm';
import { useRefusal } from '../../layout/viewer';
import { paths } from '../../paths';
import { GroupSelect } from '../groups/GroupSelect';
import { daysOf, endOfDay } from './words';

interface Values {
  name: string;
  groupId: string;
  dueAt: string;
  reminderDays: string;
  message: string;
}

/** A draft: nobody is asked before it is started. */
export function CreateCampaign() {
  const { id: realmId } = useRealm();
  const go = useGo();
  const refusal = useRefusal();
  const form = useForm<Values>({
    initialValues: { name: '', groupId: '', dueAt: '', reminderDays: '7, 3, 1', message: '' },
    validate: {
      dueAt: (date) => (endOfDay(date) === undefined ? 'Choose a day.' : null),
      reminderDays: (text) => (daysOf(text) === undefined ? 'Whole days, with commas between them.' : null),
    },
  });
  const close = () => go(paths.campaigns(realmId), { search: true });
  return (
    <RoutePanel title="Create campaign" onClose={close}>
      <MutationForm
        form={form}
        document={CreateCampaignDocument}
        variables={(values) => ({
          input: {
            realmId,
            name: values.name,
            groupId: values.groupId || null,
            dueAt: endOfDay(values.dueAt) ?? '',
            reminderDays: daysOf(values.reminderDays) ?? [],
            message: values.message.trim() || null,
          },
        })}
        stale={[{ of: 'Realm', id: realmId, lists: ['campaigns', 'events'] }]}
        submitLabel="Create draft"
        refusal={refusal('credential-binding-jobs:create')}
        onCancel={close}
        onDone={({ campaign }) => {
          notifyDone('The campaign is a draft. Start it when you are ready.');
          if (campaign) go(paths.campaign(realmId, campaign.id));
        }}
      >
        <TextInput label="Name" required data-autofocus {...form.getInputProps('name')} />
        <Input.Wrapper label="Group" description="Empty: everyone of the realm.">
          <GroupSelect
            label="Group"
            placeholder="Everyone"
            value={form.values.groupId || null}
            onPick={(groupId) => form.setFieldValue('groupId', groupId ?? '')}
          />
        </Input.Wrapper>
        <Preview groupId={form.values.groupId || null} />
        <TextInput label="Until the end of" type="date" required {...form.getInputProps('dueAt')} />
        <TextInput
          label="Remind so many days before"
          description="With commas between them. Empty: no reminder."
          {...form.getInputProps('reminderDays')}
        />
        <Textarea
          label="Message"
          description="A paragraph of your own in the mail, as plain text. May stay empty."
          autosize
          minRows={3}
          maxLength={1000}
          {...form.getInputProps('message')}
        />
      </MutationForm>
    </RoutePanel>
  );
}

const people = (count: number): string => (count === 1 ? '1 person' : `${count.toLocaleString()} people`);

function Preview({ groupId }: { readonly groupId: string | null }) {
  const { id: realmId } = useRealm();
  const refused = useRefusal()('identities:read');
  const { data, loading } = kept(
    useQuery(CampaignPreviewDocument, {
      variables: { realmId, groupId },
      skip: refused !== undefined,
      fetchPolicy: 'network-only',
    }),
  );
  const preview = data?.realm?.campaignPreview;
  if (refused !== undefined) return null;
  return (
    <Alert variant="light" color="blue" role="status" aria-busy={loading}>
      {preview ? (
        <Text size="sm">
          {people(preview.wouldAsk)} would be asked now. {people(preview.withoutAddress)} without an address
          that mail can go to; {preview.enrolled.toLocaleString()} with a passkey already,{' '}
          {preview.suspended.toLocaleString()} suspended.
        </Text>
      ) : (
        <Text size="sm">Counting...</Text>
      )}
    </Alert>
  );
}
