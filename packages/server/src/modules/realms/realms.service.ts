import { z } from 'zod';
import { now } from '../../kernel/clock.js';
import type { Db, Runner, Tx, Work } from '../../kernel/command.js';
import type { Ctx, RealmCtx, RealmRef } from '../../kernel/context.js';
import { requireScope } from '../../kernel/context.js';
import { DomainError, notFound, versionMismatch } from '../../kernel/errors.js';
import { isId, newId } from '../../kernel/ids.js';
import { type Page, type PageArgs, pageById, sliceOf } from '../../kernel/page.js';
import { id, ifVersion, line } from '../../kernel/text.js';
import type { PoliciesService } from '../policies/policies.service.js';
import type { ThemesService } from '../themes/themes.service.js';
import {
  insertRealm,
  lockRealm,
  type RealmRow,
  selectAdminRealm,
  selectAdminRealms,
  selectRealm,
  selectRealms,
  updateRealm,
} from './realms.queries.js';

export type { RealmRow };

export const refOf = (row: RealmRow): RealmRef => ({
  id: row.id,
  tenantId: row.tenant_id,
  kind: row.kind,
  displayName: row.display_name,
});

interface Deps {
  db: Db;
  command: Runner;
  themes: ThemesService;
  policies: PoliciesService;
  keys: { createFor(work: Work): Promise<unknown> };
  authenticatorConfigs: { createHosted(tx: Tx, realmId: string): Promise<unknown> };
  publicUrl: string;
}

export type RealmsService = ReturnType<typeof createRealmsService>;

export function createRealmsService(deps: Deps) {
  const { db, command } = deps;

  async function find(realmId: string): Promise<RealmRef | undefined> {
    if (!isId(realmId)) return undefined;
    const row = await selectRealm(db, realmId);
    return row && refOf(row);
  }

  /** @throws DomainError NOT_FOUND for a realm that is missing, of another tenant, or out of reach: all alike */
  function admit(ctx: Ctx, realm: RealmRef | undefined): RealmCtx {
    if (ctx.actor.kind === 'ANONYMOUS')
      throw new DomainError('unauthenticated', 'UNAUTHENTICATED', 'Sign in to do this.');
    if (!realm || realm.tenantId !== ctx.tenantId) throw notFound('realm');
    const reached = [...ctx.grants.values()].some((reach) => reach === 'ALL' || reach.has(realm.id));
    if (!reached) throw notFound('realm');
    return { ...ctx, realm };
  }

  /** What every ordinary realm starts with; a realm made with its tenant goes the same way. */
  async function furnish(work: Work, row: RealmRow): Promise<void> {
    await deps.themes.createFor(work.tx, row.id, row.display_name);
    await deps.keys.createFor(work);
    await deps.authenticatorConfigs.createHosted(work.tx, row.id);
  }

  /** A realm inside an open transaction; the policy is the caller's to make. */
  async function createIn(work: Work, tenantId: string, kind: 'ADMIN' | 'ORDINARY', displayName: string) {
    const row = await insertRealm(work.tx, {
      id: newId(),
      tenant_id: tenantId,
      kind,
      display_name: displayName,
    });
    await furnish(work.within({ realm: refOf(row) }), row);
    return row;
  }

  return {
    find,
    admit,
    enter: async (ctx: Ctx, realmId: string): Promise<RealmCtx> => admit(ctx, await find(realmId)),
    /** Of its tokens (OpenID Connect Core, section 2), and the address that everything of it hangs below. */
    issuer: (realmId: string): string => `${deps.publicUrl}/realms/${realmId}`,
    createIn,

    async enterAdmin(ctx: Ctx): Promise<RealmCtx> {
      if (ctx.actor.kind === 'ANONYMOUS' || ctx.tenantId === null)
        throw new DomainError('unauthenticated', 'UNAUTHENTICATED', 'Sign in to do this.');
      const row = await selectAdminRealm(db, ctx.tenantId);
      if (!row) throw notFound('tenant');
      return { ...ctx, realm: refOf(row) };
    },

    async get(ctx: RealmCtx): Promise<RealmRow> {
      requireScope(ctx, 'realms:read');
      const row = await selectRealm(db, ctx.realm.id);
      if (!row) throw notFound('realm');
      return row;
    },

    async adminRealmOf(tenantId: string): Promise<RealmRow | undefined> {
      return selectAdminRealm(db, tenantId);
    },

    /** Of every tenant of the installation. */
    adminRealms: async (source: Db | Tx): Promise<RealmRef[]> => (await selectAdminRealms(source)).map(refOf),

    async list(ctx: RealmCtx, query: string | null | undefined, args: PageArgs): Promise<Page<RealmRow>> {
      const reach = ctx.grants.get('realms:read');
      if (reach === undefined) requireScope(ctx, 'realms:read');
      const slice = sliceOf(args);
      const only = reach === 'ALL' || reach === undefined ? undefined : [...reach];
      const rows = await selectRealms(db, ctx.realm.tenantId, slice, {
        query: query?.trim() || undefined,
        only,
      });
      return pageById(slice, rows);
    },

    /** Called in the Admin Realm: making a realm is the tenant's affair. */
    create: command({
      name: 'realms.create',
      scope: 'realms:create',
      input: z.object({ displayName: line(200) }),
      body: async (work, input) => {
        const row = await createIn(work, work.ctx.realm.tenantId, 'ORDINARY', input.displayName);
        await deps.policies.createInitial(work.tx, row.id, deps.policies.ordinaryPolicy());
        work.record('realm.created', { displayName: row.display_name }, { subject: subjectOf(row) });
        return row;
      },
    }),

    update: command({
      name: 'realms.update',
      scope: 'realms:update',
      input: z.object({ realmId: id, displayName: line(200).nullish(), ifVersion }),
      body: async (work, input) => {
        const row = await lockRealm(work.tx, work.ctx.realm.id);
        if (!row) throw notFound('realm');
        if (input.ifVersion != null && input.ifVersion !== row.version) throw versionMismatch('realm');
        if (input.displayName == null || input.displayName === row.display_name) {
          work.unchanged();
          return row;
        }
        const updated = await updateRealm(work.tx, row, input.displayName, now());
        work.record('realm.updated', { changed: ['displayName'] }, { subject: subjectOf(updated) });
        return updated;
      },
    }),
  };
}

const subjectOf = (row: RealmRow) => ({ kind: 'REALM' as const, id: row.id, name: row.display_name });
