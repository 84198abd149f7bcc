import {
  Arg,
  Ctx,
  Field,
  FieldResolver,
  ID,
  InputType,
  Int,
  Mutation,
  ObjectType,
  Resolver,
  Root,
} from 'type-graphql';
import type { GraphContext } from '../../protocols/graphql/context.js';
import { payload, UserError } from '../../protocols/graphql/errors.js';
import { Realm } from '../realms/realms.object.js';
import {
  Algorithms,
  presentKey,
  SigningKeyImpact,
  SigningKeyObject,
  SigningKeySettings,
} from './signing-keys.object.js';
import type { SigningAlgorithm } from './signing-keys.types.js';

@InputType()
class RotateSigningKeysInput {
  @Field(() => ID)
  realmId!: string;
}

@InputType()
class RevokeSigningKeyInput {
  @Field(() => ID)
  realmId!: string;
  @Field(() => ID)
  keyId!: string;
  @Field(() => String, { description: 'Why, for the event; at most 200 characters.' })
  reason!: string;
}

@InputType({ description: 'A field left out stays.' })
class UpdateSigningKeySettingsInput {
  @Field(() => ID)
  realmId!: string;
  @Field(() => Algorithms, { nullable: true })
  algorithm?: SigningAlgorithm | null;
  @Field(() => Int, { nullable: true, description: '1 to 3650; null: until somebody rotates.' })
  rotationDays?: number | null;
  @Field(() => Int, { nullable: true })
  ifVersion?: number | null;
}

@ObjectType()
class SigningKeyPayload {
  @Field(() => SigningKeyObject, { nullable: true })
  signingKey?: SigningKeyObject | null;
  @Field(() => [UserError])
  errors!: UserError[];
}

@ObjectType()
class SigningKeySettingsPayload {
  @Field(() => SigningKeySettings, { nullable: true })
  signingKeySettings?: SigningKeySettings | null;
  @Field(() => [UserError])
  errors!: UserError[];
}

@Resolver(() => Realm)
export class RealmSigningKeysResolver {
  @FieldResolver(() => [SigningKeyObject], {
    description:
      'All that live, the current one first, then the 20 that were retired last. Needs signing-keys:read.',
  })
  async signingKeys(@Root() realm: Realm, @Ctx() graph: GraphContext): Promise<SigningKeyObject[]> {
    return (await graph.services.keyRotation.list(await graph.enter(realm.id))).map(presentKey);
  }

  @FieldResolver(() => SigningKeySettings, { description: 'Needs signing-keys:read.' })
  async signingKeySettings(@Root() realm: Realm, @Ctx() graph: GraphContext): Promise<SigningKeySettings> {
    return graph.services.keyRotation.settings(await graph.enter(realm.id));
  }
}

@Resolver(() => SigningKeyObject)
export class SigningKeysResolver {
  @FieldResolver(() => SigningKeyImpact, { description: 'Needs signing-keys:read.' })
  async impact(@Root() key: SigningKeyObject, @Ctx() graph: GraphContext): Promise<SigningKeyImpact> {
    return graph.services.keyRotation.impactOf(await graph.enter(key.realmId), key.row);
  }

  @Mutation(() => SigningKeyPayload, {
    description:
      'The next key signs from now on; the one before goes on to verify. TOO_SOON while clients may not know it. Needs signing-keys:update.',
  })
  rotateSigningKeys(
    @Ctx() graph: GraphContext,
    @Arg('input', () => RotateSigningKeysInput) { realmId }: RotateSigningKeysInput,
  ): Promise<SigningKeyPayload> {
    return payload(async () => ({
      signingKey: presentKey(await graph.services.keyRotation.rotate(await graph.enter(realmId), {})),
    }));
  }

  @Mutation(() => SigningKeyPayload, {
    description:
      'For a key that somebody else may hold: all that it signed is refused from now on, API tokens among it. See its impact first. Needs signing-keys:update.',
  })
  revokeSigningKey(
    @Ctx() graph: GraphContext,
    @Arg('input', () => RevokeSigningKeyInput) { realmId, ...input }: RevokeSigningKeyInput,
  ): Promise<SigningKeyPayload> {
    return payload(async () => ({
      signingKey: presentKey(await graph.services.keyRotation.revoke(await graph.enter(realmId), input)),
    }));
  }

  @Mutation(() => SigningKeySettingsPayload, { description: 'Needs signing-keys:update.' })
  updateSigningKeySettings(
    @Ctx() graph: GraphContext,
    @Arg('input', () => UpdateSigningKeySettingsInput) { realmId, ...input }: UpdateSigningKeySettingsInput,
  ): Promise<SigningKeySettingsPayload> {
    return payload(async () => ({
      signingKeySettings: await graph.services.keyRotation.updateSettings(await graph.enter(realmId), input),
    }));
  }
}
