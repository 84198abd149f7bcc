import { useAction } from '../../apollo/useAction';
import { ActionButton } from '../../components/ActionButton';
import { useConfirm } from '../../components/Confirm';
import {
  type CampaignRowFragment,
  EndCampaignDocument,
  PauseCampaignDocument,
  StartCampaignDocument,
} from '../../generated/graphql';
import { useRealm } from '../../layout/realm';
import { useRefusal } from '../../layout/viewer';

/** What can be done about a campaign in the state that it is in. */
export function CampaignActions({ campaign }: { readonly campaign: CampaignRowFragment }) {
  const { id: realmId } = useRealm();
  const confirm = useConfirm();
  const refusal = useRefusal()('credential-binding-jobs:create');
  const stale = [{ of: 'Realm', id: realmId, lists: ['campaigns', 'events', 'outbox'] }] as const;
  const { name, status } = campaign;
  const [start] = useAction(StartCampaignDocument, { done: `${name} is running.`, stale });
  const [pause, pausing] = useAction(PauseCampaignDocument, { done: `${name} is paused.`, stale });
  const [end] = useAction(EndCampaignDocument, { done: `${name} has ended.`, stale });
  const input = { realmId, campaignId: campaign.id };
  const askStart = () =>
    confirm({
      title: `Start ${name}?`,
      effect:
        'Everyone who is meant and has no passkey gets a mail with a link, and so does who joins later.',
      verb: 'Start',
      run: async () => (await start({ input })) !== undefined,
    });
  const askEnd = () =>
    confirm({
      title: `End ${name} for good?`,
      effect: 'Nobody is asked or reminded any more. Links that are out stay valid until they expire.',
      verb: 'End',
      run: async () => (await end({ input })) !== undefined,
    });
  if (status === 'ENDED') return null;
  return (
    <>
      {status === 'RUNNING' ? (
        <ActionButton
          variant="default"
          refusal={refusal}
          loading={pausing}
          onClick={() => void pause({ input })}
        >
          Pause
        </ActionButton>
      ) : (
        <ActionButton refusal={refusal} onClick={askStart}>
          {status === 'DRAFT' ? 'Start' : 'Go on'}
        </ActionButton>
      )}
      <ActionButton variant="outline" color="red" refusal={refusal} onClick={askEnd}>
        End
      </ActionButton>
    </>
  );
}
