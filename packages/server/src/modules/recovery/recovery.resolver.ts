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
  registerEnumType,
} from 'type-graphql';
import type { GraphContext } from '../../protocols/graphql/context.js';
import { payload, UserError, UserWarning } from '../../protocols/graphql/errors.js';
import { BindingDelivery, CredentialBindingJob, presentJob } from '../binding-jobs/binding-jobs.object.js';
import { linkToShow } from '../binding-jobs/binding-jobs.service.js';
import { Identity, presentIdentity } from '../identities/identities.object.js';
import { Realm } from '../realms/realms.object.js';

const ExistingPasskeys = { KEEP: 'KEEP', REVOKE: 'REVOKE' } as const;
registerEnumType(ExistingPasskeys, {
  name: 'ExistingPasskeys',
  description: 'What becomes of the passkeys that somebody had before theirs was lost.',
});
type ExistingPasskeys = keyof typeof ExistingPasskeys;

@ObjectType({ description: 'How people of a realm come back who lost their passkeys.' })
class RecoverySettings {
  @Field(() => Boolean, { description: 'Whether they may ask for a link by e-mail themselves.' })
  emailLink!: boolean;
  @Field(() => Int, {
    description: 'Minutes between the request, of which all addresses are told, and the link.',
  })
  waitingMinutes!: number;
  @Field(() => ExistingPasskeys, { nullable: true, description: 'Null for as long as nobody chose.' })
  existingPasskeys!: ExistingPasskeys | null;
  @Field(() => Int)
  version!: number;
}

@InputType()
class UpdateRecoverySettingsInput {
  @Field(() => ID)
  realmId!: string;
  @Field(() => Boolean, { nullable: true, description: 'Needs existingPasskeys chosen, now or before.' })
  emailLink?: boolean | null;
  @Field(() => Int, { nullable: true, description: '0 to 10,080; at least 60 in the Admin Realm.' })
  waitingMinutes?: number | null;
  @Field(() => ExistingPasskeys, { nullable: true })
  existingPasskeys?: ExistingPasskeys | null;
  @Field(() => Int, { nullable: true })
  ifVersion?: number | null;
}

@ObjectType()
class RecoverySettingsPayload {
  @Field(() => RecoverySettings, { nullable: true })
  recoverySettings?: RecoverySettings | null;
  @Field(() => [UserError])
  errors!: UserError[];
}

@InputType()
class RecoverIdentityInput {
  @Field(() => ID)
  realmId!: string;
  @Field(() => ID)
  identityId!: string;
  @Field(() => String, { description: 'Kept with the event and the binding link; 500 characters at most.' })
  reason!: string;
  @Field(() => ExistingPasskeys, {
    description: 'REVOKE takes them at once, with the sessions that they opened.',
  })
  existingPasskeys!: ExistingPasskeys;
  @Field(() => BindingDelivery)
  delivery!: keyof typeof BindingDelivery;
}

@ObjectType()
class RecoverIdentityPayload {
  @Field(() => CredentialBindingJob, { nullable: true })
  credentialBindingJob?: CredentialBindingJob | null;
  @Field(() => String, { nullable: true, description: 'Shown this once; null where it goes by e-mail.' })
  bindingLink?: string | null;
  @Field(() => Int, { nullable: true })
  revokedCredentials?: number | null;
  @Field(() => [UserWarning], { nullable: true })
  warnings?: readonly UserWarning[] | null;
  @Field(() => [UserError])
  errors!: UserError[];
}

@InputType()
class StopRecoveryInput {
  @Field(() => ID)
  realmId!: string;
  @Field(() => ID)
  identityId!: string;
}

@ObjectType()
class StopRecoveryPayload {
  @Field(() => Identity, { nullable: true })
  identity?: Identity | null;
  @Field(() => [UserError])
  errors!: UserError[];
}

@Resolver(() => Realm)
export class RecoveryResolver {
  @FieldResolver(() => RecoverySettings, { description: 'Needs realms:read.' })
  async recoverySettings(@Root() realm: Realm, @Ctx() graph: GraphContext): Promise<RecoverySettings> {
    return graph.services.recoverySettings.get(await graph.enter(realm.id));
  }

  @Mutation(() => RecoverySettingsPayload, { description: 'Needs realms:update.' })
  updateRecoverySettings(
    @Ctx() graph: GraphContext,
    @Arg('input', () => UpdateRecoverySettingsInput) input: UpdateRecoverySettingsInput,
  ): Promise<RecoverySettingsPayload> {
    return payload(async () => ({
      recoverySettings: await graph.services.recoverySettings.update(await graph.enter(input.realmId), input),
    }));
  }

  @Mutation(() => RecoverIdentityPayload, {
    description:
      'A binding link for somebody who lost their passkey; an open request of theirs ends. Needs credential-binding-jobs:create, and credentials:revoke with REVOKE.',
  })
  recoverIdentity(
    @Ctx() graph: GraphContext,
    @Arg('input', () => RecoverIdentityInput) input: RecoverIdentityInput,
  ): Promise<RecoverIdentityPayload> {
    return payload(async () => {
      const ctx = await graph.enter(input.realmId);
      const made = await graph.services.recovery.byAdministrator(ctx, input);
      return {
        credentialBindingJob: presentJob(made.job),
        bindingLink: linkToShow(made),
        revokedCredentials: made.revoked,
        warnings: made.warnings,
      };
    });
  }

  @Mutation(() => StopRecoveryPayload, {
    description: 'Ends the request that somebody has open. Needs credential-binding-jobs:revoke.',
  })
  stopRecovery(
    @Ctx() graph: GraphContext,
    @Arg('input', () => StopRecoveryInput) input: StopRecoveryInput,
  ): Promise<StopRecoveryPayload> {
    return payload(async () => ({
      identity: presentIdentity(
        await graph.services.recovery.cancel(await graph.enter(input.realmId), input),
      ),
    }));
  }
}
