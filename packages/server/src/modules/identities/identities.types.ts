import { z } from 'zod';
import { comparable, line, verbatim } from '../../kernel/text.js';

const kind = verbatim(100).optional();

/** Addresses of every script, and of hosts without a dot: whether mail arrives is for mail to find out. */
const emailAddress = z.object({
  value: z
    .string()
    .max(320, 'At most 320 characters.')
    .refine((value) => /^[^\s@\p{C}]+@[^\s@\p{C}]+$/u.test(value), 'This is not an e-mail address.'),
  type: kind,
  primary: z.boolean().optional(),
  display: verbatim(200).optional(),
});

const valueUpTo = (max: number) =>
  z.object({
    value: verbatim(max),
    type: kind,
    primary: z.boolean().optional(),
    display: verbatim(200).optional(),
  });

const postalAddress = z.object({
  formatted: verbatim(1000, 'many').optional(),
  streetAddress: verbatim(1000, 'many').optional(),
  locality: verbatim(200).optional(),
  region: verbatim(200).optional(),
  postalCode: verbatim(40).optional(),
  country: verbatim(100).optional(),
  type: kind,
  primary: z.boolean().optional(),
});

const many = <T extends z.ZodType>(item: T, most: number) =>
  z.array(item).max(most, `At most ${most} of these.`);
const text = (max: number) => verbatim(max).nullable();

/** Attributes that the realm declares; what each may be is checked against the declaration. */
const custom = z.record(
  z.string(),
  z.union([z.string(), z.number(), z.boolean(), z.array(z.union([z.string(), z.number(), z.boolean()]))]),
);

/** What of a profile is one text each, kept in the document. */
const plain = {
  middleName: text(256),
  honorificPrefix: text(100),
  honorificSuffix: text(100),
  nickName: text(256),
  profileUrl: text(2000),
  title: text(256),
  userType: text(256),
  preferredLanguage: text(100),
  locale: text(100),
  timezone: text(100),
  employeeNumber: text(256),
  costCenter: text(256),
  organization: text(256),
  division: text(256),
  department: text(256),
  /** As it was given: a client may name a manager whom it provisions later. */
  managerId: text(256),
};

/** What of a profile is a list, kept in the document. */
const lists = {
  phoneNumbers: many(valueUpTo(100), 20),
  ims: many(valueUpTo(256), 20),
  photos: many(valueUpTo(2000), 20),
  entitlements: many(valueUpTo(500), 100),
  scimRoles: many(valueUpTo(500), 100),
  x509Certificates: many(valueUpTo(16_384), 10),
  addresses: many(postalAddress, 20),
};

/** What a person or a provisioning client may say about an identity; every door ends at this one schema. */
export const profile = z.object({
  username: line(256),
  displayName: text(256),
  givenName: text(256),
  familyName: text(256),
  formattedName: text(512),
  ...plain,
  emails: z.array(emailAddress).max(20, 'At most 20 addresses.'),
  ...lists,
  externalId: text(512),
  active: z.boolean(),
  attributes: custom,
});
export type Profile = z.infer<typeof profile>;

export const PLAIN_FIELDS = Object.keys(plain) as (keyof typeof plain)[];
export const LIST_FIELDS = Object.keys(lists) as (keyof typeof lists)[];

const nothing = Object.fromEntries([
  ...PLAIN_FIELDS.map((field) => [field, null]),
  ...LIST_FIELDS.map((field) => [field, []]),
]) as Pick<Profile, keyof typeof plain | keyof typeof lists>;

export const NEW_PROFILE: Omit<Profile, 'username'> = {
  ...nothing,
  displayName: null,
  givenName: null,
  familyName: null,
  formattedName: null,
  emails: [],
  externalId: null,
  active: true,
  attributes: {},
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
