import { useApolloClient } from '@apollo/client/react';
import { forget } from '../../apollo/forget';
import { type Outcome, type Payload, useCommand } from '../../apollo/useCommand';
import { notifyDone, notifyRefusal } from '../../components/notify';
import {
  AddGroupMembersDocument,
  type ProblemFragment,
  RemoveGroupMembersDocument,
} from '../../generated/graphql';
import { useRealm } from '../../layout/realm';

interface MembersPayload extends Payload {
  readonly results: readonly { readonly changed: boolean; readonly error: ProblemFragment | null }[];
}

export interface Membership {
  /** @returns whether the identity is a member now */
  readonly add: (groupId: string, identityId: string) => Promise<boolean>;
  /** @returns whether the identity is no member any more */
  readonly remove: (groupId: string, identityId: string) => Promise<boolean>;
  readonly busy: boolean;
}

/** Puts one identity into a group, or takes it out, from whichever side it is looked at. */
export function useMembership(): Membership {
  const { id: realmId } = useRealm();
  const { cache } = useApolloClient();
  const [addMembers, adding] = useCommand(AddGroupMembersDocument);
  const [removeMembers, removing] = useCommand(RemoveGroupMembersDocument);
  const input = (groupId: string, identityId: string) => ({
    input: { realmId, groupId, identityIds: [identityId] },
  });
  const settle = (groupId: string, identityId: string, done: boolean): boolean => {
    if (done)
      forget(cache, [
        { of: 'Group', id: groupId, lists: ['members'] },
        { of: 'Identity', id: identityId, lists: ['groups'] },
        { of: 'Realm', id: realmId, lists: ['identities', 'events'] },
      ]);
    return done;
  };
  return {
    busy: adding || removing,
    add: async (groupId, identityId) => {
      const outcome = await addMembers(input(groupId, identityId));
      return settle(groupId, identityId, tell(outcome, 'Added to the group.', 'Already in the group.'));
    },
    remove: async (groupId, identityId) => {
      const outcome = await removeMembers(input(groupId, identityId));
      return settle(groupId, identityId, tell(outcome, 'Removed from the group.', 'Not in the group.'));
    },
  };
}

function tell(outcome: Outcome<MembersPayload>, done: string, nothing: string): boolean {
  if (outcome.kind === 'failed') return false;
  if (outcome.kind === 'refused') {
    for (const problem of outcome.problems) notifyRefusal(problem.message);
    return false;
  }
  const [result] = outcome.payload.results;
  if (result?.error) {
    notifyRefusal(result.error.message);
    return false;
  }
  notifyDone(result?.changed ? done : nothing);
  return true;
}
