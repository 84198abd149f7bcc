import { Arg, Args, Ctx, FieldResolver, ID, Mutation, Resolver, Root } from 'type-graphql';
import type { RealmCtx } from '../../kernel/context.js';
import { answerEach } from '../../protocols/graphql/batch.js';
import { type Connection, ConnectionArgs, toConnection } from '../../protocols/graphql/connection.js';
import type { GraphContext } from '../../protocols/graphql/context.js';
import { payload } from '../../protocols/graphql/errors.js';
import { CredentialBindingBatch, presentBatch } from '../binding-jobs/batches.object.js';
import { Identity, presentIdentity } from '../identities/identities.object.js';
import { Realm } from '../realms/realms.object.js';
import {
  CampaignActionInput,
  CampaignPayload,
  CreateCampaignInput,
  ExcludeFromCampaignInput,
  ExcludeFromCampaignPayload,
} from './campaigns.inputs.js';
import {
  Campaign,
  CampaignConnection,
  CampaignCoverage,
  CampaignPeopleArgs,
  CampaignPerson,
  CampaignPersonConnection,
  CampaignPreview,
  presentCampaign,
  presentCoverage,
  presentPerson,
  presentPreview,
} from './campaigns.object.js';
import type { CampaignRow } from './campaigns.service.js';

@Resolver(() => Realm)
export class RealmCampaignsResolver {
  @FieldResolver(() => CampaignConnection, {
    description: 'The newest first. Needs credential-binding-jobs:read.',
  })
  async campaigns(
    @Root() realm: Realm,
    @Ctx() graph: GraphContext,
    @Args(() => ConnectionArgs) args: ConnectionArgs,
  ): Promise<Connection<Campaign>> {
    return toConnection(
      await graph.services.campaigns.list(await graph.enter(realm.id), args),
      presentCampaign,
    );
  }

  @FieldResolver(() => Campaign, { nullable: true, description: 'Needs credential-binding-jobs:read.' })
  async campaign(
    @Root() realm: Realm,
    @Ctx() graph: GraphContext,
    @Arg('id', () => ID) id: string,
  ): Promise<Campaign | null> {
    const row = await graph.services.campaigns.find(await graph.enter(realm.id), id);
    return row ? presentCampaign(row) : null;
  }

  @FieldResolver(() => CampaignPreview, {
    description:
      'Of the whole realm, or of a group, which needs groups:read too. Needs credential-binding-jobs:create and identities:read.',
  })
  async campaignPreview(
    @Root() realm: Realm,
    @Ctx() graph: GraphContext,
    @Arg('groupId', () => ID, { nullable: true }) groupId: string | null | undefined,
  ): Promise<CampaignPreview> {
    const ctx = await graph.enter(realm.id);
    return presentPreview(await graph.services.campaigns.preview(ctx, groupId ?? undefined));
  }
}

@Resolver(() => CampaignPerson)
export class CampaignPeopleResolver {
  @FieldResolver(() => Identity, { description: 'Needs identities:read.' })
  async identity(@Root() person: CampaignPerson, @Ctx() graph: GraphContext): Promise<Identity> {
    return presentIdentity(await graph.identity(person.realmId, person.identityId));
  }
}

@Resolver(() => Campaign)
export class CampaignsResolver {
  @FieldResolver(() => CampaignCoverage, { description: 'Needs credential-binding-jobs:read.' })
  async coverage(@Root() of: Campaign, @Ctx() graph: GraphContext): Promise<CampaignCoverage> {
    const ctx = await graph.enter(of.row.realm_id);
    return presentCoverage(await graph.services.campaigns.coverage(ctx, of.row));
  }

  @FieldResolver(() => CredentialBindingBatch, {
    description: 'Its links and their mails. Needs credential-binding-jobs:read.',
  })
  async batch(@Root() of: Campaign, @Ctx() graph: GraphContext): Promise<CredentialBindingBatch> {
    const row = await graph.services.bindingBatches.find(await graph.enter(of.row.realm_id), of.id);
    if (!row) throw new Error(`campaign ${of.id} has no batch`);
    return presentBatch(row);
  }

  @FieldResolver(() => CampaignPersonConnection, { description: 'Needs credential-binding-jobs:read.' })
  async people(
    @Root() of: Campaign,
    @Ctx() graph: GraphContext,
    @Args(() => CampaignPeopleArgs) args: CampaignPeopleArgs,
  ): Promise<Connection<CampaignPerson>> {
    const ctx = await graph.enter(of.row.realm_id);
    const page = await graph.services.campaigns.people(ctx, of.row, args.states ?? undefined, args);
    return toConnection(page, presentPerson);
  }

  @Mutation(() => CampaignPayload, {
    description:
      'As a draft: nobody is asked before it is started. Needs credential-binding-jobs:create, and groups:read where a group is meant.',
  })
  createCampaign(
    @Ctx() graph: GraphContext,
    @Arg('input', () => CreateCampaignInput) { realmId, ...input }: CreateCampaignInput,
  ): Promise<CampaignPayload> {
    return payload(async () => {
      const wanted = { ...input, reminderDays: input.reminderDays ?? undefined };
      const row = await graph.services.campaigns.create(await graph.enter(realmId), wanted);
      return { campaign: presentCampaign(row) };
    });
  }

  @Mutation(() => CampaignPayload, {
    description: 'Also what was paused. Needs credential-binding-jobs:create.',
  })
  startCampaign(
    @Ctx() graph: GraphContext,
    @Arg('input', () => CampaignActionInput) input: CampaignActionInput,
  ): Promise<CampaignPayload> {
    return acted(graph, input, graph.services.campaigns.start);
  }

  @Mutation(() => CampaignPayload, {
    description:
      'Nobody is asked or reminded after the answer; links that are out stay what they are. Needs credential-binding-jobs:create.',
  })
  pauseCampaign(
    @Ctx() graph: GraphContext,
    @Arg('input', () => CampaignActionInput) input: CampaignActionInput,
  ): Promise<CampaignPayload> {
    return acted(graph, input, graph.services.campaigns.pause);
  }

  @Mutation(() => CampaignPayload, {
    description: 'For good; links that are out stay what they are. Needs credential-binding-jobs:create.',
  })
  endCampaign(
    @Ctx() graph: GraphContext,
    @Arg('input', () => CampaignActionInput) input: CampaignActionInput,
  ): Promise<CampaignPayload> {
    return acted(graph, input, graph.services.campaigns.end);
  }

  @Mutation(() => ExcludeFromCampaignPayload, {
    description: 'They are neither asked nor reminded any more. Needs credential-binding-jobs:create.',
  })
  async excludeFromCampaign(
    @Ctx() graph: GraphContext,
    @Arg('input', () => ExcludeFromCampaignInput) input: ExcludeFromCampaignInput,
  ): Promise<ExcludeFromCampaignPayload> {
    const { realmId, campaignId, identityIds } = input;
    const done = await payload(async () => {
      const ctx = await graph.enter(realmId);
      const answers = await answerEach(graph, 'identityIds', identityIds, (identityId) =>
        graph.services.campaigns.exclude(ctx, { campaignId, identityId }),
      );
      return { results: answers.map(({ error }, at) => ({ identityId: identityIds[at] ?? '', error })) };
    });
    return { ...done, results: done.results ?? [] };
  }
}

const acted = (
  graph: GraphContext,
  input: CampaignActionInput,
  act: (ctx: RealmCtx, input: unknown) => Promise<CampaignRow>,
): Promise<CampaignPayload> =>
  payload(async () => ({ campaign: presentCampaign(await act(await graph.enter(input.realmId), input)) }));
