/** Form values of an identity's profile: text, empty where the identity has nothing. */
export interface ProfileValues {
  username: string;
  displayName: string;
  givenName: string;
  familyName: string;
  email: string;
  externalId: string;
}

export type Profile = { readonly [Field in keyof ProfileValues]: string | null };

export const EMPTY_PROFILE: ProfileValues = {
  username: '',
  displayName: '',
  givenName: '',
  familyName: '',
  email: '',
  externalId: '',
};

const FIELDS = Object.keys(EMPTY_PROFILE) as (keyof ProfileValues)[];

export const valuesOf = (profile: Profile): ProfileValues =>
  Object.fromEntries(FIELDS.map((field) => [field, profile[field] ?? ''])) as unknown as ProfileValues;

/** For a new identity: what was left empty is not sent. */
export function filledIn({
  username,
  ...values
}: ProfileValues): { username: string } & Partial<ProfileValues> {
  const filled = Object.entries(values).filter(([, value]) => value.trim() !== '');
  return { username, ...Object.fromEntries(filled) };
}

/** For a change: only the fields that differ, null for those that were emptied. */
export function changed(
  values: ProfileValues,
  profile: Profile,
): Partial<Record<keyof ProfileValues, string | null>> {
  const different = FIELDS.filter((field) => values[field] !== (profile[field] ?? ''));
  return Object.fromEntries(
    different.map((field) => [field, values[field].trim() === '' ? null : values[field]]),
  );
}
