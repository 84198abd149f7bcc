import { Arg, Ctx, Mutation, Resolver } from 'type-graphql';
import type { RealmCtx } from '../../kernel/context.js';
import { answerEach } from '../../protocols/graphql/batch.js';
import type { GraphContext } from '../../protocols/graphql/context.js';
import { payload } from '../../protocols/graphql/errors.js';
import {
  CreateIdentitiesInput,
  CreateIdentitiesPayload,
  IdentitiesActionInput,
  IdentitiesActionPayload,
} from './bulk.inputs.js';
import { Identity, presentIdentity } from './identities.object.js';
import type { Changed } from './identities.service.js';
import { NEW_PROFILE } from './identities.types.js';
import { changedBy } from './profile.inputs.js';

@Resolver(() => Identity)
export class IdentitiesBulkResolver {
  @Mutation(() => CreateIdentitiesPayload, { description: 'Needs identities:create.' })
  async createIdentities(
    @Ctx() graph: GraphContext,
    @Arg('input', () => CreateIdentitiesInput) input: CreateIdentitiesInput,
  ): Promise<CreateIdentitiesPayload> {
    const done = await payload(async () => {
      const ctx = await graph.enter(input.realmId);
      const answers = await answerEach(graph, 'identities', input.identities, ({ username, ...given }) =>
        graph.services.identities.create(ctx, changedBy({ ...NEW_PROFILE, username }, given)),
      );
      const results = answers.map(({ made, error }, index) => ({
        index,
        identity: made ? presentIdentity(made) : null,
        error,
      }));
      return { results };
    });
    return { ...done, results: done.results ?? [] };
  }

  @Mutation(() => IdentitiesActionPayload, {
    description: 'Each as suspendIdentity does it. Needs identities:update.',
  })
  suspendIdentities(
    @Ctx() graph: GraphContext,
    @Arg('input', () => IdentitiesActionInput) input: IdentitiesActionInput,
  ): Promise<IdentitiesActionPayload> {
    return acting(graph, input, (ctx, identityId) => graph.services.identities.suspend(ctx, { identityId }));
  }

  @Mutation(() => IdentitiesActionPayload, { description: 'Needs identities:update.' })
  activateIdentities(
    @Ctx() graph: GraphContext,
    @Arg('input', () => IdentitiesActionInput) input: IdentitiesActionInput,
  ): Promise<IdentitiesActionPayload> {
    return acting(graph, input, (ctx, identityId) => graph.services.identities.activate(ctx, { identityId }));
  }

  @Mutation(() => IdentitiesActionPayload, {
    description: 'Each as deleteIdentity does it. Needs identities:delete.',
  })
  async deleteIdentities(
    @Ctx() graph: GraphContext,
    @Arg('input', () => IdentitiesActionInput) input: IdentitiesActionInput,
  ): Promise<IdentitiesActionPayload> {
    const done = await acting(graph, input, (ctx, identityId) =>
      graph.services.identities.remove(ctx, { identityId }),
    );
    return { ...done, results: done.results.map((result) => ({ ...result, identity: null })) };
  }
}

async function acting(
  graph: GraphContext,
  input: IdentitiesActionInput,
  act: (ctx: RealmCtx, identityId: string) => Promise<Pick<Changed, 'identity' | 'warnings'>>,
): Promise<IdentitiesActionPayload> {
  const done = await payload(async () => {
    const ctx = await graph.enter(input.realmId);
    const answers = await answerEach(graph, 'identityIds', input.identityIds, (id) => act(ctx, id));
    const results = answers.map(({ made, error }, index) => ({
      identityId: input.identityIds[index] ?? '',
      identity: made ? presentIdentity(made.identity) : null,
      error,
    }));
    const warnings = new Map(
      answers.flatMap(({ made }) => made?.warnings ?? []).map((warning) => [warning.code, warning]),
    );
    return { results, warnings: [...warnings.values()] };
  });
  return { ...done, results: done.results ?? [], warnings: done.warnings ?? [] };
}
