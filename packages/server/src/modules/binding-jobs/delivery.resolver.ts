import { Arg, Ctx, Field, ID, InputType, Int, Mutation, ObjectType, Resolver } from 'type-graphql';
import type { GraphContext } from '../../protocols/graphql/context.js';
import { payload, UserError } from '../../protocols/graphql/errors.js';
import { CredentialBindingJob, presentJob } from './binding-jobs.object.js';
import { linkToShow } from './binding-jobs.service.js';

@InputType()
class ResendCredentialBindingJobInput {
  @Field(() => ID)
  realmId!: string;
  @Field(() => ID)
  credentialBindingJobId!: string;
  @Field(() => Int, { nullable: true, description: '60 to 2,592,000; 7 days unless said.' })
  expiresInSeconds?: number | null;
}

@ObjectType()
class ResendCredentialBindingJobPayload {
  @Field(() => CredentialBindingJob, { nullable: true })
  credentialBindingJob?: CredentialBindingJob | null;
  @Field(() => String, { nullable: true, description: 'Shown this once; null where it goes by e-mail.' })
  bindingLink?: string | null;
  @Field(() => [UserError])
  errors!: UserError[];
}

@InputType()
class RevealMailedBindingLinkInput {
  @Field(() => ID)
  realmId!: string;
  @Field(() => ID)
  mailId!: string;
}

@ObjectType()
class RevealMailedBindingLinkPayload {
  @Field(() => String, { nullable: true })
  bindingLink?: string | null;
  @Field(() => [UserError])
  errors!: UserError[];
}

@Resolver(() => CredentialBindingJob)
export class BindingDeliveryResolver {
  @Mutation(() => ResendCredentialBindingJobPayload, {
    description:
      'A new link the way that the first one went; the old one is dead at once. Needs credential-binding-jobs:create.',
  })
  resendCredentialBindingJob(
    @Ctx() graph: GraphContext,
    @Arg('input', () => ResendCredentialBindingJobInput) input: ResendCredentialBindingJobInput,
  ): Promise<ResendCredentialBindingJobPayload> {
    return payload(async () => {
      const made = await graph.services.bindingJobs.resend(await graph.enter(input.realmId), input);
      return { credentialBindingJob: presentJob(made.job), bindingLink: linkToShow(made) };
    });
  }

  @Mutation(() => RevealMailedBindingLinkPayload, {
    description:
      'The link of a mail that waits in the outbox; an event says who saw it. Needs credential-binding-jobs:create.',
  })
  revealMailedBindingLink(
    @Ctx() graph: GraphContext,
    @Arg('input', () => RevealMailedBindingLinkInput) input: RevealMailedBindingLinkInput,
  ): Promise<RevealMailedBindingLinkPayload> {
    return payload(async () => ({
      bindingLink: await graph.services.bindingDelivery.reveal(await graph.enter(input.realmId), input),
    }));
  }
}
