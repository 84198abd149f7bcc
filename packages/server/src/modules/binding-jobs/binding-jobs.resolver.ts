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
  registerEnumType,
} from 'type-graphql';
import {
  type Connection,
  ConnectionArgs,
  connectionOf,
  FirstArgs,
  toConnection,
} from '../../protocols/graphql/connection.js';
import type { GraphContext } from '../../protocols/graphql/context.js';
import { payload, UserError } from '../../protocols/graphql/errors.js';
import { DateTimeScalar } from '../../protocols/graphql/scalars.js';
import { Identity, presentIdentity } from '../identities/identities.object.js';
import { Realm } from '../realms/realms.object.js';
import { type BindingJobRow, statusOf } from './binding-jobs.service.js';

const BindingDelivery = { EMAIL: 'EMAIL', RETURN: 'RETURN' } as const;
registerEnumType(BindingDelivery, { name: 'BindingDelivery' });

const BindingJobStatus = {
  CHALLENGED: 'CHALLENGED',
  COMPLETED: 'COMPLETED',
  EXPIRED: 'EXPIRED',
  FAILED: 'FAILED',
  FAILED_TO_SEND: 'FAILED_TO_SEND',
  LINK_OPENED: 'LINK_OPENED',
  LINK_SENT: 'LINK_SENT',
  REVOKED: 'REVOKED',
} as const;
registerEnumType(BindingJobStatus, { name: 'BindingJobStatus' });

@ObjectType({ description: 'The errand of binding one passkey through a link that works once.' })
export class CredentialBindingJob {
  @Field(() => ID)
  id!: string;
  @Field(() => BindingDelivery)
  delivery!: keyof typeof BindingDelivery;
  @Field(() => BindingJobStatus)
  status!: keyof typeof BindingJobStatus;
  @Field(() => String, { nullable: true })
  redirectUri!: string | null;
  @Field(() => DateTimeScalar)
  createdAt!: Date;
  @Field(() => DateTimeScalar)
  expiresAt!: Date;
  @Field(() => DateTimeScalar, { nullable: true })
  openedAt!: Date | null;
  @Field(() => DateTimeScalar, { nullable: true })
  completedAt!: Date | null;
  @Field(() => String)
  createdByName!: string;
  realmId!: string;
  identityId!: string;
}

export const presentJob = (row: BindingJobRow): CredentialBindingJob => ({
  id: row.id,
  delivery: row.delivery,
  status: statusOf(row),
  redirectUri: row.redirect_uri,
  createdAt: row.created_at,
  expiresAt: row.expires_at,
  openedAt: row.opened_at,
  completedAt: row.completed_at,
  createdByName: row.created_by_name,
  realmId: row.realm_id,
  identityId: row.identity_id,
});

const CredentialBindingJobConnection = connectionOf(CredentialBindingJob, 'CredentialBindingJob');

@InputType()
class CreateCredentialBindingJobInput {
  @Field(() => ID)
  realmId!: string;
  @Field(() => ID)
  identityId!: string;
  @Field(() => String, {
    nullable: true,
    description: 'Where the person goes afterwards: an origin of one of the realm’s applications.',
  })
  redirectUri?: string | null;
  @Field(() => Int, { nullable: true, description: '60 to 2,592,000; 7 days unless said.' })
  expiresInSeconds?: number | null;
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
  @Field(() => String, { nullable: true, description: 'Shown this once.' })
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
      const { job, link } = await graph.services.bindingJobs.create(ctx, input);
      return { credentialBindingJob: presentJob(job), bindingLink: link };
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
