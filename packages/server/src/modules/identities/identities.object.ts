import { Field, ID, Int, ObjectType, registerEnumType } from 'type-graphql';
import { connectionOf } from '../../protocols/graphql/connection.js';
import { DateTimeScalar, JsonScalar } from '../../protocols/graphql/scalars.js';
import { type IdentityRow, profileOf } from './identities.service.js';
import { PostalAddress, ProfileTexts, TypedValue } from './profile.object.js';

export const IdentityStatus = { ACTIVE: 'ACTIVE', SUSPENDED: 'SUSPENDED' } as const;
registerEnumType(IdentityStatus, { name: 'IdentityStatus' });

export const EnrollmentStatus = {
  ENROLLED: 'ENROLLED',
  PENDING: 'PENDING',
  INVITE_FAILED: 'INVITE_FAILED',
  UNENROLLED: 'UNENROLLED',
} as const;
registerEnumType(EnrollmentStatus, {
  name: 'EnrollmentStatus',
  description:
    'ENROLLED has an active passkey, PENDING an open binding link, INVITE_FAILED one that could not be sent, UNENROLLED none of these.',
});

@ObjectType({ description: 'A person or an account in one realm.' })
export class Identity extends ProfileTexts {
  @Field(() => ID)
  id!: string;
  @Field(() => String, { description: 'Unique in the realm without regard to case.' })
  username!: string;
  @Field(() => String)
  displayName!: string;
  @Field(() => [TypedValue])
  emails!: TypedValue[];
  @Field(() => [TypedValue])
  phoneNumbers!: TypedValue[];
  @Field(() => [TypedValue])
  ims!: TypedValue[];
  @Field(() => [TypedValue], { description: 'Addresses of pictures.' })
  photos!: TypedValue[];
  @Field(() => [PostalAddress])
  addresses!: PostalAddress[];
  @Field(() => [TypedValue])
  entitlements!: TypedValue[];
  @Field(() => [TypedValue], {
    description: 'What the attribute `roles` of SCIM said. It gives nothing; roles of Keyrealm are others.',
  })
  scimRoles!: TypedValue[];
  @Field(() => [TypedValue], { description: 'As base64 of DER.' })
  x509Certificates!: TypedValue[];
  @Field(() => JsonScalar, { description: 'The attributes that the realm declares, as an object.' })
  attributes!: unknown;
  @Field(() => IdentityStatus)
  status!: 'ACTIVE' | 'SUSPENDED';
  @Field(() => EnrollmentStatus)
  enrollmentStatus!: keyof typeof EnrollmentStatus;
  @Field(() => ID, {
    nullable: true,
    description: 'The provisioning client that it belongs to; null when people made it.',
  })
  provisionedBy!: string | null;
  @Field(() => Int)
  version!: number;
  @Field(() => DateTimeScalar)
  createdAt!: Date;
  @Field(() => DateTimeScalar)
  updatedAt!: Date;
  realmId!: string;
}

export const presentIdentity = (row: IdentityRow): Identity => {
  const { active: _, ...profile } = profileOf(row);
  return {
    ...profile,
    displayName: row.display_name,
    email: row.email,
    id: row.id,
    status: row.status,
    enrollmentStatus: row.enrollment_status,
    provisionedBy: row.provisioned_by,
    version: row.version,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
    realmId: row.realm_id,
  };
};

export const IdentityConnection = connectionOf(Identity, 'Identity');
