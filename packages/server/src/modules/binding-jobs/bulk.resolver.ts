import { Arg, Ctx, Field, ID, InputType, Int, Mutation, ObjectType, Resolver } from 'type-graphql';
import { answerEach, refuseBatch } from '../../protocols/graphql/batch.js';
import type { GraphContext } from '../../protocols/graphql/context.js';
import { payload, UserError } from '../../protocols/graphql/errors.js';
import { CredentialBindingBatch, presentBatch } from './batches.object.js';
import { BindingDelivery, CredentialBindingJob, presentJob } from './binding-jobs.object.js';
import { linkToShow } from './binding-jobs.service.js';

@InputType()
class CreateCredentialBindingJobsInput {
  @Field(() => ID)
  realmId!: string;
  @Field(() => [ID], { description: 'Up to 1,000.' })
  identityIds!: string[];
  @Field(() => BindingDelivery, { nullable: true, description: 'RETURN unless said.' })
  delivery?: 'RETURN' | 'EMAIL' | null;
  @Field(() => String, {
    nullable: true,
    description: 'Where the people go afterwards: an origin of one of the realm’s applications.',
  })
  redirectUri?: string | null;
  @Field(() => Int, { nullable: true, description: '60 to 2,592,000; 7 days unless said.' })
  expiresInSeconds?: number | null;
  @Field(() => ID, {
    nullable: true,
    description: 'On whose page the passkeys are bound; the realm’s hosted page unless said.',
  })
  authenticatorConfigId?: string | null;
  @Field(() => String, {
    nullable: true,
    description: 'A paragraph for the mails: plain text, at most 1,000 characters.',
  })
  message?: string | null;
}

@ObjectType()
class CredentialBindingJobResult {
  @Field(() => ID)
  identityId!: string;
  @Field(() => CredentialBindingJob, { nullable: true })
  credentialBindingJob!: CredentialBindingJob | null;
  @Field(() => String, { nullable: true, description: 'Shown this once; null where it goes by e-mail.' })
  bindingLink!: string | null;
  @Field(() => UserError, { nullable: true })
  error!: UserError | null;
}

@ObjectType({
  description: 'One answer for each id, in the order given; a failure of one takes no other with it.',
})
class CreateCredentialBindingJobsPayload {
  @Field(() => [CredentialBindingJobResult])
  results!: CredentialBindingJobResult[];
  @Field(() => CredentialBindingBatch, { nullable: true, description: 'Where to follow their progress.' })
  batch?: CredentialBindingBatch | null;
  @Field(() => [UserError], { description: 'Why nothing was done at all.' })
  errors!: UserError[];
}

@Resolver(() => CredentialBindingJob)
export class BindingJobsBulkResolver {
  @Mutation(() => CreateCredentialBindingJobsPayload, {
    description: 'Each as createCredentialBindingJob does it. Needs credential-binding-jobs:create.',
  })
  async createCredentialBindingJobs(
    @Ctx() graph: GraphContext,
    @Arg('input', () => CreateCredentialBindingJobsInput) input: CreateCredentialBindingJobsInput,
  ): Promise<CreateCredentialBindingJobsPayload> {
    const { realmId, identityIds, message, ...wanted } = input;
    const done = await payload(async () => {
      const ctx = await graph.enter(realmId);
      refuseBatch('identityIds', identityIds);
      const batch = await graph.services.bindingBatches.open(ctx, { message, size: identityIds.length });
      const answers = await answerEach(graph, 'identityIds', identityIds, (identityId) =>
        graph.services.bindingJobs.create(ctx, { ...wanted, identityId, batchId: batch.id }),
      );
      const results = answers.map(({ made, error }, index) => ({
        identityId: identityIds[index] ?? '',
        credentialBindingJob: made ? presentJob(made.job) : null,
        bindingLink: made ? linkToShow(made) : null,
        error,
      }));
      return { results, batch: presentBatch(batch) };
    });
    return { ...done, results: done.results ?? [] };
  }
}
