import { z } from 'zod';
import { comparable, line } from '../../kernel/text.js';

const emailAddress = z.object({
  value: z.email('This is not an e-mail address.').max(320),
  type: line(100).optional(),
  primary: z.boolean().optional(),
  display: line(200).optional(),
});

/** What a person or a provisioning client may say about an identity; every door ends at this one schema. */
export const profile = z.object({
  username: line(256),
  displayName: line(256).nullable(),
  givenName: line(256).nullable(),
  familyName: line(256).nullable(),
  formattedName: line(512).nullable(),
  emails: z.array(emailAddress).max(20, 'At most 20 addresses.'),
  externalId: line(512).nullable(),
  active: z.boolean(),
});
export type Profile = z.infer<typeof profile>;

export const NEW_PROFILE: Omit<Profile, 'username'> = {
  displayName: null,
  givenName: null,
  familyName: null,
  formattedName: null,
  emails: [],
  externalId: null,
  active: true,
};

/** The address that stands for the person: the primary one, else the first. */
export const primaryEmail = (value: Profile): string | null =>
  (value.emails.find((email) => email.primary) ?? value.emails[0])?.value ?? null;

/** One address given by itself: it becomes the primary one and leaves the others as they are. */
export function withEmail(emails: Profile['emails'], address: string | null): Profile['emails'] {
  const primary = emails.find((email) => email.primary) ?? emails[0];
  const others = emails.filter((email) => email !== primary);
  return address === null ? others : [{ ...primary, value: address, primary: true }, ...others];
}

export const usernameKey = (username: string): string => comparable(username);

export const displayNameOf = (value: Profile): string => {
  const spelled = [value.givenName, value.familyName].filter(Boolean).join(' ');
  return value.displayName ?? (value.formattedName || spelled || value.username);
};
