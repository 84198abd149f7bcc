import { useApolloClient } from '@apollo/client/react';
import { useState } from 'react';
import { forget } from '../../apollo/forget';
import { type Outcome, type Payload, useCommand } from '../../apollo/useCommand';
import { notifyCaution, notifyDone, notifyRefusal } from '../../components/notify';
import { notifyUndo } from '../../components/notifyUndo';
import {
  ActivateIdentitiesDocument,
  AddGroupMembersDocument,
  DeleteIdentitiesDocument,
  type ProblemFragment,
  RestoreIdentitiesDocument,
  type RestoreIdentitiesMutation,
  SuspendIdentitiesDocument,
} from '../../generated/graphql';
import { useRealm } from '../../layout/realm';
import { type Chosen, countOf, type Failure, sorted } from './bulk';
import { named } from './useRestore';

interface BulkPayload extends Payload {
  readonly results: readonly { readonly identityId: string; readonly error: ProblemFragment | null }[];
}

export interface Bulk {
  /** Each resolves to whether it was tried; what failed is in `failures`, and stays chosen. */
  readonly suspend: () => Promise<boolean>;
  readonly activate: () => Promise<boolean>;
  readonly remove: () => Promise<boolean>;
  readonly addTo: (groupId: string) => Promise<boolean>;
  readonly busy: boolean;
  readonly failures: readonly Failure[];
}

/** One action on all chosen identities; each succeeds or fails by itself. */
export function useBulk(chosen: Chosen, onChosen: (chosen: Chosen) => void): Bulk {
  const { id: realmId } = useRealm();
  const { cache } = useApolloClient();
  const [failures, setFailures] = useState<readonly Failure[]>([]);
  const [suspend, suspending] = useCommand(SuspendIdentitiesDocument);
  const [activate, activating] = useCommand(ActivateIdentitiesDocument);
  const [remove, removing] = useCommand(DeleteIdentitiesDocument);
  const [add, adding] = useCommand(AddGroupMembersDocument);
  const restore = useRestoreMany();
  const input = { realmId, identityIds: [...chosen.keys()] };

  const settle = (
    outcome: Outcome<BulkPayload>,
    what: string,
    tell: (message: string, ids: readonly string[]) => void = notifyDone,
  ): boolean => {
    if (outcome.kind === 'refused') for (const { message } of outcome.problems) notifyRefusal(message);
    if (outcome.kind !== 'done') return false;
    const result = sorted(chosen, outcome.payload.results);
    setFailures(result.failures);
    onChosen(new Map(result.failures.map(({ id, name }) => [id, name])));
    if (result.done.length > 0)
      tell(
        `${countOf(result.done.length)} ${result.done.length === 1 ? 'was' : 'were'} ${what}.`,
        result.done,
      );
    forget(cache, [
      { of: 'Realm', id: realmId, lists: ['identities', 'deletedIdentities', 'events'] },
      ...result.done.map((id) => ({ of: 'Identity', id, lists: ['groups'] }) as const),
    ]);
    return true;
  };
  return {
    suspend: async () => settle(await suspend({ input }), 'suspended'),
    activate: async () => settle(await activate({ input }), 'activated'),
    remove: async () =>
      settle(await remove({ input }), 'deleted', (message, ids) =>
        notifyUndo(message, () => void restore(ids)),
      ),
    addTo: async (groupId) => {
      const tried = settle(await add({ input: { ...input, groupId } }), 'added to the group');
      forget(cache, [{ of: 'Group', id: groupId, lists: ['members'] }]);
      return tried;
    },
    busy: suspending || activating || removing || adding,
    failures,
  };
}

function useRestoreMany(): (ids: readonly string[]) => Promise<void> {
  const { id: realmId } = useRealm();
  const [run] = useCommand(RestoreIdentitiesDocument, {
    stale: [{ of: 'Realm', id: realmId, lists: ['identities', 'deletedIdentities', 'events'] }],
  });
  return async (ids) => {
    const outcome = await run({ input: { realmId, identityIds: [...ids] } });
    if (outcome.kind === 'refused') for (const { message } of outcome.problems) notifyRefusal(message);
    if (outcome.kind === 'done') tellRestored(outcome.payload.results);
  };
}

function tellRestored(results: RestoreIdentitiesMutation['restoreIdentities']['results']): void {
  for (const message of new Set(results.flatMap(({ error }) => error?.message ?? []))) notifyRefusal(message);
  const back = results.filter(({ error }) => error === null);
  const skipped = back.flatMap((result) => result.skipped);
  if (skipped.length > 0) notifyCaution(`${countOf(back.length)} back, without ${named(skipped)}.`);
  else if (back.length > 0) notifyDone(`${countOf(back.length)} back.`);
}
