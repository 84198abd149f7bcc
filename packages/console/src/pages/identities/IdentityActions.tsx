import { useAction } from '../../apollo/useAction';
import { useCommand } from '../../apollo/useCommand';
import { ActionButton } from '../../components/ActionButton';
import { useConfirm } from '../../components/Confirm';
import { notifyRefusal } from '../../components/notify';
import { notifyUndo } from '../../components/notifyUndo';
import {
  ActivateIdentityDocument,
  DeleteIdentityDocument,
  type IdentityProfileFragment,
  SuspendIdentityDocument,
} from '../../generated/graphql';
import { useGo } from '../../go';
import { useRealm } from '../../layout/realm';
import { useRefusal } from '../../layout/viewer';
import { paths } from '../../paths';
import { useRestore } from './useRestore';

export function IdentityActions({ identity }: { readonly identity: IdentityProfileFragment }) {
  const { id: realmId } = useRealm();
  const go = useGo();
  const confirm = useConfirm();
  const refusal = useRefusal();
  const name = identity.displayName;
  const input = { realmId, identityId: identity.id, ifVersion: identity.version };
  const lists = [{ of: 'Realm', id: realmId, lists: ['identities', 'deletedIdentities', 'events'] }] as const;
  const [suspend] = useAction(SuspendIdentityDocument, { done: `${name} was suspended.`, stale: lists });
  const [activate, activating] = useAction(ActivateIdentityDocument, {
    done: `${name} was activated.`,
    stale: lists,
  });
  const [remove] = useCommand(DeleteIdentityDocument, { stale: lists });
  const [restore] = useRestore();

  const askSuspend = () =>
    confirm({
      title: `Suspend ${name}?`,
      effect:
        'Every session and token of this person ends at once, and nobody can sign in as them until you activate them.',
      verb: 'Suspend',
      run: async () => (await suspend({ input })) !== undefined,
    });
  const askDelete = () =>
    confirm({
      title: `Delete ${name}?`,
      effect:
        'Every session and token of this person ends at once. For 7 days the identity can be brought back with its passkeys, groups and roles.',
      verb: 'Delete',
      run: async () => {
        const outcome = await remove({ input });
        if (outcome.kind === 'refused') for (const { message } of outcome.problems) notifyRefusal(message);
        if (outcome.kind !== 'done') return false;
        go(paths.identities(realmId));
        notifyUndo(`${name} was deleted.`, () => void restore(identity));
        return true;
      },
    });

  return (
    <>
      {identity.status === 'ACTIVE' ? (
        <ActionButton variant="default" refusal={refusal('identities:update')} onClick={askSuspend}>
          Suspend
        </ActionButton>
      ) : (
        <ActionButton
          variant="default"
          loading={activating}
          refusal={refusal('identities:update')}
          onClick={() => void activate({ input })}
        >
          Activate
        </ActionButton>
      )}
      <ActionButton variant="outline" color="red" refusal={refusal('identities:delete')} onClick={askDelete}>
        Delete
      </ActionButton>
    </>
  );
}
