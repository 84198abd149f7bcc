import { now } from '../../kernel/clock.js';
import type { Work } from '../../kernel/command.js';
import { covers } from '../../kernel/context.js';
import { DomainError } from '../../kernel/errors.js';
import * as queries from './groups.queries.js';

type GroupRow = queries.GroupRow;

/** Who came and who went, by id, and the names of those who are there to be members. */
export interface Moved {
  readonly group: GroupRow;
  readonly added: ReadonlySet<string>;
  readonly removed: ReadonlySet<string>;
  readonly present: ReadonlyMap<string, string>;
}

/** Membership is power where roles hang on the group: nobody gives what they do not hold. @throws DomainError SCOPE_NOT_HELD */
export async function refuseBeyondOwn(work: Work, group: GroupRow): Promise<void> {
  for (const { scope, reaches_realm_ids } of await queries.selectScopesOfGroup(
    work.tx,
    group.realm_id,
    group.id,
  )) {
    if (!covers(work.ctx, scope, reaches_realm_ids))
      throw new DomainError(
        'forbidden',
        'SCOPE_NOT_HELD',
        `This group gives the scope ${scope}, which you do not hold.`,
      );
  }
}

/** What it costs does not depend on how many members the group has. Ids of nobody are in none of the answer. */
export async function addMembers(work: Work, group: GroupRow, ids: readonly string[]): Promise<Moved> {
  const present = await queries.selectPresent(work.tx, group.realm_id, ids);
  const added = new Set(await queries.insertMembers(work.tx, group.realm_id, group.id, [...present.keys()]));
  return moved(work, group, { added, removed: new Map(), present });
}

export async function removeMembers(work: Work, group: GroupRow, ids: readonly string[]): Promise<Moved> {
  const removed = await queries.deleteMembers(work.tx, group.realm_id, group.id, { ids });
  return moved(work, group, { added: new Set(), removed, present: removed });
}

/** Exactly these. */
export async function replaceMembers(work: Work, group: GroupRow, ids: readonly string[]): Promise<Moved> {
  const present = await queries.selectPresent(work.tx, group.realm_id, ids);
  const removed = await queries.deleteMembers(work.tx, group.realm_id, group.id, { allBut: ids });
  const added = new Set(await queries.insertMembers(work.tx, group.realm_id, group.id, [...present.keys()]));
  return moved(work, group, { added, removed, present });
}

/** One event for each who came or went, and a new version of the group. */
async function moved(
  work: Work,
  group: GroupRow,
  change: {
    added: ReadonlySet<string>;
    removed: ReadonlyMap<string, string>;
    present: ReadonlyMap<string, string>;
  },
): Promise<Moved> {
  const { added, present } = change;
  const removed = new Set(change.removed.keys());
  if (added.size === 0 && removed.size === 0) {
    work.unchanged();
    return { group, added, removed, present };
  }
  const data = { groupId: group.id, groupName: group.display_name };
  const subjectOf = (id: string, names: ReadonlyMap<string, string>) => ({
    subject: { kind: 'IDENTITY' as const, id, name: names.get(id) ?? id },
  });
  for (const id of removed) work.record('group.member_removed', data, subjectOf(id, change.removed));
  for (const id of added) work.record('group.member_added', data, subjectOf(id, present));
  return { group: await queries.touchGroup(work.tx, group, now()), added, removed, present };
}
