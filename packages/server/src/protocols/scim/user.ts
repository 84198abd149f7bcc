/** A user as SCIM has it, with what we keep of it (RFC 7643, section 4.1). */
export interface ScimUser {
  readonly userName: string;
  readonly externalId: string | null;
  readonly displayName: string | null;
  readonly active: boolean;
  readonly name: ScimName;
  readonly emails: readonly ScimEmail[];
}

export interface ScimName {
  readonly formatted: string | null;
  readonly familyName: string | null;
  readonly givenName: string | null;
}

export interface ScimEmail {
  readonly value: string;
  readonly type?: string;
  readonly display?: string;
  readonly primary?: boolean;
}

export interface StoredUser {
  readonly id: string;
  readonly version: number;
  readonly createdAt: Date;
  readonly updatedAt: Date;
  readonly user: ScimUser;
}
