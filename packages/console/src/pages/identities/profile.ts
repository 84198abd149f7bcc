import type { IdentityProfileFragment, UpdateIdentityInput } from '../../generated/graphql';
import { attributesFrom, attributeTexts, type Declared } from './attributes';

export const NAME_FIELDS = {
  username: 'Username',
  displayName: 'Display name',
  givenName: 'Given name',
  middleName: 'Middle name',
  familyName: 'Family name',
  nickName: 'Nickname',
  honorificPrefix: 'Honorific prefix',
  honorificSuffix: 'Honorific suffix',
  formattedName: 'Whole name',
} as const;

export const CONTACT_FIELDS = {
  profileUrl: 'Web page',
  preferredLanguage: 'Preferred language',
  locale: 'Locale',
  timezone: 'Time zone',
} as const;

export const WORK_FIELDS = {
  title: 'Title',
  userType: 'Kind of user',
  employeeNumber: 'Employee number',
  organization: 'Organisation',
  division: 'Division',
  department: 'Department',
  costCenter: 'Cost centre',
  managerId: "Manager's id",
  externalId: 'External id',
} as const;

const TEXTS = Object.keys({ ...NAME_FIELDS, ...CONTACT_FIELDS, ...WORK_FIELDS }) as TextField[];
export type TextField = keyof typeof NAME_FIELDS | keyof typeof CONTACT_FIELDS | keyof typeof WORK_FIELDS;

export const LISTS = ['emails', 'phoneNumbers'] as const;
export type ListField = (typeof LISTS)[number];

/** One e-mail address or phone number, as the form holds it. */
export interface Entry {
  value: string;
  type: string;
  primary: boolean;
  /** Not edited here; kept as it came. */
  readonly display: string | null;
}

export const NEW_ENTRY: Entry = { value: '', type: '', primary: false, display: null };

/** Form values of an identity's profile: text, empty where the identity has nothing. */
export type ProfileValues = Record<TextField, string> &
  Record<ListField, Entry[]> & { attributes: Record<string, string | string[]> };

/** What of an identity the form changes. */
export type Profile = { readonly [Field in TextField]: string | null } & Pick<
  IdentityProfileFragment,
  ListField | 'attributes'
>;

export function valuesOf(profile: Profile, declared: Declared): ProfileValues {
  const texts = Object.fromEntries(TEXTS.map((field) => [field, profile[field] ?? '']));
  return {
    ...(texts as Record<TextField, string>),
    emails: entriesOf(profile.emails),
    phoneNumbers: entriesOf(profile.phoneNumbers),
    attributes: attributeTexts(profile.attributes, declared),
  };
}

const entriesOf = (list: Profile[ListField]): Entry[] =>
  list.map(({ value, type, primary, display }) => ({
    value,
    type: type ?? '',
    primary: primary ?? false,
    display: display ?? null,
  }));

/** The fields that differ, null for those that were emptied. */
export function changed(
  values: ProfileValues,
  profile: Profile,
  declared: Declared,
): Partial<UpdateIdentityInput> {
  const before = valuesOf(profile, declared);
  const texts = TEXTS.filter((field) => values[field] !== before[field]).map((field) => [
    field,
    values[field].trim() === '' ? null : values[field],
  ]);
  const lists = LISTS.filter((field) => !same(values[field], before[field])).map((field) => [
    field,
    values[field].map(inputOf),
  ]);
  return {
    ...Object.fromEntries([...texts, ...lists]),
    ...(same(values.attributes, before.attributes)
      ? {}
      : { attributes: attributesFrom(values.attributes, declared) }),
  };
}

const inputOf = ({ value, type, primary, display }: Entry) => ({
  value: value.trim(),
  type: type.trim() || null,
  primary,
  display,
});

const same = (one: unknown, other: unknown): boolean => JSON.stringify(one) === JSON.stringify(other);
