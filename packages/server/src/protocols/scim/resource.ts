import type { Stored } from './contract.js';
import { badRequest } from './errors.js';
import { applyTo } from './patch.js';
import type { ResourceType } from './schema.js';
import { entriesOf, type Resource } from './values.js';

/**
 * A POST or PUT body. What we do not keep is left out (RFC 7644, section 3.3); `id` and `meta` are ours.
 * @param before what a replacement replaces: one that says nothing of it leaves a suspended user suspended
 */
export function parseResource(type: ResourceType, body: unknown, before?: Resource): Resource {
  if (typeof body !== 'object' || body === null || Array.isArray(body))
    throw badRequest('invalidSyntax', 'A resource is a JSON object.');
  const start: Resource = { active: before?.active ?? true };
  const resource = entriesOf(body).reduce((current, [key, value]) => said(type, current, key, value), start);
  for (const { name, required } of type.attributes)
    if (required && !Object.hasOwn(resource, name)) throw badRequest('invalidValue', `${name} is required.`);
  return resource;
}

function said(type: ResourceType, resource: Resource, key: string, value: unknown): Resource {
  const found = type.resolve(key);
  if (!found || value === null || value === undefined || value === '') return resource;
  if (found.attribute)
    return found.attribute.mutability === 'readOnly' || found.sub?.mutability === 'readOnly'
      ? resource
      : applyTo(resource, 'replace', { ...found, filter: undefined }, value);
  const { urn } = found.extension;
  return entriesOf(value).reduce((current, [name, part]) => {
    const path = name.toLowerCase().startsWith('urn:') ? name : `${urn}:${name}`;
    // An extension within one is nothing that we keep.
    return type.resolve(path)?.attribute ? said(type, current, path, part) : current;
  }, resource);
}

export const etagOf = ({ version }: Pick<Stored, 'version'>): string => `W/"${version}"`;

export const locationOf = (type: ResourceType, base: string, id: string): string =>
  `${base}${type.endpoint}/${id}`;

/** The whole resource as it is sent. */
export function render(type: ResourceType, stored: Stored, base: string): Record<string, unknown> {
  const { resource } = stored;
  // What the directory keeps is sent, whether or not the request named the extension that it belongs to.
  const extensions = Object.keys(resource).filter((key) => key.startsWith('urn:'));
  const related = relatedOf(type, stored, base);
  return Object.fromEntries([
    ['schemas', [type.urn, ...extensions]],
    ['id', stored.id],
    ...type.attributes
      .filter(({ name }) => Object.hasOwn(resource, name))
      .map(({ name }) => [name, resource[name]]),
    ...(related ? [related] : []),
    ...extensions.map((urn) => [urn, resource[urn]]),
    [
      'meta',
      {
        resourceType: type.id,
        created: stored.createdAt.toISOString(),
        lastModified: stored.updatedAt.toISOString(),
        location: locationOf(type, base, stored.id),
        version: etagOf(stored),
      },
    ],
  ]);
}

/** The attribute that lists what the resource is related to. */
export const relatedName = (type: ResourceType): string => (type.id === 'User' ? 'groups' : 'members');

function relatedOf(type: ResourceType, { related }: Stored, base: string): [string, unknown] | undefined {
  if (!related || related.length === 0) return undefined;
  const [endpoint, kind] = type.id === 'User' ? ['Groups', 'direct'] : ['Users', 'User'];
  return [
    relatedName(type),
    related.map(({ id, display }) => ({ value: id, $ref: `${base}/${endpoint}/${id}`, display, type: kind })),
  ];
}
