import { useAction } from '../../apollo/useAction';
import { ActionButton } from '../../components/ActionButton';
import { useConfirm } from '../../components/Confirm';
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

export function IdentityActions({ identity }: { readonly identity: IdentityProfileFragment }) {
  const { id: realmId } = useRealm();
  const go = useGo();
  const confirm = useConfirm();
  const refusal = useRefusal();
  const name = identity.displayName;
  const input = { realmId, identityId: identity.id, ifVersion: identity.version };
  const lists = [{ of: 'Realm', id: realmId, lists: ['identities', 'events'] }] as const;
  const [suspend] = useAction(SuspendIdentityDocument, { done: `${name} was suspended.`, stale: lists });
  const [activate, activating] = useAction(ActivateIdentityDocument, {
    done: `${name} was activated.`,
    stale: lists,
  });
  const [remove] = useAction(DeleteIdentityDocument, { done: `${name} was deleted.`, stale: lists });

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
      effect: 'The identity, its passkeys and its memberships are removed for good. Its events stay.',
      verb: 'Delete',
      typeName: identity.username,
      run: async () => {
        const done = await remove({ input });
        if (done !== undefined) go(paths.identities(realmId));
        return done !== undefined;
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
