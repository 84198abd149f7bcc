import type { ApolloCache } from '@apollo/client';

/** Lists of one object that a mutation has made out of date. Lists on screen load again by themselves. */
export interface Stale {
  readonly of: 'Tenant' | 'Realm' | 'Identity' | 'Group' | 'Campaign';
  readonly id: string;
  readonly lists: readonly string[];
}

export function forget(cache: ApolloCache, stale: readonly Stale[]): void {
  for (const { of, id, lists } of stale)
    for (const fieldName of lists) {
      const object = cache.identify({ __typename: of, id });
      if (object !== undefined) cache.evict({ id: object, fieldName });
    }
  cache.gc();
}
