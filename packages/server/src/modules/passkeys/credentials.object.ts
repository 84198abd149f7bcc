import { Field, ID, Int, ObjectType, registerEnumType } from 'type-graphql';
import { connectionOf } from '../../protocols/graphql/connection.js';
import { DateTimeScalar } from '../../protocols/graphql/scalars.js';
import { type CredentialModel as Model, type ModelIcon, modelOf } from './models.js';
import type { PasskeyRow } from './passkeys.service.js';

export const CredentialStatus = { ACTIVE: 'ACTIVE', REVOKED: 'REVOKED' } as const;
registerEnumType(CredentialStatus, { name: 'CredentialStatus' });

const Attestation = {
  NONE: 'NONE',
  SELF: 'SELF',
  UNVERIFIED: 'UNVERIFIED',
  VERIFIED: 'VERIFIED',
} as const;
registerEnumType(Attestation, {
  name: 'CredentialAttestation',
  description:
    'What the authenticator proved about itself. NONE is nothing; SELF that it holds the new key, which says nothing of its maker; UNVERIFIED that someone vouches for it whom we have no reason to believe: with these three the model is what it claims to be. VERIFIED: its maker vouches for the model.',
});

const ModelKind: { [K in Model['kind']]: K } = {
  KNOWN: 'KNOWN',
  NOT_ATTESTED: 'NOT_ATTESTED',
  UNKNOWN: 'UNKNOWN',
};
registerEnumType(ModelKind, {
  name: 'CredentialModelKind',
  description: 'NOT_ATTESTED: the authenticator named no model. UNKNOWN: it is in no list of ours.',
});

const ModelIcons: { [K in ModelIcon]: K } = {
  PASSWORD_MANAGER: 'PASSWORD_MANAGER',
  PHONE: 'PHONE',
  PLATFORM: 'PLATFORM',
  SECURITY_KEY: 'SECURITY_KEY',
  UNKNOWN: 'UNKNOWN',
};
registerEnumType(ModelIcons, { name: 'CredentialModelIcon', description: 'What to draw beside the name.' });

@ObjectType({ description: 'A model of authenticators, as far as the authenticator is to be believed.' })
export class CredentialModel implements Model {
  @Field(() => String, { description: 'WebAuthn Level 3, section 6.5.1; all zeros when not attested.' })
  aaguid!: string;
  @Field(() => ModelKind)
  kind!: Model['kind'];
  @Field(() => String, { description: 'Always something to show.' })
  name!: string;
  @Field(() => ModelIcons)
  icon!: ModelIcon;
}

@ObjectType({ description: 'A passkey: a public key bound to one identity.' })
export class Credential {
  @Field(() => ID)
  id!: string;
  @Field(() => String, {
    description: 'Of the model, the platform and the browser, until someone renames it.',
  })
  name!: string;
  @Field(() => CredentialStatus)
  status!: 'ACTIVE' | 'REVOKED';
  @Field(() => String, { description: 'The model of the authenticator (WebAuthn Level 3, section 6.5.1).' })
  aaguid!: string;
  @Field(() => CredentialModel)
  model!: CredentialModel;
  @Field(() => Attestation)
  attestation!: keyof typeof Attestation;
  @Field(() => Boolean)
  backedUp!: boolean;
  @Field(() => Boolean, { description: "True when the passkey can't leave the device it was made on." })
  deviceBound!: boolean;
  @Field(() => Boolean)
  userVerified!: boolean;
  @Field(() => [String])
  transports!: string[];
  @Field(() => String)
  relyingPartyId!: string;
  @Field(() => Int, { description: 'COSE algorithm number, for example -7 for ES256.' })
  algorithm!: number;
  @Field(() => DateTimeScalar)
  createdAt!: Date;
  @Field(() => String, { nullable: true })
  createdIp!: string | null;
  @Field(() => String, { nullable: true })
  createdUserAgent!: string | null;
  @Field(() => DateTimeScalar, { nullable: true })
  lastUsedAt!: Date | null;
  @Field(() => String, { nullable: true })
  lastUsedIp!: string | null;
  @Field(() => String, { nullable: true })
  lastUsedUserAgent!: string | null;
  @Field(() => DateTimeScalar, { nullable: true })
  revokedAt!: Date | null;
  realmId!: string;
  identityId!: string;
  bindingJobId!: string | null;
}

export const CredentialConnection = connectionOf(Credential, 'Credential');

/** The name that its maker gave to what it vouched for, before the one of our list. */
function provenModel({ aaguid, attested_model: name }: PasskeyRow): Model {
  const model = modelOf(aaguid);
  return name === null ? model : { ...model, kind: 'KNOWN', name };
}

export const presentCredential = (row: PasskeyRow): Credential => ({
  id: row.id,
  name: row.name,
  status: row.status,
  aaguid: row.aaguid,
  model: provenModel(row),
  attestation: row.attestation,
  backedUp: row.backed_up,
  deviceBound: row.device_bound,
  userVerified: row.user_verified,
  transports: row.transports,
  relyingPartyId: row.relying_party_id,
  algorithm: row.algorithm,
  createdAt: row.created_at,
  createdIp: row.created_ip,
  createdUserAgent: row.created_user_agent,
  lastUsedAt: row.last_used_at,
  lastUsedIp: row.last_used_ip,
  lastUsedUserAgent: row.last_used_user_agent,
  revokedAt: row.revoked_at,
  realmId: row.realm_id,
  identityId: row.identity_id,
  bindingJobId: row.binding_job_id,
});
