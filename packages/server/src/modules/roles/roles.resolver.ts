import { Arg, Args, Ctx, FieldResolver, ID, Mutation, Resolver, Root } from 'type-graphql';
import { type Connection, ConnectionArgs, toConnection } from '../../protocols/graphql/connection.js';
import type { GraphContext } from '../../protocols/graphql/context.js';
import { payload, type UserWarning } from '../../protocols/graphql/errors.js';
import { Realm } from '../realms/realms.object.js';
import { presentResourceServer, ResourceServer } from '../resource-servers/resource-servers.object.js';
import {
  CreateRoleInput,
  DeleteRoleInput,
  DeleteRolePayload,
  RolePayload,
  RolesArgs,
  UpdateRoleInput,
} from './roles.inputs.js';
import {
  presentAssignment,
  presentRole,
  Role,
  RoleAssignment,
  RoleAssignmentConnection,
  RoleConnection,
} from './roles.object.js';

@Resolver(() => Realm)
export class RealmRolesResolver {
  @FieldResolver(() => RoleConnection, { description: 'Oldest first. Needs roles:read.' })
  async roles(
    @Root() realm: Realm,
    @Ctx() graph: GraphContext,
    @Args(() => RolesArgs) args: RolesArgs,
  ): Promise<Connection<Role>> {
    const filter = {
      query: args.query?.trim() || undefined,
      resourceServerId: args.filter?.resourceServerId ?? undefined,
    };
    return toConnection(
      await graph.services.roleChanges.list(await graph.enter(realm.id), filter, args),
      presentRole,
    );
  }

  @FieldResolver(() => Role, { nullable: true, description: 'Needs roles:read.' })
  async role(
    @Root() realm: Realm,
    @Ctx() graph: GraphContext,
    @Arg('id', () => ID) id: string,
  ): Promise<Role | null> {
    const [row] = await graph.services.roleChanges.findMany(await graph.enter(realm.id), [id]);
    return row ? presentRole(row) : null;
  }
}

@Resolver(() => Role)
export class RolesResolver {
  @FieldResolver(() => [String], { description: 'By name.' })
  async scopes(@Root() role: Role, @Ctx() graph: GraphContext): Promise<readonly string[]> {
    const ctx = await graph.enter(role.realmId);
    const loader = graph.loader(`role scopes ${role.realmId}`, (ids: readonly string[]) =>
      graph.services.roleChanges.scopesFor(ctx, ids),
    );
    return loader.load(role.id);
  }

  @FieldResolver(() => ResourceServer, { nullable: true, description: 'Needs resource-servers:read.' })
  async resourceServer(@Root() role: Role, @Ctx() graph: GraphContext): Promise<ResourceServer | null> {
    const ctx = await graph.enter(role.realmId);
    const loader = graph.loader(`resource servers ${role.realmId}`, (ids: readonly string[]) =>
      graph.services.resourceServers.findMany(ctx, ids),
    );
    const row = await loader.load(role.serverId);
    return row ? presentResourceServer(row) : null;
  }

  @FieldResolver(() => RoleAssignmentConnection, {
    description: 'Who holds it, the oldest first. Needs roles:read.',
  })
  async assignments(
    @Root() role: Role,
    @Ctx() graph: GraphContext,
    @Args(() => ConnectionArgs) args: ConnectionArgs,
  ): Promise<Connection<RoleAssignment>> {
    const page = await graph.services.roleAssignments.holders(await graph.enter(role.realmId), role.id, args);
    return toConnection(page, presentAssignment);
  }

  @Mutation(() => RolePayload, {
    description: 'Of the Management API: only with scopes that the caller holds. Needs roles:create.',
  })
  createRole(
    @Ctx() graph: GraphContext,
    @Arg('input', () => CreateRoleInput) { realmId, ...input }: CreateRoleInput,
  ): Promise<RolePayload> {
    return warned(async () => ({
      role: presentRole(await graph.services.roleChanges.create(await graph.enter(realmId), input)),
      warnings: [],
    }));
  }

  @Mutation(() => RolePayload, { description: 'Needs roles:update.' })
  updateRole(
    @Ctx() graph: GraphContext,
    @Arg('input', () => UpdateRoleInput) { realmId, ...input }: UpdateRoleInput,
  ): Promise<RolePayload> {
    return warned(async () => {
      const wanted = {
        ...input,
        displayName: input.displayName ?? undefined,
        scopes: input.scopes ?? undefined,
      };
      const { role, warnings } = await graph.services.roleChanges.update(await graph.enter(realmId), wanted);
      return { role: presentRole(role), warnings };
    });
  }

  @Mutation(() => DeleteRolePayload, {
    description: 'Refused with IN_USE, naming who holds it, unless cascade is set. Needs roles:delete.',
  })
  deleteRole(
    @Ctx() graph: GraphContext,
    @Arg('input', () => DeleteRoleInput) { realmId, ...input }: DeleteRoleInput,
  ): Promise<DeleteRolePayload> {
    return warned(async () => {
      const { role, warnings } = await graph.services.roleChanges.remove(await graph.enter(realmId), input);
      return { deletedRoleId: role.id, warnings };
    });
  }
}

/** A refusal warns of nothing. */
async function warned<T extends { warnings: readonly UserWarning[] }>(run: () => Promise<T>) {
  const made = await payload(run);
  return { ...made, warnings: made.warnings ?? [] };
}
