import { isDeepStrictEqual } from 'node:util';
import { parseInput } from '../../kernel/command.js';
import type { IdentityRow } from './identities.queries.js';
import { displayNameOf, NEW_PROFILE, type Profile, profile } from './identities.types.js';

export const profileOf = (row: IdentityRow): Profile => ({
  ...NEW_PROFILE,
  ...row.profile,
  username: row.username,
  displayName: row.display_name,
  givenName: row.given_name,
  familyName: row.family_name,
  formattedName: row.formatted_name,
  emails: row.emails,
  externalId: row.external_id,
  active: row.status === 'ACTIVE',
  attributes: row.attributes as Profile['attributes'],
});

export const subjectOf = (row: Pick<IdentityRow, 'id' | 'display_name'>) => ({
  kind: 'IDENTITY' as const,
  id: row.id,
  name: row.display_name,
});

/** What somebody new may be said to be; the rest of the profile is empty. */
export const newProfile = profile
  .partial()
  .required({ username: true })
  .transform((given): Profile => ({ ...NEW_PROFILE, ...definedOnly(given), username: given.username }));

/** The profile that is asked for, and which fields of it are not what they were. @throws DomainError INVALID_INPUT */
export function changeOf(row: IdentityRow, wanted: unknown): { value: Profile; changed: (keyof Profile)[] } {
  const before = profileOf(row);
  const parsed = parseInput(profile, wanted);
  const value: Profile = { ...parsed, displayName: displayNameOf(parsed) };
  const changed = (Object.keys(value) as (keyof Profile)[]).filter(
    (key) => !isDeepStrictEqual(value[key], before[key]),
  );
  return { value, changed };
}

/** Without the fields that are undefined, so that they do not hide a default. */
const definedOnly = (value: object): Partial<Profile> =>
  Object.fromEntries(Object.entries(value).filter(([, field]) => field !== undefined));
