import type { GeneratedAlways } from 'kysely';
import type { Json, Time, Versioned, WithDefault } from './columns.js';

/** One of several values of a kind, such as an e-mail address or a telephone number. */
export interface TypedValue {
  value: string;
  type?: string | undefined;
  primary?: boolean | undefined;
  display?: string | undefined;
}

export interface PostalAddress {
  formatted?: string | undefined;
  streetAddress?: string | undefined;
  locality?: string | undefined;
  region?: string | undefined;
  postalCode?: string | undefined;
  country?: string | undefined;
  type?: string | undefined;
  primary?: boolean | undefined;
}

/** What of a profile has no column of its own; a field without a value is left out. */
export interface StoredProfile {
  middleName?: string;
  honorificPrefix?: string;
  honorificSuffix?: string;
  nickName?: string;
  profileUrl?: string;
  title?: string;
  userType?: string;
  preferredLanguage?: string;
  locale?: string;
  timezone?: string;
  employeeNumber?: string;
  costCenter?: string;
  organization?: string;
  division?: string;
  department?: string;
  managerId?: string;
  phoneNumbers?: TypedValue[];
  ims?: TypedValue[];
  photos?: TypedValue[];
  entitlements?: TypedValue[];
  scimRoles?: TypedValue[];
  x509Certificates?: TypedValue[];
  addresses?: PostalAddress[];
}

export type EnrollmentStatus = 'ENROLLED' | 'PENDING' | 'INVITE_FAILED' | 'UNENROLLED';

export interface IdentitiesTable extends Versioned {
  realm_id: string;
  id: string;
  username: string;
  username_key: string;
  /** Made by the database: what the username looks like in Latin letters. */
  username_skeleton: GeneratedAlways<string>;
  /** Made by the database: everything that a search looks at. */
  search_text: GeneratedAlways<string>;
  display_name: string;
  given_name: string | null;
  family_name: string | null;
  formatted_name: string | null;
  email: string | null;
  emails: Json<TypedValue[]>;
  external_id: string | null;
  status: WithDefault<'ACTIVE' | 'SUSPENDED'>;
  profile: Json<StoredProfile>;
  attributes: Json<Record<string, unknown>>;
  /** The provisioning client that it belongs to; null for what people made. */
  provisioned_by: WithDefault<string | null>;
  /** Kept by triggers on passkeys and binding jobs. */
  enrollment_status: WithDefault<EnrollmentStatus>;
}

export interface GroupsTable extends Versioned {
  realm_id: string;
  id: string;
  display_name: string;
  display_name_key: string;
  description: string | null;
  managed: string | null;
  external_id: WithDefault<string | null>;
  provisioned_by: WithDefault<string | null>;
}

export interface GroupMembersTable {
  realm_id: string;
  group_id: string;
  identity_id: string;
  added_at: Time;
}

/** Kept by triggers; the sum over a realm's rows is how many identities it holds. */
export interface DirectoryCountsTable {
  realm_id: string;
  shard: number;
  identities: number;
}
