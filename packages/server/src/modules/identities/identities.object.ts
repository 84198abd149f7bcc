import { Field, ID, Int, ObjectType, registerEnumType } from 'type-graphql';
import { connectionOf } from '../../protocols/graphql/connection.js';
import { DateTimeScalar } from '../../protocols/graphql/scalars.js';
import type { IdentityRow } from './identities.service.js';

export const IdentityStatus = { ACTIVE: 'ACTIVE', SUSPENDED: 'SUSPENDED' } as const;
registerEnumType(IdentityStatus, { name: 'IdentityStatus' });

@ObjectType({ description: 'A person or an account in one realm.' })
export class Identity {
  @Field(() => ID)
  id!: string;
  @Field(() => String, { description: 'Unique in the realm without regard to case.' })
  username!: string;
  @Field(() => String)
  displayName!: string;
  @Field(() => String, { nullable: true })
  givenName!: string | null;
  @Field(() => String, { nullable: true })
  familyName!: string | null;
  @Field(() => String, { nullable: true, description: 'The primary address.' })
  email!: string | null;
  @Field(() => String, { nullable: true, description: 'What a provisioning client knows it by.' })
  externalId!: string | null;
  @Field(() => IdentityStatus)
  status!: 'ACTIVE' | 'SUSPENDED';
  @Field(() => Int)
  version!: number;
  @Field(() => DateTimeScalar)
  createdAt!: Date;
  @Field(() => DateTimeScalar)
  updatedAt!: Date;
  realmId!: string;
}

export const presentIdentity = (row: IdentityRow): Identity => ({
  id: row.id,
  username: row.username,
  displayName: row.display_name,
  givenName: row.given_name,
  familyName: row.family_name,
  email: row.email,
  externalId: row.external_id,
  status: row.status,
  version: row.version,
  createdAt: row.created_at,
  updatedAt: row.updated_at,
  realmId: row.realm_id,
});

export const IdentityConnection = connectionOf(Identity, 'Identity');
