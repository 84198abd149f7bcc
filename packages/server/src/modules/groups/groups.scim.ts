import type { RealmCtx } from '../../kernel/context.js';
import { notFound } from '../../kernel/errors.js';
import type { FieldTest } from '../../kernel/filter.js';
import { isId } from '../../kernel/ids.js';
import type { Done, ScimGroups, Sort, Stored } from '../../protocols/scim/contract.js';
import { badRequest } from '../../protocols/scim/errors.js';
import type { Filter } from '../../protocols/scim/filter.js';
import { pathOf, type ResolvedAttribute } from '../../protocols/scim/schema.js';
import { RESOURCE_TYPE, resourceTypeTest } from '../../protocols/scim/typed.js';
import type { GroupField, GroupsFilter, GroupsOrder, MemberFilter } from './groups.filter.js';
import type { GroupRow, GroupsService } from './groups.service.js';
import type { GroupChanged, WholeGroupsService } from './whole-groups.service.js';

interface Deps {
  readonly groups: GroupsService;
  readonly wholeGroups: WholeGroupsService;
}

/** Groups as a SCIM client sees them. */
export function createScimGroups({ groups, wholeGroups }: Deps): ScimGroups<RealmCtx> {
  const shown = async (ctx: RealmCtx, rows: readonly GroupRow[], related: boolean): Promise<Stored[]> => {
    const ids = rows.map(({ id }) => id);
    const members = related && ids.length > 0 ? await wholeGroups.membersOf(ctx, ids) : [];
    if (!members)
      throw badRequest('tooMany', 'Ask for fewer groups at a time, or with excludedAttributes=members.');
    return rows.map((row, at) => stored(ctx, row, members[at]));
  };
  const done = async (ctx: RealmCtx, changed: GroupChanged, related: boolean): Promise<Done> => {
    // It is changed by now: too many members are no reason to say that it failed.
    const [members] = (related && (await wholeGroups.membersOf(ctx, [changed.group.id]))) || [];
    return { stored: stored(ctx, changed.group, members), effect: effectOf(changed) };
  };

  return {
    create: async (ctx, group, related) => {
      const made = await done(ctx, await wholeGroups.create(ctx, group), related);
      return { ...made, effect: `created with ${group.members.length} members` };
    },

    async find(ctx, id, related) {
      const row = await groups.find(ctx, id);
      return row && (await shown(ctx, [row], related))[0];
    },

    async list(ctx, { filter, sort, span, related }) {
      const asked = { filter: filter && toGroups(ctx, filter), order: sort && orderOf(ctx, sort), span };
      const { rows, total, next } = await wholeGroups.list(ctx, asked);
      return { items: await shown(ctx, rows, related), totalResults: total, next };
    },

    async change(ctx, id, { members, ...names }, { ifVersion, related }) {
      const input = { ...names, groupId: known(id), ifVersion, steps: members };
      return done(ctx, await wholeGroups.change(ctx, input), related);
    },

    async remove(ctx, id, ifVersion) {
      await groups.remove(ctx, { groupId: known(id), ifVersion });
      return 'deleted';
    },
  };
}

/** An id that can't be one of ours is one that does not exist. */
function known(id: string): string {
  if (!isId(id)) throw notFound('group');
  return id;
}

/** Names of attributes and numbers, never a value. */
function effectOf({ changed, added, removed }: GroupChanged): string | undefined {
  const words = [
    ...changed.map((name) => `changed ${name}`),
    ...(added > 0 ? [`added ${added} members`] : []),
    ...(removed > 0 ? [`removed ${removed} members`] : []),
  ];
  return words.length === 0 ? undefined : words.join(', ');
}

/** What a client calls it is between it and us: another client does not see it. */
function stored({ provisioning }: RealmCtx, row: GroupRow, members: Stored['related']): Stored {
  const others = provisioning && row.provisioned_by !== null && row.provisioned_by !== provisioning.clientId;
  return {
    id: row.id,
    version: row.version,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
    resource: {
      displayName: row.display_name,
      ...(row.external_id === null || others ? {} : { externalId: row.external_id }),
    },
    ...(members ? { related: members } : {}),
  };
}

const FIELDS: ReadonlyMap<string, GroupField> = new Map<string, GroupField>([
  ['id', 'id'],
  ['displayName', 'displayName'],
  ['externalId', 'externalId'],
  ['meta.created', 'createdAt'],
  ['meta.lastModified', 'updatedAt'],
]);

type Test = Extract<Filter, { kind: 'present' | 'compare' }>;

/** @throws ScimError invalidFilter */
function toGroups(ctx: RealmCtx, filter: Filter): GroupsFilter {
  switch (filter.kind) {
    case 'and':
      return { all: filter.items.map((item) => toGroups(ctx, item)) };
    case 'or':
      return { any: filter.items.map((item) => toGroups(ctx, item)) };
    case 'not':
      return { not: toGroups(ctx, filter.item) };
    case 'element':
      return { some: member(filter.item) };
    default:
      if (filter.target.attribute.name === 'members')
        return filter.kind === 'compare' && filter.op === 'ne'
          ? { not: { some: member({ ...filter, op: 'eq' }) } }
          : { some: member(filter) };
      return ofGroup(ctx, filter);
  }
}

function ofGroup({ provisioning }: RealmCtx, filter: Test): GroupsFilter {
  const path = pathOf(filter.target);
  if (path === RESOURCE_TYPE) return resourceTypeTest('Group', filter);
  const test = { test: testOf(fieldOf(filter.target, 'invalidFilter'), filter) };
  if (path !== 'externalId' || !provisioning) return test;
  const nobodys: GroupsFilter = { not: { test: { field: 'provisionedBy', op: 'pr' } } };
  const mine: GroupsFilter = { test: { field: 'provisionedBy', op: 'eq', value: provisioning.clientId } };
  return { all: [test, { any: [nobodys, mine] }] };
}

function member(filter: Filter): MemberFilter {
  switch (filter.kind) {
    case 'and':
      return { all: filter.items.map(member) };
    case 'or':
      return { any: filter.items.map(member) };
    case 'not':
      return { not: member(filter.item) };
    case 'element':
      return member(filter.item);
    default: {
      const name = filter.target.sub?.name ?? 'value';
      if (name !== 'value' && name !== 'display')
        throw badRequest('invalidFilter', `members can't be filtered by ${name}.`);
      return { test: testOf(name, filter) };
    }
  }
}

const testOf = <Field>(field: Field, filter: Test): FieldTest<Field> =>
  filter.kind === 'present' ? { field, op: 'pr' } : { field, op: filter.op, value: filter.value };

function fieldOf(target: ResolvedAttribute, fault: 'invalidFilter' | 'invalidPath'): GroupField {
  const field = FIELDS.get(pathOf(target));
  if (field === undefined) throw badRequest(fault, `${pathOf(target)} can't be used here.`);
  return field;
}

function orderOf({ provisioning }: RealmCtx, { target, descending }: Sort): GroupsOrder {
  const field = fieldOf(target, 'invalidPath');
  return field === 'externalId' && provisioning
    ? { field: { externalIdFor: provisioning.clientId }, descending }
    : { field, descending };
}
