import type { RealmCtx } from '../../kernel/context.js';
import type { FieldTest, RowFilter } from '../../kernel/filter.js';
import type { Sort } from '../../protocols/scim/contract.js';
import { badRequest } from '../../protocols/scim/errors.js';
import type { Filter } from '../../protocols/scim/filter.js';
import { CUSTOM_SCHEMA, ENTERPRISE_SCHEMA } from '../../protocols/scim/resource-types.js';
import { pathOf, type ResolvedAttribute } from '../../protocols/scim/schema.js';
import { RESOURCE_TYPE, resourceTypeTest } from '../../protocols/scim/typed.js';
import type {
  DirectoryFilter,
  DirectoryOrder,
  FilterField,
  ListField,
  PartField,
  SomeOf,
} from './identities.filter.js';
import { LIST_FIELDS, PLAIN_FIELDS } from './identities.types.js';
import { ATTRIBUTE_OF } from './profile.scim.js';

const named = new Set<string>([
  'username',
  'displayName',
  'givenName',
  'familyName',
  'formattedName',
  'active',
  'externalId',
  ...PLAIN_FIELDS,
]);

const FIELDS: ReadonlyMap<string, FilterField> = new Map<string, FilterField>([
  ...[...ATTRIBUTE_OF].flatMap(([field, path]): [string, FilterField][] =>
    named.has(field) ? [[path, field as FilterField]] : [],
  ),
  [`${ENTERPRISE_SCHEMA}:manager.value`, 'managerId'],
  ['id', 'id'],
  ['meta.created', 'createdAt'],
  ['meta.lastModified', 'updatedAt'],
]);

const LISTS: ReadonlyMap<string, ListField> = new Map(
  (['emails', ...LIST_FIELDS] as const).map((field) => [ATTRIBUTE_OF.get(field) ?? field, field]),
);

type Test = Extract<Filter, { kind: 'present' | 'compare' }>;

/** @throws ScimError invalidFilter for an attribute that the directory does not keep */
export function toDirectory(ctx: RealmCtx, filter: Filter): DirectoryFilter {
  switch (filter.kind) {
    case 'and':
      return { all: filter.items.map((item) => toDirectory(ctx, item)) };
    case 'or':
      return { any: filter.items.map((item) => toDirectory(ctx, item)) };
    case 'not':
      return { not: toDirectory(ctx, filter.item) };
    case 'element':
      return { some: elements(filter.target, filter.item) };
    default: {
      const { attribute, extension } = filter.target;
      if (pathOf(filter.target) === RESOURCE_TYPE) return resourceTypeTest('User', filter);
      if (attribute.multiValued) return oneOfSeveral(filter);
      const test: DirectoryFilter =
        filter.kind === 'present'
          ? presence(filter.target)
          : { test: { field: fieldOf(filter.target), op: filter.op, value: filter.value } };
      return attribute.name === 'externalId' && !extension ? { all: [test, mineOrNobodys(ctx)] } : test;
    }
  }
}

/** What a client calls somebody is between it and us: it never finds by the names of another. */
const mineOrNobodys = ({ provisioning }: RealmCtx): DirectoryFilter =>
  provisioning
    ? {
        any: [
          { not: { test: { field: 'provisionedBy', op: 'pr' } } },
          { test: { field: 'provisionedBy', op: 'eq', value: provisioning.clientId } },
        ],
      }
    : { all: [] };

function fieldOf(target: ResolvedAttribute): FilterField {
  const field = FIELDS.get(pathOf(target)) ?? declared(target);
  if (field === undefined) throw badRequest('invalidFilter', `${pathOf(target)} can't be filtered by.`);
  return field;
}

const HOLDS = { boolean: 'boolean', integer: 'number', decimal: 'number' } as const;

const holdsOf = ({ attribute }: ResolvedAttribute): 'text' | 'number' | 'boolean' =>
  attribute.type in HOLDS ? HOLDS[attribute.type as keyof typeof HOLDS] : 'text';

/** The name is one of the declaration's, never as the client wrote it. */
const declared = (target: ResolvedAttribute): Extract<FilterField, { holds: unknown }> | undefined =>
  target.extension?.urn === CUSTOM_SCHEMA && !target.attribute.multiValued
    ? { attribute: target.attribute.name, holds: holdsOf(target) }
    : undefined;

/** A complex attribute is there when a part of it is. */
function presence(target: ResolvedAttribute): DirectoryFilter {
  const { attribute, sub } = target;
  const parts = sub || attribute.subAttributes.length === 0 ? [sub] : attribute.subAttributes;
  const fields = parts.flatMap((part) => {
    const of = { ...target, sub: part };
    return FIELDS.get(pathOf(of)) ?? declared(of) ?? [];
  });
  if (fields.length === 0) throw badRequest('invalidFilter', `${attribute.name} can't be filtered by.`);
  return { any: fields.map((field) => ({ test: { field, op: 'pr' as const } })) };
}

/** `emails.value ne "x"` means that no address is x, not that some address is another. */
function oneOfSeveral(filter: Test): DirectoryFilter {
  if (filter.kind === 'compare' && filter.op === 'ne')
    return { not: { some: elements(filter.target, { ...filter, op: 'eq' }) } };
  return { some: elements(filter.target, filter) };
}

function elements(target: ResolvedAttribute, filter: Filter): SomeOf {
  const { attribute, extension } = target;
  if (extension?.urn === CUSTOM_SCHEMA) {
    if (filter.kind !== 'compare' && filter.kind !== 'present')
      throw badRequest('invalidFilter', `${attribute.name} has no elements.`);
    return { attribute: attribute.name, item: testOf('item', filter), holds: holdsOf(target) };
  }
  if (attribute.name === 'groups') return { group: parts(filter, groupPart) };
  const list = LISTS.get(attribute.name);
  if (list === undefined) throw badRequest('invalidFilter', `${attribute.name} can't be filtered by.`);
  return { list, meets: parts(filter, (name) => name as PartField) };
}

function groupPart(name: string): 'value' | 'display' {
  if (name === 'value' || name === 'display') return name;
  throw badRequest('invalidFilter', `groups can't be filtered by ${name}.`);
}

function parts<Field>(filter: Filter, fieldFor: (name: string) => Field): RowFilter<Field> {
  switch (filter.kind) {
    case 'and':
      return { all: filter.items.map((item) => parts(item, fieldFor)) };
    case 'or':
      return { any: filter.items.map((item) => parts(item, fieldFor)) };
    case 'not':
      return { not: parts(filter.item, fieldFor) };
    case 'element':
      return parts(filter.item, fieldFor);
    default: {
      const { attribute, sub } = filter.target;
      if (!sub) {
        if (filter.kind === 'present') return presentParts(filter.target, fieldFor);
        throw badRequest('invalidFilter', `Compare a part of ${attribute.name}.`);
      }
      return { test: testOf(fieldFor(sub.name), filter) };
    }
  }
}

const presentParts = <Field>(
  { attribute }: ResolvedAttribute,
  fieldFor: (name: string) => Field,
): RowFilter<Field> => ({
  any: attribute.subAttributes
    .filter(({ type }) => type !== 'boolean')
    .map(({ name }) => ({ test: { field: fieldFor(name), op: 'pr' as const } })),
});

const testOf = <Field>(field: Field, filter: Test): FieldTest<Field> =>
  filter.kind === 'present' ? { field, op: 'pr' } : { field, op: filter.op, value: filter.value };

/** @throws ScimError invalidPath for what nothing can be sorted by */
export function orderOf({ provisioning }: RealmCtx, { target, descending }: Sort): DirectoryOrder {
  const path = pathOf(target);
  if (path === 'externalId' && provisioning)
    return { field: { externalIdFor: provisioning.clientId }, descending };
  const field = FIELDS.get(path) ?? declared(target);
  if (field === undefined) throw badRequest('invalidPath', `Lists can't be sorted by ${path}.`);
  return { field, descending };
}
