import { z } from 'zod';
import { now } from '../../kernel/clock.js';
import type { Db, Runner, Work } from '../../kernel/command.js';
import { covers, type RealmCtx, requireScope } from '../../kernel/context.js';
import { DomainError, managedObject, notFound, versionMismatch } from '../../kernel/errors.js';
import { isId, newId } from '../../kernel/ids.js';
import { type Page, type PageArgs, pageById, sliceOf } from '../../kernel/page.js';
import { id, ifVersion } from '../../kernel/text.js';
import type { PoliciesService } from '../policies/policies.service.js';
import type { AccessGuard, Warning } from '../tenants/lockout.types.js';
import * as queries from './authenticator-configs.queries.js';
import type { AuthenticatorConfigRow } from './authenticator-configs.service.js';
import { checkTogether, configChange, configInput, settle } from './authenticator-configs.types.js';

interface Deps {
  db: Db;
  command: Runner;
  policies: Pick<PoliciesService, 'rulesNaming'>;
  guard: AccessGuard;
}

export interface ConfigChanged {
  readonly config: AuthenticatorConfigRow;
  readonly warnings: readonly Warning[];
}

const subjectOf = (row: AuthenticatorConfigRow) => ({
  kind: 'AUTHENTICATOR_CONFIG' as const,
  id: row.id,
  name: row.display_name,
});

/** A config as it is before anything is said of it. */
const BLANK = {
  invocation: null,
  invoke_url: null,
  trusted_origins: [],
  relying_party_id: null,
  attestation: 'NONE',
  allowed_models: null,
  denied_models: [],
  sign_up: false,
  sign_up_proof: 'LINK',
  sign_up_domains: null,
} as const;

const TAKES_OVER: ReadonlySet<string> = new Set(['invokeUrl', 'trustedOrigins', 'relyingPartyId']);

const inUse = (by: string): DomainError =>
  new DomainError('conflict', 'IN_USE', `This authenticator config is used by ${by}.`, {
    path: ['authenticatorConfigId'],
  });

/** Authenticator configs for those who administer them. */
export function createConfigAdministration({ db, command, policies, guard }: Deps) {
  async function lock(work: Work, configId: string, expected?: number | null) {
    const row = await queries.lockConfig(work.tx, work.ctx.realm.id, configId);
    if (!row) throw notFound('authenticator config');
    if (expected != null && expected !== row.version) throw versionMismatch('authenticator config');
    return row;
  }

  /** What hangs on it would go on in another place without anyone having said so. */
  async function refuseInUse(work: Work, row: AuthenticatorConfigRow): Promise<void> {
    const { applications, openLinks } = await queries.selectUses(work.tx, row.realm_id, row.id);
    const uses = [
      ...applications.map((name) => `the application “${name}”`),
      ...(await policies.rulesNaming(work, row.id)).map((name) => `the policy rule “${name}”`),
      ...(openLinks ? ['binding links that are still open'] : []),
    ];
    if (uses.length === 0) return;
    const more = uses.length > 10 ? ` and ${uses.length - 10} more` : '';
    throw inUse(uses.slice(0, 10).join(', ') + more);
  }

  /** Whose page holds the ceremonies of an application has what it has. */
  async function refuseBeyondOwn(work: Work, row: AuthenticatorConfigRow): Promise<void> {
    if (work.ctx.actor.kind === 'SYSTEM') return;
    const scopes = await queries.selectManagementScopes(work.tx, row.realm_id, row.id);
    const missing = scopes.find((scope) => !covers(work.ctx, scope, null));
    if (missing !== undefined)
      throw new DomainError(
        'forbidden',
        'SCOPE_NOT_HELD',
        `An application with this config can get the scope ${missing}, which you do not hold.`,
        { path: ['authenticatorConfigId'] },
      );
    const powers = await queries.selectPowersOfLinks(work.tx, row.realm_id, row.id);
    const beyond = powers.find((power) => {
      const [scope = '', realmId] = power.split(' ');
      return !covers(work.ctx, scope, realmId === undefined ? null : [realmId]);
    });
    // The page gets the secret of the link, and could bind a passkey of its own.
    if (beyond !== undefined)
      throw new DomainError(
        'forbidden',
        'SCOPE_NOT_HELD',
        'A binding link that leads to this page is for somebody who holds more than you do.',
        { path: ['authenticatorConfigId'] },
      );
  }

  return {
    async find(ctx: RealmCtx, configId: string): Promise<AuthenticatorConfigRow | undefined> {
      requireScope(ctx, 'authenticator-configs:read');
      return isId(configId) ? queries.selectConfig(db, ctx.realm.id, configId) : undefined;
    },

    /** @returns each config, in the order asked */
    async findMany(ctx: RealmCtx, ids: readonly string[]): Promise<(AuthenticatorConfigRow | undefined)[]> {
      requireScope(ctx, 'authenticator-configs:read');
      const rows = await queries.selectConfigsByIds(db, ctx.realm.id, ids);
      const byId = new Map(rows.map((row) => [row.id, row]));
      return ids.map((configId) => byId.get(configId));
    },

    async list(
      ctx: RealmCtx,
      query: string | undefined,
      args: PageArgs,
    ): Promise<Page<AuthenticatorConfigRow>> {
      requireScope(ctx, 'authenticator-configs:read');
      const slice = sliceOf(args);
      return pageById(slice, await queries.selectConfigs(db, ctx.realm.id, slice, query));
    },

    create: command({
      name: 'authenticator-configs.create',
      scope: 'authenticator-configs:create',
      input: configInput,
      body: async (work, { kind, ...input }): Promise<AuthenticatorConfigRow> => {
        const { realm } = work.ctx;
        const at = now();
        const blank = {
          ...BLANK,
          trusted_origins: [],
          denied_models: [],
          realm_id: realm.id,
          id: newId(),
          display_name: input.displayName,
          kind,
          managed: null,
          version: 1,
          created_at: at,
          updated_at: at,
        };
        const { set } = settle(blank, input);
        checkTogether(kind, set, realm.kind === 'ADMIN');
        const row = await queries.insertConfig(work.tx, { ...blank, ...set });
        work.record(
          'authenticator_config.created',
          { displayName: row.display_name, kind },
          { subject: subjectOf(row) },
        );
        return row;
      },
    }),

    change: command({
      name: 'authenticator-configs.change',
      scope: 'authenticator-configs:update',
      input: configChange,
      body: async (work, input): Promise<ConfigChanged> => {
        const row = await lock(work, input.authenticatorConfigId, input.ifVersion);
        const { set, changed, unowned } = settle(row, input);
        if (row.managed !== null && (row.kind === 'NONE' || unowned.length > 0) && changed.length > 0)
          throw managedObject('authenticator config');
        checkTogether(row.kind, set, work.ctx.realm.kind === 'ADMIN');
        if (changed.length === 0) {
          work.unchanged();
          return { config: row, warnings: [] };
        }
        if (changed.some((field) => TAKES_OVER.has(field))) await refuseBeyondOwn(work, row);
        const config = await queries.updateConfig(work.tx, row, { ...set, updated_at: now() });
        work.record('authenticator_config.updated', { changed }, { subject: subjectOf(config) });
        return { config, warnings: await guard.check(work) };
      },
    }),

    remove: command({
      name: 'authenticator-configs.remove',
      scope: 'authenticator-configs:delete',
      input: z.object({ authenticatorConfigId: id, ifVersion }),
      constraints: {
        applications_realm_id_authenticator_config_id_fkey: () => inUse('an application'),
      },
      body: async (work, input): Promise<AuthenticatorConfigRow> => {
        const row = await lock(work, input.authenticatorConfigId, input.ifVersion);
        if (row.managed !== null) throw managedObject('authenticator config');
        await refuseInUse(work, row);
        await queries.deleteConfig(work.tx, row);
        work.record(
          'authenticator_config.deleted',
          { displayName: row.display_name },
          { subject: subjectOf(row) },
        );
        return row;
      },
    }),
  };
}
