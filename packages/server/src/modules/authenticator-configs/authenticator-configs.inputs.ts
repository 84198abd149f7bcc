import { Field, ID, InputType, Int, ObjectType } from 'type-graphql';
import { UserError, UserWarning } from '../../protocols/graphql/errors.js';
import { AuthenticatorKind } from '../applications/applications.object.js';
import {
  AttestationConveyance,
  AuthenticatorConfig,
  Invocation,
  SignUpProof,
} from './authenticator-configs.object.js';

@InputType()
abstract class ConfigSettingsInput {
  @Field(() => Invocation, { nullable: true })
  invocation?: keyof typeof Invocation | null;
  @Field(() => String, {
    nullable: true,
    description: 'https, http of localhost, or the scheme of an app such as com.example.app:/keyrealm.',
  })
  invokeUrl?: string | null;
  @Field(() => [String], { nullable: true, description: 'Exact origins, at most 100.' })
  trustedOrigins?: string[] | null;
  @Field(() => String, {
    nullable: true,
    description: 'The host of every trusted origin, or a registered domain above it.',
  })
  relyingPartyId?: string | null;
  @Field(() => AttestationConveyance, { nullable: true })
  attestation?: keyof typeof AttestationConveyance | null;
  @Field(() => [String], { nullable: true, description: 'AAGUIDs, at most 100; null is every model.' })
  allowedModels?: string[] | null;
  @Field(() => [String], { nullable: true, description: 'AAGUIDs, at most 100.' })
  deniedModels?: string[] | null;
  @Field(() => Boolean, { nullable: true })
  signUp?: boolean | null;
  @Field(() => SignUpProof, { nullable: true })
  signUpProof?: keyof typeof SignUpProof | null;
  @Field(() => [String], { nullable: true, description: 'At most 100; null is every domain.' })
  signUpDomains?: string[] | null;
}

@InputType()
export class CreateAuthenticatorConfigInput extends ConfigSettingsInput {
  @Field(() => ID)
  realmId!: string;
  @Field(() => String)
  displayName!: string;
  @Field(() => AuthenticatorKind)
  kind!: keyof typeof AuthenticatorKind;
}

@InputType({ description: 'A field left out stays.' })
export class UpdateAuthenticatorConfigInput extends ConfigSettingsInput {
  @Field(() => ID)
  realmId!: string;
  @Field(() => ID)
  authenticatorConfigId!: string;
  @Field(() => Int, { nullable: true })
  ifVersion?: number | null;
  @Field(() => String, { nullable: true })
  displayName?: string | null;
}

@InputType()
export class DeleteAuthenticatorConfigInput {
  @Field(() => ID)
  realmId!: string;
  @Field(() => ID)
  authenticatorConfigId!: string;
  @Field(() => Int, { nullable: true })
  ifVersion?: number | null;
}

@ObjectType()
export class AuthenticatorConfigPayload {
  @Field(() => AuthenticatorConfig, { nullable: true })
  authenticatorConfig?: AuthenticatorConfig | null;
  @Field(() => [UserWarning])
  warnings!: readonly UserWarning[];
  @Field(() => [UserError])
  errors!: UserError[];
}

@ObjectType()
export class DeleteAuthenticatorConfigPayload {
  @Field(() => ID, { nullable: true })
  deletedAuthenticatorConfigId?: string | null;
  @Field(() => [UserError])
  errors!: UserError[];
}

const NULL_IS_EMPTY = new Set(['invokeUrl', 'relyingPartyId', 'allowedModels', 'signUpDomains']);

/** null empties what can be empty, and otherwise means the same as left out. */
export const given = <T extends object>(input: T) =>
  Object.fromEntries(
    Object.entries(input).filter(([name, value]) => value != null || NULL_IS_EMPTY.has(name)),
  ) as Partial<T>;
