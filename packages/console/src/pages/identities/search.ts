import type { IdentityStatus } from '../../generated/graphql';
import { type ListSearch, listSearch, type RawSearch, textOf, wordOf } from '../../search';

export const STATUSES: readonly IdentityStatus[] = ['ACTIVE', 'SUSPENDED'];

export interface IdentitiesSearch extends ListSearch {
  status?: IdentityStatus | undefined;
  group?: string | undefined;
}

export const identitiesSearch = (raw: RawSearch): IdentitiesSearch => ({
  ...listSearch(raw),
  status: wordOf(raw, 'status', STATUSES),
  group: textOf(raw, 'group'),
});
