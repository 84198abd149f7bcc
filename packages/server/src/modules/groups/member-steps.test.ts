import fc from 'fast-check';
import { expect, it } from 'vitest';
import { type MemberStep, netOf } from './member-steps.js';

/** One step after the other, as they are written. */
function applied(members: ReadonlySet<string>, steps: readonly MemberStep[]): Set<string> {
  let current = new Set(members);
  for (const { kind, ids } of steps) {
    if (kind === 'replace') current = new Set(ids);
    else for (const id of ids) kind === 'add' ? current.add(id) : current.delete(id);
  }
  return current;
}

it('comes to the same members in two steps at most', () => {
  const ids = fc.array(fc.constantFrom('a', 'b', 'c', 'd'), { maxLength: 4 });
  const step = fc.record({ kind: fc.constantFrom('add', 'remove', 'replace'), ids });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 12 }), ids, (steps, members) => {
      const net = netOf(steps);
      expect(net.length).toBeLessThanOrEqual(2);
      expect(applied(new Set(members), net)).toEqual(applied(new Set(members), steps));
    }),
    { numRuns: 2000 },
  );
});
