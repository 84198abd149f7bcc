import type { Db, Work } from '../../kernel/command.js';
import { covers, type Reach } from '../../kernel/context.js';
import { DomainError } from '../../kernel/errors.js';
import { newId } from '../../kernel/ids.js';
import * as queries from './roles.queries.js';

export type RolesService = ReturnType<typeof createRolesService>;

export function createRolesService({ db }: { db: Db }) {
  return {
    async createIn(
      work: Work,
      input: {
        resourceServerId: string;
        displayName: string;
        description: string;
        managed: string | null;
        scopes: readonly string[];
      },
    ): Promise<queries.RoleRow> {
      const role = await queries.insertRole(work.tx, {
        realm_id: work.ctx.realm.id,
        id: newId(),
        resource_server_id: input.resourceServerId,
        display_name: input.displayName,
        description: input.description,
        managed: input.managed,
      });
      await queries.insertRoleScopes(work.tx, role, input.scopes);
      work.record(
        'role.created',
        { displayName: role.display_name },
        { subject: { kind: 'ROLE', id: role.id, name: role.display_name } },
      );
      return role;
    },

    async assignToGroup(
      work: Work,
      role: queries.RoleRow,
      group: { id: string; display_name: string },
    ): Promise<void> {
      await queries.insertAssignment(work.tx, {
        realm_id: role.realm_id,
        id: newId(),
        role_id: role.id,
        identity_id: null,
        group_id: group.id,
      });
      work.record(
        'role.assigned',
        { roleId: role.id, roleName: role.display_name },
        { subject: { kind: 'GROUP', id: group.id, name: group.display_name } },
      );
    },

    /** Names of the roles that a group gives its members. */
    namesGivenTo: (work: Work, groupId: string): Promise<string[]> =>
      queries.selectNamesGivenTo(work.tx, work.ctx.realm.id, groupId),

    /**
     * Whoever acts in someone's name acts with all that they hold: nobody may make that of a person who holds more.
     * @throws DomainError SCOPE_NOT_HELD naming a scope that the caller lacks
     */
    async refuseMorePowerful(work: Work, identityId: string): Promise<void> {
      if (work.ctx.realm.kind !== 'ADMIN' || work.ctx.actor.kind === 'SYSTEM') return;
      for (const row of await queries.selectManagementScopes(work.tx, work.ctx.realm.id, identityId)) {
        if (!covers(work.ctx, row.scope, row.reaches_realm_ids))
          throw new DomainError(
            'forbidden',
            'SCOPE_NOT_HELD',
            `This identity holds the scope ${row.scope}, which you do not hold.`,
          );
      }
    },

    /** Names of the management scopes that an identity holds now; none in an ordinary realm. */
    async managementScopes(work: Work, identityId: string): Promise<string[]> {
      if (work.ctx.realm.kind !== 'ADMIN') return [];
      const rows = await queries.selectManagementScopes(work.tx, work.ctx.realm.id, identityId);
      return [...new Set(rows.map(({ scope }) => scope))].sort();
    },

    /** The scopes of one resource server that the identity holds at this moment, each with the realms it reaches. */
    async effectiveScopes(
      realmId: string,
      identityId: string,
      resourceServerId: string,
    ): Promise<ReadonlyMap<string, Reach>> {
      return heldIn(await queries.selectEffectiveScopes(db, realmId, identityId, resourceServerId));
    },

    /** The management scopes that an identity of the Admin Realm holds at this moment, each with its reach. */
    managementGrants: async (
      work: Work,
      adminRealmId: string,
      identityId: string,
    ): Promise<ReadonlyMap<string, Reach>> =>
      heldIn(await queries.selectManagementScopes(work.tx, adminRealmId, identityId)),
  };
}

function heldIn(rows: readonly queries.EffectiveScope[]): ReadonlyMap<string, Reach> {
  const held = new Map<string, Reach>();
  for (const row of rows) {
    const before = held.get(row.scope);
    if (before === 'ALL' || row.reaches_realm_ids === null) held.set(row.scope, 'ALL');
    else held.set(row.scope, new Set([...(before ?? []), ...row.reaches_realm_ids]));
  }
  return held;
}
