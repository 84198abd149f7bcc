import type { ResourceType } from './schema.js';
import { entriesOf } from './values.js';

/** The names that were asked for, or not wanted, as the client wrote them, separated by commas. */
export interface Projection {
  readonly attributes: string | undefined;
  readonly excludedAttributes: string | undefined;
}

/** A whole attribute, or some parts of it. */
type Part = 'whole' | Parts;
interface Parts extends ReadonlyMap<string, Part> {}

/** The part of the resource that was asked for (RFC 7644, section 3.9). */
export function project(
  type: ResourceType,
  whole: Record<string, unknown>,
  projection: Projection,
): Record<string, unknown> {
  const wanted = partsOf(type, projection.attributes);
  const unwanted = partsOf(type, projection.excludedAttributes);
  const kept = Object.entries(whole).map(([key, value]): [string, unknown] => {
    if (key === 'id' || key === 'schemas') return [key, value];
    if (wanted) return [key, selected(value, wanted.get(key), true)];
    return [key, unwanted?.has(key) ? selected(value, unwanted.get(key), false) : value];
  });
  return Object.fromEntries(kept.filter(([, value]) => value !== undefined));
}

/** Whether anything of the attribute will be sent: what will not be is not read either. */
export function isSent(type: ResourceType, name: string, projection: Projection): boolean {
  const wanted = partsOf(type, projection.attributes);
  return wanted ? wanted.has(name) : partsOf(type, projection.excludedAttributes)?.get(name) !== 'whole';
}

/** The value with only those parts, or with all but those; undefined where nothing is left of it. */
function selected(value: unknown, part: Part | undefined, keep: boolean): unknown {
  if (part === undefined || part === 'whole') return keep === (part === 'whole') ? value : undefined;
  if (Array.isArray(value)) {
    const items = value.map((item) => selected(item, part, keep)).filter((item) => item !== undefined);
    return items.length > 0 ? items : undefined;
  }
  const entries = entriesOf(value)
    .map(([key, item]): [string, unknown] => {
      const inner = part.get(key);
      if (inner === undefined) return [key, keep ? undefined : item];
      return [key, selected(item, inner, keep)];
    })
    .filter(([, item]) => item !== undefined);
  return entries.length > 0 ? Object.fromEntries(entries) : undefined;
}

/** @returns undefined where no list was given; a name that we do not have selects nothing */
function partsOf(type: ResourceType, list: string | undefined): Parts | undefined {
  const names = (list ?? '')
    .split(',')
    .map((name) => name.trim())
    .filter(Boolean);
  if (names.length === 0) return undefined;
  const parts = new Map<string, Part>();
  for (const name of names) {
    const found = type.resolve(name);
    if (!found) continue;
    const path = [found.extension?.urn, found.attribute?.name, found.attribute && found.sub?.name];
    mark(
      parts,
      path.filter((step) => step !== undefined),
    );
  }
  return parts;
}

function mark(parts: Map<string, Part>, [first = '', ...rest]: readonly string[]): void {
  const before = parts.get(first);
  if (rest.length === 0 || before === 'whole') {
    parts.set(first, 'whole');
    return;
  }
  const inner = new Map(before);
  mark(inner, rest);
  parts.set(first, inner);
}
