import { Field, ID, Int, ObjectType, registerEnumType } from 'type-graphql';
import { connectionOf } from '../../protocols/graphql/connection.js';
import { DateTimeScalar } from '../../protocols/graphql/scalars.js';
import { AuthenticatorKind } from '../applications/applications.object.js';
import type { AuthenticatorConfigRow } from './authenticator-configs.service.js';

export const Invocation = { AUTOMATIC: 'AUTOMATIC', MANUAL: 'MANUAL' } as const;
registerEnumType(Invocation, {
  name: 'Invocation',
  description: 'AUTOMATIC: we send the browser to the page. MANUAL: we answer with its address.',
});

export const AttestationConveyance = { DIRECT: 'DIRECT', NONE: 'NONE' } as const;
registerEnumType(AttestationConveyance, {
  name: 'AttestationConveyance',
  description: 'Whether an authenticator is asked to prove its model (WebAuthn Level 3, section 5.4.7).',
});

export const SignUpProof = { CODE: 'CODE', LINK: 'LINK' } as const;
registerEnumType(SignUpProof, {
  name: 'SignUpProof',
  description: 'How a person proves their e-mail address.',
});

@ObjectType({ description: 'How and where passkeys are bound and people sign in.' })
export class AuthenticatorConfig {
  @Field(() => ID)
  id!: string;
  @Field(() => String)
  displayName!: string;
  @Field(() => AuthenticatorKind)
  kind!: AuthenticatorConfigRow['kind'];
  @Field(() => Boolean, {
    description: 'Made by Keyrealm itself: of the hosted one models, attestation and sign-up can be changed.',
  })
  managed!: boolean;
  @Field(() => Invocation, { nullable: true, description: 'EMBEDDED only.' })
  invocation!: AuthenticatorConfigRow['invocation'];
  @Field(() => String, {
    nullable: true,
    description: 'EMBEDDED only: the page of the application; `/bind` and `/authenticate` follow.',
  })
  invokeUrl!: string | null;
  @Field(() => [String], { description: 'EMBEDDED only: the pages that may hold ceremonies.' })
  trustedOrigins!: string[];
  @Field(() => String, { nullable: true, description: 'EMBEDDED only; null is the one of the realm.' })
  relyingPartyId!: string | null;
  @Field(() => AttestationConveyance)
  attestation!: AuthenticatorConfigRow['attestation'];
  @Field(() => [String], { nullable: true, description: 'AAGUIDs; null is every model.' })
  allowedModels!: string[] | null;
  @Field(() => [String], { description: 'AAGUIDs.' })
  deniedModels!: string[];
  @Field(() => Boolean, { description: 'Whether strangers may make an identity for themselves.' })
  signUp!: boolean;
  @Field(() => SignUpProof)
  signUpProof!: AuthenticatorConfigRow['sign_up_proof'];
  @Field(() => [String], {
    nullable: true,
    description: 'Domains of the e-mail addresses that may sign up; null is every domain.',
  })
  signUpDomains!: string[] | null;
  @Field(() => Int)
  version!: number;
  @Field(() => DateTimeScalar)
  createdAt!: Date;
  @Field(() => DateTimeScalar)
  updatedAt!: Date;
}

export const presentConfig = (row: AuthenticatorConfigRow): AuthenticatorConfig => ({
  id: row.id,
  displayName: row.display_name,
  kind: row.kind,
  managed: row.managed !== null,
  invocation: row.invocation,
  invokeUrl: row.invoke_url,
  trustedOrigins: row.trusted_origins,
  relyingPartyId: row.relying_party_id,
  attestation: row.attestation,
  allowedModels: row.allowed_models,
  deniedModels: row.denied_models,
  signUp: row.sign_up,
  signUpProof: row.sign_up_proof,
  signUpDomains: row.sign_up_domains,
  version: row.version,
  createdAt: row.created_at,
  updatedAt: row.updated_at,
});

export const AuthenticatorConfigConnection = connectionOf(AuthenticatorConfig, 'AuthenticatorConfig');
