import { useCommand } from '../../apollo/useCommand';
import { notifyCaution, notifyDone, notifyRefusal } from '../../components/notify';
import { RestoreIdentityDocument, type SkippedFragment, type SkippedKind } from '../../generated/graphql';
import { useRealm } from '../../layout/realm';

const KINDS: Record<SkippedKind, string> = { CREDENTIAL: 'passkey', GROUP: 'group', ROLE: 'role' };

/** @returns what did not come back, as part of a sentence: "the group Support, the role Auditor" */
export const named = (skipped: readonly SkippedFragment[]): string =>
  skipped.map(({ kind, displayName }) => `the ${KINDS[kind]} ${displayName}`).join(', ');

/** Brings back one deleted identity and tells what could not come with it. Resolves to whether it is back. */
export function useRestore(): [
  restore: (deleted: { readonly id: string; readonly displayName: string }) => Promise<boolean>,
  busy: boolean,
] {
  const { id: realmId } = useRealm();
  const [run, busy] = useCommand(RestoreIdentityDocument, {
    stale: [{ of: 'Realm', id: realmId, lists: ['identities', 'deletedIdentities', 'events'] }],
  });
  const restore = async ({ id, displayName }: { readonly id: string; readonly displayName: string }) => {
    const outcome = await run({ input: { realmId, identityId: id } });
    if (outcome.kind === 'refused') for (const { message } of outcome.problems) notifyRefusal(message);
    if (outcome.kind !== 'done') return false;
    const { skipped } = outcome.payload;
    if (skipped.length === 0) notifyDone(`${displayName} is back.`);
    else notifyCaution(`${displayName} is back, without ${named(skipped)}.`);
    return true;
  };
  return [restore, busy];
}
