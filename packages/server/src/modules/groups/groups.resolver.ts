import { Arg, Args, Ctx, FieldResolver, ID, Int, Mutation, Resolver, Root } from 'type-graphql';
import {
  type Connection,
  ConnectionArgs,
  SearchArgs,
  toConnection,
} from '../../protocols/graphql/connection.js';
import type { GraphContext } from '../../protocols/graphql/context.js';
import { payload, toUserErrors } from '../../protocols/graphql/errors.js';
import { Identity, IdentityConnection, presentIdentity } from '../identities/identities.object.js';
import { Realm } from '../realms/realms.object.js';
import {
  CreateGroupInput,
  DeleteGroupInput,
  DeleteGroupPayload,
  GroupMembersInput,
  GroupMembersPayload,
  GroupPayload,
  GroupsArgs,
  UpdateGroupInput,
} from './groups.inputs.js';
import { Group, GroupConnection, presentGroup } from './groups.object.js';
import type { MembersChanged } from './groups.service.js';

@Resolver(() => Realm)
export class RealmGroupsResolver {
  @FieldResolver(() => GroupConnection, { description: 'Needs groups:read.' })
  async groups(
    @Root() realm: Realm,
    @Ctx() graph: GraphContext,
    @Args(() => GroupsArgs) args: GroupsArgs,
  ): Promise<Connection<Group>> {
    const ctx = await graph.enter(realm.id);
    const wanted = {
      query: args.query?.trim() || undefined,
      managed: args.filter?.managed ?? undefined,
      order: args.orderBy ?? undefined,
    };
    return toConnection(await graph.services.groups.list(ctx, wanted, args), presentGroup);
  }

  @FieldResolver(() => Group, { nullable: true, description: 'Needs groups:read.' })
  async group(
    @Root() realm: Realm,
    @Ctx() graph: GraphContext,
    @Arg('id', () => ID) id: string,
  ): Promise<Group | null> {
    const row = await graph.services.groups.find(await graph.enter(realm.id), id);
    return row ? presentGroup(row) : null;
  }
}

@Resolver(() => Identity)
export class IdentityGroupsResolver {
  @FieldResolver(() => GroupConnection, { description: 'Needs groups:read.' })
  async groups(
    @Root() identity: Identity,
    @Ctx() graph: GraphContext,
    @Args(() => ConnectionArgs) args: ConnectionArgs,
  ): Promise<Connection<Group>> {
    const ctx = await graph.enter(identity.realmId);
    const name = `groups ${identity.realmId} ${JSON.stringify([args.first, args.after, args.last, args.before])}`;
    const loader = graph.loader(name, (ids: readonly string[]) =>
      graph.services.groups.groupsOfMany(ctx, ids, args),
    );
    return toConnection(await loader.load(identity.id), presentGroup);
  }
}

@Resolver(() => Group)
export class GroupsResolver {
  @FieldResolver(() => IdentityConnection, { description: 'Needs groups:read and identities:read.' })
  async members(
    @Root() group: Group,
    @Ctx() graph: GraphContext,
    @Args(() => SearchArgs) args: SearchArgs,
  ): Promise<Connection<Identity>> {
    const ctx = await graph.enter(group.realmId);
    return toConnection(await graph.services.groups.members(ctx, group.id, args), presentIdentity);
  }

  @FieldResolver(() => Int, {
    description: 'Exact below 10,000, which stands for that many or more. Needs groups:read.',
  })
  async memberCount(@Root() group: Group, @Ctx() graph: GraphContext): Promise<number> {
    const ctx = await graph.enter(group.realmId);
    const loader = graph.loader(`member counts ${group.realmId}`, (ids: readonly string[]) =>
      graph.services.groups.memberCounts(ctx, ids),
    );
    return loader.load(group.id);
  }

  @Mutation(() => GroupPayload, { description: 'Needs groups:create.' })
  createGroup(
    @Ctx() graph: GraphContext,
    @Arg('input', () => CreateGroupInput) input: CreateGroupInput,
  ): Promise<GroupPayload> {
    return payload(async () => ({
      group: presentGroup(await graph.services.groups.create(await graph.enter(input.realmId), input)),
    }));
  }

  @Mutation(() => GroupPayload, { description: 'Needs groups:update.' })
  updateGroup(
    @Ctx() graph: GraphContext,
    @Arg('input', () => UpdateGroupInput) input: UpdateGroupInput,
  ): Promise<GroupPayload> {
    return payload(async () => {
      const wanted = { ...input, displayName: input.displayName ?? undefined };
      return {
        group: presentGroup(await graph.services.groups.change(await graph.enter(input.realmId), wanted)),
      };
    });
  }

  @Mutation(() => DeleteGroupPayload, {
    description:
      'Refused with IN_USE, naming what uses it, while a role or the policy refers to it. Needs groups:delete.',
  })
  deleteGroup(
    @Ctx() graph: GraphContext,
    @Arg('input', () => DeleteGroupInput) input: DeleteGroupInput,
  ): Promise<DeleteGroupPayload> {
    return payload(async () => ({
      deletedGroupId: (await graph.services.groups.remove(await graph.enter(input.realmId), input)).id,
    }));
  }

  @Mutation(() => GroupMembersPayload, {
    description: 'Needs groups:update, and every scope that the group gives.',
  })
  addGroupMembers(
    @Ctx() graph: GraphContext,
    @Arg('input', () => GroupMembersInput) input: GroupMembersInput,
  ): Promise<GroupMembersPayload> {
    return membership(async () =>
      graph.services.groups.addMembers(await graph.enter(input.realmId), { ...input }),
    );
  }

  @Mutation(() => GroupMembersPayload, { description: 'Needs groups:update.' })
  removeGroupMembers(
    @Ctx() graph: GraphContext,
    @Arg('input', () => GroupMembersInput) input: GroupMembersInput,
  ): Promise<GroupMembersPayload> {
    return membership(async () =>
      graph.services.groups.removeMembers(await graph.enter(input.realmId), { ...input }),
    );
  }
}

async function membership(run: () => Promise<MembersChanged>): Promise<GroupMembersPayload> {
  const made = await payload(async () => {
    const { group, results, warnings } = await run();
    return {
      group: presentGroup(group),
      results: results.map(({ identityId, changed, error }) => ({
        identityId,
        changed,
        error: (error && toUserErrors(error)[0]) ?? null,
      })),
      warnings,
    };
  });
  return { ...made, results: made.results ?? [], warnings: made.warnings ?? [] };
}
