import { isDeepStrictEqual } from 'node:util';
import { badRequest } from './errors.js';
import type { Filter } from './filter.js';
import { folded, matches } from './match.js';
import type { Op } from './operations.js';
import { type Attribute, subOf } from './schema.js';
import {
  type Element,
  elementsOf,
  omit,
  onePrimary,
  partsOf,
  saying,
  says,
  scalarOf,
  withParts,
} from './values.js';

interface Place {
  readonly attribute: Attribute;
  readonly sub: Attribute | undefined;
  readonly filter: Filter | undefined;
}

/** The values of a multi-valued attribute after an operation on some of them. @throws ScimError noTarget */
export function patchElements(
  elements: readonly Element[],
  op: Op,
  { attribute, sub, filter }: Place,
  value: unknown,
): Element[] {
  if (filter) return patchMatching(elements, op, { attribute, sub, filter }, value);
  // Entra lists what it removes; an empty list removes nothing.
  if (op === 'remove')
    return value === undefined || value === null
      ? []
      : without(attribute, elements, elementsOf(attribute, value));
  return added(attribute, elements, elementsOf(attribute, value));
}

/** A value that is there already takes on what is said of it; nothing is listed twice. */
function added(of: Attribute, elements: readonly Element[], given: readonly Element[]): Element[] {
  const list = [...elements];
  const latest = new Set<Element>();
  const places = new Map<string, number[]>();
  const place = (element: Element, at: number) => {
    const key = keyOf(of, element);
    places.set(key, [...(places.get(key) ?? []), at]);
  };
  list.forEach(place);
  for (const element of given) {
    const at = places.get(keyOf(of, element))?.find((index) => meets(of, list[index] ?? {}, element));
    const known = at === undefined ? undefined : list[at];
    const next = { ...known, ...element, ...(known?.value === undefined ? {} : { value: known.value }) };
    latest.add(next);
    if (at === undefined) {
      list.push(next);
      place(next, list.length - 1);
    } else list[at] = next;
  }
  return onePrimary(list, latest);
}

/** Values that may be one have this in common. */
function keyOf(of: Attribute, element: Element): string {
  const value = subOf(of, 'value');
  if (!value) return '';
  return value.caseExact ? String(element.value) : folded(String(element.value));
}

function patchMatching(
  elements: readonly Element[],
  op: Op,
  { attribute, sub, filter }: Place & { filter: Filter },
  value: unknown,
): Element[] {
  const matching = new Set(elements.filter((element) => matches(element, filter)));
  if (op === 'remove' && !sub) return elements.filter((element) => !matching.has(element));
  if (op === 'remove' && matching.size === 0) return [...elements];
  const parts = sub
    ? [[sub, op === 'remove' ? null : scalarOf(sub, `${attribute.name}.${sub.name}`, value)] as const]
    : partsOf(attribute, value);
  if (matching.size === 0) {
    // Entra adds or replaces a part of an element that is not there yet.
    const made = sub || op === 'add' ? elementFrom(filter) : undefined;
    const fresh = made && withParts(made, parts);
    if (fresh && sub && parts.every(([, part]) => part === null)) return [...elements];
    if (!fresh || !says(attribute, fresh)) throw badRequest('noTarget', 'No element matches the path.');
    return onePrimary([...elements, fresh], new Set([fresh]));
  }
  const latest = new Set<Element>();
  const changed = elements.map((element) => {
    if (!matching.has(element)) return element;
    const next = withParts(element, parts);
    latest.add(next);
    return next;
  });
  return onePrimary(saying(attribute, changed), latest);
}

/** A new element that the filter would match, where the filter only says what equals what. */
function elementFrom(filter: Filter): Element | undefined {
  const tests = filter.kind === 'and' ? filter.items : [filter];
  let made: Element = {};
  for (const test of tests) {
    if (test.kind !== 'compare' || test.op !== 'eq' || !test.target.sub) return undefined;
    if (test.value instanceof Date || test.target.sub.mutability === 'readOnly') return undefined;
    made = withParts(made, [[test.target.sub, test.value === '' ? null : test.value]]);
  }
  return made;
}

const without = (of: Attribute, elements: readonly Element[], gone: readonly Element[]): Element[] =>
  elements.filter((element) => !gone.some((other) => meets(of, element, other)));

/** Whether a value is the one that a client means by what it lists of it. */
function meets(of: Attribute, have: Element, said: Element): boolean {
  if (!subOf(of, 'value')) return isDeepStrictEqual(omit(have, 'primary'), omit(said, 'primary'));
  return (
    keyOf(of, have) === keyOf(of, said) &&
    (said.type === undefined || folded(String(have.type ?? '')) === folded(String(said.type)))
  );
}
