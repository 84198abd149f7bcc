import type { Db, Work } from '../../kernel/command.js';
import { covers, type Reach } from '../../kernel/context.js';
import { DomainError } from '../../kernel/errors.js';
import { newId } from '../../kernel/ids.js';
import { PREDEFINED_ROLES } from './predefined.js';
import * as queries from './roles.queries.js';

export type RoleRow = queries.RoleRow;

export type RolesService = ReturnType<typeof createRolesService>;

export function createRolesService({ db }: { db: Db }) {
  async function createIn(
    work: Work,
    input: {
      resourceServerId: string;
      displayName: string;
      description: string | null;
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
    if (input.scopes.length > 0) await queries.insertRoleScopes(work.tx, role, input.scopes);
    work.record(
      'role.created',
      { displayName: role.display_name },
      { subject: { kind: 'ROLE', id: role.id, name: role.display_name } },
    );
    return role;
  }

  return {
    createIn,

    /** Every role that an Admin Realm begins with. @returns the one that gives everything */
    async createPredefined(work: Work, resourceServerId: string): Promise<queries.RoleRow> {
      const made = new Map<string, queries.RoleRow>();
      for (const role of PREDEFINED_ROLES)
        made.set(role.managed, await createIn(work, { ...role, resourceServerId }));
      const all = made.get('SUPER_ADMINISTRATOR');
      if (!all) throw new Error('there is no role that gives everything');
      return all;
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

    /**
     * What an identity can do in the tenant now: names of management scopes, each with the realm that it reaches behind
     * a space, or with none for the whole tenant. Nothing in an ordinary realm.
     */
    async powerOf(work: Work, identityId: string): Promise<string[]> {
      if (work.ctx.realm.kind !== 'ADMIN') return [];
      const rows = await queries.selectManagementScopes(work.tx, work.ctx.realm.id, identityId);
      const power = rows.flatMap(({ scope, reaches_realm_ids: reach }) =>
        reach === null ? [scope] : reach.map((realmId) => `${scope} ${realmId}`),
      );
      return [...new Set(power)].sort();
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
