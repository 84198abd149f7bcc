import type { CompareOp, Filter, FilterValue } from './filter.js';
import type { Attribute } from './schema.js';
import type { ScimEmail } from './user.js';

export const folded = (text: string): string => text.toLowerCase();

/** Whether an element meets the condition between its brackets. */
export function matches(email: ScimEmail, filter: Filter): boolean {
  switch (filter.kind) {
    case 'and':
      return filter.items.every((item) => matches(email, item));
    case 'or':
      return filter.items.some((item) => matches(email, item));
    case 'not':
      return !matches(email, filter.item);
    case 'present':
      return (partOf(email, filter.target.sub) ?? '') !== '';
    case 'compare':
      return compares(partOf(email, filter.target.sub), filter.op, filter.value);
    case 'element':
      return false;
  }
}

function partOf(email: ScimEmail, sub: Attribute | undefined): string | boolean | undefined {
  const parts = new Map<string | undefined, string | boolean | undefined>([
    ['value', email.value],
    ['type', email.type],
    ['display', email.display],
    ['primary', email.primary],
  ]);
  return parts.get(sub?.name);
}

function compares(have: string | boolean | undefined, op: CompareOp, want: FilterValue): boolean {
  if (typeof want === 'boolean') return ((have ?? false) === want) === (op === 'eq');
  const text = typeof have === 'string' ? folded(have) : undefined;
  const wanted = folded(String(want));
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
