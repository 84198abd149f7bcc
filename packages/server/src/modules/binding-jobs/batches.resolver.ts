import {
  Arg,
  Args,
  Ctx,
  Field,
  FieldResolver,
  ID,
  InputType,
  Mutation,
  ObjectType,
  Resolver,
  Root,
} from 'type-graphql';
import { answerEach } from '../../protocols/graphql/batch.js';
import { type Connection, ConnectionArgs, toConnection } from '../../protocols/graphql/connection.js';
import type { GraphContext } from '../../protocols/graphql/context.js';
import { payload, UserError } from '../../protocols/graphql/errors.js';
import { Realm } from '../realms/realms.object.js';
import {
  CredentialBindingBatch,
  CredentialBindingProgress,
  presentBatch,
  presentProgress,
} from './batches.object.js';
import { CredentialBindingJob, CredentialBindingJobConnection, presentJob } from './binding-jobs.object.js';

@InputType()
class RevokeCredentialBindingJobsInput {
  @Field(() => ID)
  realmId!: string;
  @Field(() => [ID], { description: 'Up to 1,000.' })
  credentialBindingJobIds!: string[];
}

@ObjectType()
class RevokedCredentialBindingJobResult {
  @Field(() => ID)
  credentialBindingJobId!: string;
  @Field(() => CredentialBindingJob, { nullable: true })
  credentialBindingJob!: CredentialBindingJob | null;
  @Field(() => UserError, { nullable: true })
  error!: UserError | null;
}

@ObjectType({
  description: 'One answer for each id, in the order given; a failure of one takes no other with it.',
})
class RevokeCredentialBindingJobsPayload {
  @Field(() => [RevokedCredentialBindingJobResult])
  results!: RevokedCredentialBindingJobResult[];
  @Field(() => [UserError], { description: 'Why nothing was done at all.' })
  errors!: UserError[];
}

@Resolver(() => Realm)
export class RealmBindingBatchesResolver {
  @FieldResolver(() => CredentialBindingBatch, {
    nullable: true,
    description: 'Needs credential-binding-jobs:read.',
  })
  async credentialBindingBatch(
    @Root() realm: Realm,
    @Ctx() graph: GraphContext,
    @Arg('id', () => ID) id: string,
  ): Promise<CredentialBindingBatch | null> {
    const row = await graph.services.bindingBatches.find(await graph.enter(realm.id), id);
    return row ? presentBatch(row) : null;
  }
}

@Resolver(() => CredentialBindingBatch)
export class BindingBatchesResolver {
  @FieldResolver(() => CredentialBindingProgress, { description: 'Needs credential-binding-jobs:read.' })
  async progress(
    @Root() batch: CredentialBindingBatch,
    @Ctx() graph: GraphContext,
  ): Promise<CredentialBindingProgress> {
    const ctx = await graph.enter(batch.realmId);
    return presentProgress(await graph.services.bindingBatches.progress(ctx, batch.id));
  }

  @FieldResolver(() => CredentialBindingJobConnection, { description: 'Needs credential-binding-jobs:read.' })
  async credentialBindingJobs(
    @Root() batch: CredentialBindingBatch,
    @Ctx() graph: GraphContext,
    @Args(() => ConnectionArgs) args: ConnectionArgs,
  ): Promise<Connection<CredentialBindingJob>> {
    const ctx = await graph.enter(batch.realmId);
    return toConnection(await graph.services.bindingJobs.list(ctx, { batchId: batch.id }, args), presentJob);
  }

  @Mutation(() => RevokeCredentialBindingJobsPayload, {
    description: 'Each as revokeCredentialBindingJob does it. Needs credential-binding-jobs:revoke.',
  })
  async revokeCredentialBindingJobs(
    @Ctx() graph: GraphContext,
    @Arg('input', () => RevokeCredentialBindingJobsInput) input: RevokeCredentialBindingJobsInput,
  ): Promise<RevokeCredentialBindingJobsPayload> {
    const { realmId, credentialBindingJobIds: ids } = input;
    const done = await payload(async () => {
      const ctx = await graph.enter(realmId);
      const answers = await answerEach(graph, 'credentialBindingJobIds', ids, (credentialBindingJobId) =>
        graph.services.bindingJobs.revoke(ctx, { credentialBindingJobId }),
      );
      const results = answers.map(({ made, error }, index) => ({
        credentialBindingJobId: ids[index] ?? '',
        credentialBindingJob: made ? presentJob(made) : null,
        error,
      }));
      return { results };
    });
    return { ...done, results: done.results ?? [] };
  }
}
