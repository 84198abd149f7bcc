import type { Endpoint, ListAnswer } from './endpoint.js';
import { badRequest, ScimError } from './errors.js';
import { LIST_RESPONSE, type ListRequest, PAGE } from './listing.js';

/**
 * A search over every kind of resource, one kind after the other (RFC 7644, section 3.4.2.1). A kind that has none of
 * the attributes of the filter has nothing that meets it.
 * @throws ScimError where the filter fits no kind
 */
export async function searchAll(endpoints: readonly Endpoint[], asked: ListRequest) {
  if (asked.cursor !== undefined)
    throw badRequest('invalidCursor', 'Only lists of one kind of resource have cursors.');
  const count = Math.min(PAGE.most, Math.max(0, asked.count ?? PAGE.standard));
  const skipped = Math.max(1, asked.startIndex ?? 1) - 1;
  let total = 0;
  const resources: unknown[] = [];
  const faults: ScimError[] = [];
  for (const endpoint of endpoints) {
    const window = {
      ...asked,
      startIndex: Math.max(0, skipped - total) + 1,
      count: count - resources.length,
    };
    const answer = await listOrFault(endpoint, window);
    if (answer instanceof ScimError) faults.push(answer);
    else {
      total += answer.totalResults;
      resources.push(...(answer.body.Resources as unknown[]));
    }
  }
  if (faults.length === endpoints.length) throw faults[0];
  return {
    schemas: [LIST_RESPONSE],
    totalResults: total,
    startIndex: skipped + 1,
    itemsPerPage: resources.length,
    Resources: resources,
  };
}

async function listOrFault(endpoint: Endpoint, asked: ListRequest): Promise<ListAnswer | ScimError> {
  try {
    return await endpoint.list(asked);
  } catch (error) {
    if (
      error instanceof ScimError &&
      (error.scimType === 'invalidFilter' || error.scimType === 'invalidPath')
    )
      return error;
    throw error;
  }
}
