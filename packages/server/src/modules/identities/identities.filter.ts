import type { FieldTest, Order, RowFilter } from '../../kernel/filter.js';
import type { LIST_FIELDS, PLAIN_FIELDS } from './identities.types.js';

/** Fields that a directory filter may name. */
export type FilterField =
  | 'id'
  | 'username'
  | 'externalId'
  | 'displayName'
  | 'givenName'
  | 'familyName'
  | 'formattedName'
  | 'active'
  | 'createdAt'
  | 'updatedAt'
  | 'provisionedBy'
  | (typeof PLAIN_FIELDS)[number]
  /** The externalId of those that belong to the client or to nobody: what another calls somebody is not told. */
  | { readonly externalIdFor: string }
  /** An attribute that the realm declares. */
  | { readonly attribute: string; readonly holds: 'text' | 'number' | 'boolean' };

export type ListField = 'emails' | (typeof LIST_FIELDS)[number];

/** A part of one of several values; `primary` is true or false, all else is text. */
export type PartField =
  | 'value'
  | 'type'
  | 'display'
  | 'primary'
  | 'formatted'
  | 'streetAddress'
  | 'locality'
  | 'region'
  | 'postalCode'
  | 'country';
export type PartFilter = RowFilter<PartField>;

/** One and the same value, group, or item of a declared list. */
export type SomeOf =
  | { readonly list: ListField; readonly meets: PartFilter }
  | { readonly group: RowFilter<'value' | 'display'> }
  | {
      readonly attribute: string;
      readonly item: FieldTest<'item'>;
      readonly holds: 'text' | 'number' | 'boolean';
    };

/** A condition on identities; text is compared without regard to case, except id and externalId. */
export type DirectoryFilter = RowFilter<FilterField, SomeOf>;
export type DirectoryOrder = Order<FilterField>;
