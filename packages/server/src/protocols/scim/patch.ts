import { patchElements } from './elements.js';
import { badRequest } from './errors.js';
import { matches } from './match.js';
import { isRepeated, keysOf, type Op, type Operation } from './operations.js';
import { parsePath, type Target } from './path.js';
import type { ResourceType } from './schema.js';
import {
  bounded,
  type Element,
  elementsOf,
  omit,
  onePrimary,
  partsOf,
  type Resource,
  saying,
  scalarOf,
  scalarsOf,
  type Value,
  withParts,
} from './values.js';

/** All of them or none: the resource that is given is never changed. @throws ScimError */
export const applyPatch = (
  type: ResourceType,
  resource: Resource,
  id: string,
  operations: readonly Operation[],
): Resource => operations.reduce((current, operation) => applyOne(type, current, id, operation), resource);

function applyOne(
  type: ResourceType,
  resource: Resource,
  id: string,
  { op, path, value }: Operation,
): Resource {
  if (path === undefined)
    return keysOf(value).reduce(
      (current, [key, part]) =>
        isRepeated(key, part, id) ? current : applyKey(type, current, op, key, part),
      resource,
    );
  const target = parsePath(type, path);
  if (!target.attribute) return applyExtension(type, resource, op, target.extension.urn, value);
  const { mutability, name } = target.sub ?? target.attribute;
  if (mutability === 'readOnly' || target.attribute.mutability === 'readOnly')
    throw badRequest('mutability', `${name} can't be changed.`);
  return applyTo(resource, op, target, value);
}

/** One key of a value without a path: a name, a dotted name or a URN. What can only be read is repeated, not meant. */
function applyKey(type: ResourceType, resource: Resource, op: Op, key: string, value: unknown): Resource {
  const target = parsePath(type, key);
  if (!target.attribute) return applyExtension(type, resource, op, target.extension.urn, value);
  return target.attribute.mutability === 'readOnly' ? resource : applyTo(resource, op, target, value);
}

function applyExtension(
  type: ResourceType,
  resource: Resource,
  op: Op,
  urn: string,
  value: unknown,
): Resource {
  if (op === 'remove' || value === null) return omit(resource, urn);
  return keysOf(value).reduce((current, [key, part]) => {
    const path = key.toLowerCase().startsWith('urn:') ? key : `${urn}:${key}`;
    if (!parsePath(type, path).attribute) throw badRequest('invalidPath', 'An extension holds no other.');
    return applyKey(type, current, op, path, part);
  }, resource);
}

/** The resource with what is said of one attribute. */
export function applyTo(resource: Resource, op: Op, target: Target, value: unknown): Resource {
  const { attribute, extension } = target;
  if (attribute.mutability === 'writeOnly') return resource;
  const holder = (extension ? (resource[extension.urn] ?? {}) : resource) as Readonly<Record<string, Value>>;
  const next = nextOf(holder[attribute.name], op, target, value);
  // RFC 7644, section 3.5.2.2.
  if (next === undefined && attribute.required)
    throw badRequest('mutability', `${attribute.name} is required and can't be emptied.`);
  // Emptying it would mean the default, and let a suspended person in again.
  if (next === undefined && attribute.name === 'active' && !extension)
    throw badRequest('invalidValue', 'active must be true or false.');
  const changed = next === undefined ? omit(holder, attribute.name) : { ...holder, [attribute.name]: next };
  if (!extension) return changed;
  return Object.keys(changed).length === 0
    ? omit(resource, extension.urn)
    : { ...resource, [extension.urn]: changed };
}

/** @returns undefined for what is not assigned any more */
function nextOf(current: Value | undefined, op: Op, target: Target, value: unknown): Value | undefined {
  const { attribute } = target;
  if (!attribute.multiValued)
    return attribute.type === 'complex'
      ? nextComplex((current ?? {}) as Element, op, target, value)
      : ((op === 'remove' ? null : scalarOf(attribute, attribute.name, value)) ?? undefined);
  const list =
    attribute.type === 'complex'
      ? nextElements((current ?? []) as readonly Element[], op, target, value)
      : nextScalars((current ?? []) as readonly (string | number | boolean)[], op, target, value);
  return list.length === 0 ? undefined : list;
}

function nextComplex(current: Element, op: Op, target: Target, value: unknown): Element | undefined {
  const { attribute, sub, filter } = target;
  if (filter && !matches(current, filter)) {
    if (op === 'remove') return filled(current);
    throw badRequest('noTarget', 'Nothing matches the path.');
  }
  if (sub) {
    const part = op === 'remove' ? null : scalarOf(sub, `${attribute.name}.${sub.name}`, value);
    return filled(withParts(current, [[sub, part]]));
  }
  if (op === 'remove' || value === null || value === undefined || value === '') return undefined;
  return filled(withParts(current, partsOf(attribute, value)));
}

const filled = (element: Element): Element | undefined =>
  Object.keys(element).length === 0 ? undefined : element;

function nextElements(
  current: readonly Element[],
  op: Op,
  target: Target,
  value: unknown,
): readonly Element[] {
  const { attribute, sub, filter } = target;
  if (sub && !filter) {
    const part = op === 'remove' ? null : scalarOf(sub, `${attribute.name}.${sub.name}`, value);
    const changed = current.map((element) => withParts(element, [[sub, part]]));
    return onePrimary(saying(attribute, changed), new Set(changed));
  }
  if (filter || op !== 'replace')
    return bounded(attribute.name, patchElements(current, op, { attribute, sub, filter }, value));
  const given = elementsOf(attribute, value);
  return onePrimary(given, new Set(given));
}

function nextScalars(
  current: readonly (string | number | boolean)[],
  op: Op,
  { attribute }: Target,
  value: unknown,
): readonly (string | number | boolean)[] {
  if (op === 'remove' && (value === undefined || value === null)) return [];
  const given = scalarsOf(attribute, value);
  if (op === 'replace') return given;
  const others = current.filter((item) => !given.includes(item));
  return op === 'remove'
    ? others
    : bounded(attribute.name, [...current, ...given.filter((item) => !current.includes(item))]);
}
