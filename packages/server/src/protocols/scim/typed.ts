import { badRequest } from './errors.js';
import type { Filter } from './filter.js';

/** The attribute that says what kind of resource one is; it is the same for all of a kind. */
export const RESOURCE_TYPE = 'meta.resourceType';

/** @returns everything or nothing */
export function resourceTypeTest(
  kind: string,
  test: Extract<Filter, { kind: 'present' | 'compare' }>,
): { readonly all: readonly [] } | { readonly any: readonly [] } {
  const everything = { all: [] } as const;
  const nothing = { any: [] } as const;
  if (test.kind === 'present') return everything;
  if (test.op !== 'eq' && test.op !== 'ne')
    throw badRequest('invalidFilter', `${RESOURCE_TYPE} is compared with eq or ne.`);
  return (test.value === kind) === (test.op === 'eq') ? everything : nothing;
}
