import { Arg, Ctx, FieldResolver, ID, Mutation, Resolver, Root } from 'type-graphql';
import { requireScope } from '../../kernel/context.js';
import type { GraphContext } from '../../protocols/graphql/context.js';
import { payload } from '../../protocols/graphql/errors.js';
import { Group } from '../groups/groups.object.js';
import { Identity } from '../identities/identities.object.js';
import type { Assigned, HeldRow } from './role-assignments.service.js';
import { AssignRoleInput, RoleHoldersPayload, UnassignRoleInput } from './roles.inputs.js';
import { EffectiveScope, presentAssignment, presentRole, Role, RoleAssignment } from './roles.object.js';
import type { HolderKind } from './roles.types.js';

@Resolver(() => Identity)
export class IdentityRolesResolver {
  @FieldResolver(() => [RoleAssignment], {
    description: 'All that it holds, its own and those of its groups. Needs roles:read.',
  })
  async roleAssignments(@Root() identity: Identity, @Ctx() graph: GraphContext): Promise<RoleAssignment[]> {
    const ctx = await graph.enter(identity.realmId);
    const loader = graph.loader<string, HeldRow[]>(`roles of identities ${identity.realmId}`, (ids) =>
      graph.services.roleAssignments.heldByIdentities(ctx, ids),
    );
    return (await loader.load(identity.id)).map(presentAssignment);
  }

  @FieldResolver(() => [EffectiveScope], {
    description:
      'The scopes of one resource server that it holds at this moment, each with every way that gave it. Needs roles:read.',
  })
  async effectiveScopes(
    @Root() identity: Identity,
    @Ctx() graph: GraphContext,
    @Arg('resourceServerId', () => ID) resourceServerId: string,
  ): Promise<EffectiveScope[]> {
    const ctx = await graph.enter(identity.realmId);
    return graph.services.roleAssignments.effectiveScopes(ctx, identity.id, resourceServerId);
  }
}

@Resolver(() => Group)
export class GroupRolesResolver {
  @FieldResolver(() => [RoleAssignment], { description: 'What it gives its members. Needs roles:read.' })
  async roleAssignments(@Root() group: Group, @Ctx() graph: GraphContext): Promise<RoleAssignment[]> {
    const ctx = await graph.enter(group.realmId);
    const loader = graph.loader<string, HeldRow[]>(`roles of groups ${group.realmId}`, (ids) =>
      graph.services.roleAssignments.heldByGroups(ctx, ids),
    );
    return (await loader.load(group.id)).map(presentAssignment);
  }
}

@Resolver(() => RoleAssignment)
export class RoleAssignmentsResolver {
  @FieldResolver(() => Role, { nullable: true, description: 'Needs roles:read.' })
  async role(@Root() assignment: RoleAssignment, @Ctx() graph: GraphContext): Promise<Role | null> {
    const ctx = await graph.enter(assignment.realmId);
    const loader = graph.loader(`roles ${assignment.realmId}`, (ids: readonly string[]) =>
      graph.services.roleChanges.findMany(ctx, ids),
    );
    const row = await loader.load(assignment.roleId);
    return row ? presentRole(row) : null;
  }

  @FieldResolver(() => String, {
    description: 'Name of the identity or group. Needs identities:read or groups:read.',
  })
  async holderName(@Root() assignment: RoleAssignment, @Ctx() graph: GraphContext): Promise<string> {
    const ctx = await graph.enter(assignment.realmId);
    requireScope(ctx, assignment.holderKind === 'IDENTITY' ? 'identities:read' : 'groups:read');
    return assignment.row.holder_name;
  }

  @Mutation(() => RoleHoldersPayload, {
    description:
      'A holder that has it already has it as far as is said now. Of the Management API: only what the caller holds at least as far. Needs roles:update.',
  })
  assignRole(
    @Ctx() graph: GraphContext,
    @Arg('input', () => AssignRoleInput) { realmId, ...input }: AssignRoleInput,
  ): Promise<RoleHoldersPayload> {
    return shown(async () =>
      graph.services.roleAssignments.assign(await graph.enter(realmId), holdersOf(input)),
    );
  }

  @Mutation(() => RoleHoldersPayload, { description: 'Needs roles:update.' })
  unassignRole(
    @Ctx() graph: GraphContext,
    @Arg('input', () => UnassignRoleInput) { realmId, ...input }: UnassignRoleInput,
  ): Promise<RoleHoldersPayload> {
    return shown(async () =>
      graph.services.roleAssignments.unassign(await graph.enter(realmId), holdersOf(input)),
    );
  }
}

const holdersOf = <I extends Omit<UnassignRoleInput, 'realmId'>>(input: I) => ({
  ...input,
  identityIds: input.identityIds ?? [],
  groupIds: input.groupIds ?? [],
});

async function shown(run: () => Promise<Assigned>): Promise<RoleHoldersPayload> {
  const made = await payload(async () => {
    const { role, results, warnings } = await run();
    return {
      role: presentRole(role),
      results: results.map(({ missing, ...result }) => ({
        ...result,
        error: missing ? missingHolder(result.kind) : null,
      })),
      warnings,
    };
  });
  return { ...made, results: made.results ?? [], warnings: made.warnings ?? [] };
}

const missingHolder = (kind: HolderKind) => ({
  code: 'NOT_FOUND' as const,
  message: `There is no such ${kind === 'GROUP' ? 'group' : 'identity'}.`,
  path: null,
});
