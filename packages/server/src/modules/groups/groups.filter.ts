import type { Order, RowFilter } from '../../kernel/filter.js';

export type GroupField = 'id' | 'displayName' | 'externalId' | 'createdAt' | 'updatedAt' | 'provisionedBy';

/** A condition on one and the same member. */
export type MemberFilter = RowFilter<'value' | 'display'>;
export type GroupsFilter = RowFilter<GroupField, MemberFilter>;
/** With the externalId of those that belong to the client or to nobody: what another calls a group is not told. */
export type GroupsOrder = Order<GroupField | { readonly externalIdFor: string }>;
