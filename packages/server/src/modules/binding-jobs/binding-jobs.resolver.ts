import {
  Arg,
  Args,
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
import {
  type Connection,
  ConnectionArgs,
  FirstArgs,
  toConnection,
} from '../../protocols/graphql/connection.js';
import type { GraphContext } from '../../protocols/graphql/context.js';
import { payload, UserError } from '../../protocols/graphql/errors.js';
import { Identity, presentIdentity } from '../identities/identities.object.js';
import { Realm } from '../realms/realms.object.js';
import {
  BindingDelivery,
  CredentialBindingJob,
  CredentialBindingJobConnection,
  presentJob,
} from './binding-jobs.object.js';
import { linkToShow } from './binding-jobs.service.js';

@InputType()
class CreateCredentialBindingJobInput {
  @Field(() => ID)
  realmId!: string;
  @Field(() => ID)
  identityId!: string;
  @Field(() => BindingDelivery, { nullable: true, description: 'RETURN unless said.' })
  delivery?: 'RETURN' | 'EMAIL' | null;
  @Field(() => String, {
    nullable: true,
    description: 'Where the person goes afterwards: an origin of one of the realm’s applications.',
  })
  redirectUri?: string | null;
  @Field(() => Int, { nullable: true, description: '60 to 2,592,000; 7 days unless said.' })
  expiresInSeconds?: number | null;
  @Field(() => ID, {
    nullable: true,
    description: 'On whose page the passkey is bound; the realm’s hosted page unless said.',
  })
  authenticatorConfigId?: string | null;
}

@InputType()
class RevokeCredentialBindingJobInput {
  @Field(() => ID)
  realmId!: string;
  @Field(() => ID)
  credentialBindingJobId!: string;
}

@ObjectType()
class CreateCredentialBindingJobPayload {
  @Field(() => CredentialBindingJob, { nullable: true })
  credentialBindingJob?: CredentialBindingJob | null;
  @Field(() => String, { nullable: true, description: 'Shown this once; null where it goes by e-mail.' })
  bindingLink?: string | null;
  @Field(() => [UserError])
  errors!: UserError[];
}

@ObjectType()
class CredentialBindingJobPayload {
  @Field(() => CredentialBindingJob, { nullable: true })
  credentialBindingJob?: CredentialBindingJob | null;
  @Field(() => [UserError])
  errors!: UserError[];
}

@Resolver(() => Realm)
export class RealmBindingJobsResolver {
  @FieldResolver(() => CredentialBindingJobConnection, { description: 'Needs credential-binding-jobs:read.' })
  async credentialBindingJobs(
    @Root() realm: Realm,
    @Ctx() graph: GraphContext,
    @Args(() => ConnectionArgs) args: ConnectionArgs,
  ): Promise<Connection<CredentialBindingJob>> {
    return toConnection(
      await graph.services.bindingJobs.list(await graph.enter(realm.id), {}, args),
      presentJob,
    );
  }
}

@Resolver(() => Identity)
export class IdentityBindingJobsResolver {
  @FieldResolver(() => CredentialBindingJobConnection, { description: 'Needs credential-binding-jobs:read.' })
  async credentialBindingJobs(
    @Root() identity: Identity,
    @Ctx() graph: GraphContext,
    @Args(() => FirstArgs) args: FirstArgs,
  ): Promise<Connection<CredentialBindingJob>> {
    const ctx = await graph.enter(identity.realmId);
    const loader = graph.loader(
      `binding jobs ${identity.realmId} ${JSON.stringify([args.first, args.after])}`,
      (ids: readonly string[]) => graph.services.bindingJobs.ofMany(ctx, ids, args),
    );
    return toConnection(await loader.load(identity.id), presentJob);
  }
}

@Resolver(() => CredentialBindingJob)
export class BindingJobsResolver {
  @FieldResolver(() => Identity, { description: 'Needs identities:read.' })
  async identity(@Root() job: CredentialBindingJob, @Ctx() graph: GraphContext): Promise<Identity> {
    return presentIdentity(await graph.identity(job.realmId, job.identityId));
  }

  @Mutation(() => CreateCredentialBindingJobPayload, { description: 'Needs credential-binding-jobs:create.' })
  createCredentialBindingJob(
    @Ctx() graph: GraphContext,
    @Arg('input', () => CreateCredentialBindingJobInput) input: CreateCredentialBindingJobInput,
  ): Promise<CreateCredentialBindingJobPayload> {
    return payload(async () => {
      const ctx = await graph.enter(input.realmId);
      const made = await graph.services.bindingJobs.create(ctx, input);
      return { credentialBindingJob: presentJob(made.job), bindingLink: linkToShow(made) };
    });
  }

  @Mutation(() => CredentialBindingJobPayload, { description: 'Needs credential-binding-jobs:revoke.' })
  revokeCredentialBindingJob(
    @Ctx() graph: GraphContext,
    @Arg('input', () => RevokeCredentialBindingJobInput) input: RevokeCredentialBindingJobInput,
  ): Promise<CredentialBindingJobPayload> {
    return payload(async () => ({
      credentialBindingJob: presentJob(
        await graph.services.bindingJobs.revoke(await graph.enter(input.realmId), input),
      ),
    }));
  }
}
