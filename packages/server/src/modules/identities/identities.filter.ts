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
  | 'updatedAt';
export type EmailField = 'value' | 'type' | 'display' | 'primary';
export type FilterOp = 'eq' | 'ne' | 'co' | 'sw' | 'ew' | 'gt' | 'ge' | 'lt' | 'le';

export type FieldTest<Field extends string> =
  | { readonly field: Field; readonly op: FilterOp; readonly value: string | boolean | Date }
  | { readonly field: Field; readonly op: 'pr' };

export type EmailFilter =
  | { readonly all: readonly EmailFilter[] }
  | { readonly any: readonly EmailFilter[] }
  | { readonly not: EmailFilter }
  | { readonly test: FieldTest<EmailField> };

/** A condition on identities; text is compared without regard to case, except id and externalId. */
export type DirectoryFilter =
  | { readonly all: readonly DirectoryFilter[] }
  | { readonly any: readonly DirectoryFilter[] }
  | { readonly not: DirectoryFilter }
  | { readonly test: FieldTest<FilterField> }
  /** One and the same address meets the whole of it. */
  | { readonly someEmail: EmailFilter };
