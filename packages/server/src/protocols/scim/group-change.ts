import type { GroupChange, GroupProfile, MemberStep } from './contract.js';
import { badRequest } from './errors.js';
import type { Filter } from './filter.js';
import { isRepeated, keysOf, type Op, type Operation } from './operations.js';
import { parsePath, type Target } from './path.js';
import { GROUP } from './resource-types.js';
import { entriesOf, scalarOf } from './values.js';

/** A POST or PUT body (RFC 7643, section 4.2). @throws ScimError */
export function parseGroup(body: unknown): GroupProfile {
  if (typeof body !== 'object' || body === null || Array.isArray(body))
    throw badRequest('invalidSyntax', 'A group is a JSON object.');
  const said = new Map(
    entriesOf(body).flatMap(([key, value]) => {
      const found = GROUP.resolve(key);
      return found?.attribute ? [[found.attribute.name, { attribute: found.attribute, value }] as const] : [];
    }),
  );
  const textOf = (name: string) => {
    const given = said.get(name);
    return given ? (scalarOf(given.attribute, name, given.value) as string | null) : null;
  };
  const displayName = textOf('displayName');
  if (displayName === null) throw badRequest('invalidValue', 'displayName is required.');
  return { displayName, externalId: textOf('externalId'), members: memberIds(said.get('members')?.value) };
}

/** A PUT says everything of a group, members too. */
export const asReplacement = ({ members, ...group }: GroupProfile): GroupChange => ({
  ...group,
  members: [{ kind: 'replace', ids: members }],
});

/** A PATCH as steps on the members and new names: what it costs does not depend on the size of the group. @throws ScimError */
export function parseGroupPatch(id: string, operations: readonly Operation[]): GroupChange {
  return operations.reduce<GroupChange>(
    (change, { op, path, value }) => {
      if (path !== undefined) return withStep(change, op, targetOf(path), value);
      return keysOf(value).reduce(
        (current, [key, part]) =>
          isRepeated(key, part, id) ? current : withStep(current, op, targetOf(key), part),
        change,
      );
    },
    { members: [] },
  );
}

function targetOf(path: string): Target {
  const target = parsePath(GROUP, path);
  if (!target.attribute) throw badRequest('invalidPath', `There is no attribute "${path}".`);
  return target;
}

function withStep(change: GroupChange, op: Op, target: Target, value: unknown): GroupChange {
  const { attribute } = target;
  if (attribute.mutability === 'readOnly')
    throw badRequest('mutability', `${attribute.name} can't be changed.`);
  if (attribute.name === 'members')
    return { ...change, members: [...change.members, memberStep(op, target, value)] };
  const text = op === 'remove' ? null : (scalarOf(attribute, attribute.name, value) as string | null);
  if (attribute.name === 'externalId') return { ...change, externalId: text };
  if (text === null) throw badRequest('mutability', "displayName is required and can't be emptied.");
  return { ...change, displayName: text };
}

function memberStep(op: Op, { filter, sub }: Target, value: unknown): MemberStep {
  if (filter) {
    if (op !== 'remove' || sub)
      throw badRequest('invalidPath', 'Members are only added, removed or replaced.');
    return { kind: 'remove', ids: idsIn(filter) };
  }
  if (sub) throw badRequest('invalidPath', 'Members are only added, removed or replaced.');
  if (op !== 'remove') return { kind: op, ids: memberIds(value) };
  // Entra lists whom it removes; an empty list removes nobody.
  return value === undefined || value === null
    ? { kind: 'replace', ids: [] }
    : { kind: 'remove', ids: memberIds(value) };
}

/** Members are named by their ids, one or several of them; the list is never searched. */
function idsIn(filter: Filter): string[] {
  if (filter.kind === 'or') return filter.items.flatMap(idsIn);
  if (filter.kind === 'compare' && filter.op === 'eq' && filter.target.sub?.name === 'value')
    return [String(filter.value)];
  throw badRequest('invalidFilter', 'Members are named by value eq "...".');
}

const MOST_MEMBERS = 20_000;

function memberIds(given: unknown): string[] {
  if (given === undefined || given === null || given === '') return [];
  const list = Array.isArray(given) ? given : [given];
  if (list.length > MOST_MEMBERS)
    throw badRequest('tooMany', `At most ${MOST_MEMBERS} members are named in one request.`);
  return [...new Set(list.map(memberId))];
}

function memberId(item: unknown): string {
  const value =
    typeof item === 'string' ? item : entriesOf(item).find(([key]) => key.toLowerCase() === 'value')?.[1];
  if (typeof value === 'string' && value !== '') return value;
  throw badRequest('invalidValue', 'A member is an object with the id of a user as its value.');
}
