import type { CompareOp, Filter, FilterValue } from './filter.js';
import { type Element, partOf } from './values.js';

export const folded = (text: string): string => text.toLowerCase();

/** Whether an element meets the condition between its brackets. */
export function matches(element: Element, filter: Filter): boolean {
  switch (filter.kind) {
    case 'and':
      return filter.items.every((item) => matches(element, item));
    case 'or':
      return filter.items.some((item) => matches(element, item));
    case 'not':
      return !matches(element, filter.item);
    case 'present':
      return (partOf(element, filter.target.sub) ?? '') !== '';
    case 'compare': {
      const { caseExact } = filter.target.sub ?? filter.target.attribute;
      return compares(partOf(element, filter.target.sub), filter.op, filter.value, caseExact);
    }
    case 'element':
      return false;
  }
}

function compares(have: unknown, op: CompareOp, want: FilterValue, exact: boolean): boolean {
  if (typeof want === 'boolean') return ((have ?? false) === want) === (op === 'eq');
  const fold = exact ? (text: string) => text : folded;
  const text = typeof have === 'string' ? fold(have) : undefined;
  const wanted = fold(String(want));
  if (op === 'ne') return text !== wanted;
  if (text === undefined) return false;
  if (op === 'eq') return text === wanted;
  if (op === 'co') return text.includes(wanted);
  if (op === 'sw') return text.startsWith(wanted);
  if (op === 'ew') return text.endsWith(wanted);
  if (op === 'gt') return text > wanted;
  if (op === 'ge') return text >= wanted;
  return op === 'lt' ? text < wanted : text <= wanted;
}
