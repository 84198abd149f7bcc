/** Form values of a new identity: what one has at hand; the rest is filled in on its page. */
export interface NewProfileValues {
  username: string;
  displayName: string;
  givenName: string;
  familyName: string;
  email: string;
  externalId: string;
}

export const EMPTY_PROFILE: NewProfileValues = {
  username: '',
  displayName: '',
  givenName: '',
  familyName: '',
  email: '',
  externalId: '',
};

/** What was left empty is not sent. */
export function filledIn({
  username,
  ...values
}: NewProfileValues): { username: string } & Partial<NewProfileValues> {
  const filled = Object.entries(values).filter(([, value]) => value.trim() !== '');
  return { username, ...Object.fromEntries(filled) };
}
