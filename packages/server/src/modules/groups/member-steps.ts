/** A step that is taken on the members of a group, in order. */
export interface MemberStep {
  readonly kind: 'add' | 'remove' | 'replace';
  readonly ids: readonly string[];
}

/**
 * What several steps come to, as at most two: who goes, or exactly who is there, and then who comes. Clients send a
 * thousand of them for one member each.
 */
export function netOf(steps: readonly MemberStep[]): MemberStep[] {
  let whole: Set<string> | undefined;
  const added = new Set<string>();
  const removed = new Set<string>();
  for (const { kind, ids } of steps) {
    if (kind === 'replace') {
      whole = new Set(ids);
      added.clear();
      removed.clear();
    }
    for (const id of kind === 'replace' ? [] : ids) {
      const [into, outOf] = kind === 'add' ? [added, removed] : [removed, added];
      into.add(id);
      outOf.delete(id);
    }
  }
  if (whole) return [{ kind: 'replace', ids: [...whole.union(added).difference(removed)] }];
  return [
    ...(removed.size > 0 ? [{ kind: 'remove' as const, ids: [...removed] }] : []),
    ...(added.size > 0 ? [{ kind: 'add' as const, ids: [...added] }] : []),
  ];
}
