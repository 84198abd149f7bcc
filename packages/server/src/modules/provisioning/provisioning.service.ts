import { z } from 'zod';
import { now } from '../../kernel/clock.js';
import type { Db, Runner } from '../../kernel/command.js';
import {
  type Actor,
  type Ctx,
  holds,
  type Reach,
  type RealmCtx,
  requireScope,
} from '../../kernel/context.js';
import { forbidden } from '../../kernel/errors.js';
import { isId, newId } from '../../kernel/ids.js';
import { type Page, type PageArgs, pageById, sliceOf } from '../../kernel/page.js';
import type { Scope } from '../../kernel/permissions.js';
import { id, ifVersion } from '../../kernel/text.js';
import type { RealmsService } from '../realms/realms.service.js';
import { createBrake } from './brake.service.js';
import { lockForChange, subjectOf } from './locking.js';
import * as queries from './provisioning.queries.js';
import { createRequestLog } from './requests.service.js';

export { stateOf } from './brake.js';
export type { ClientRow } from './provisioning.queries.js';
export type { RequestRow } from './requests.service.js';

type ClientRow = queries.ClientRow;

export type ProvisioningService = ReturnType<typeof createProvisioningService>;

/** How exactly it is known when a client was last here. */
const SEEN_EVERY_MS = 60_000;

const PROVISIONS: readonly Scope[] = [
  'identities:read',
  'identities:create',
  'identities:update',
  'identities:delete',
  'groups:read',
  'groups:create',
  'groups:update',
  'groups:delete',
];

const settings = z.object({
  clientId: id,
  ifVersion,
  adoptsUnowned: z.boolean().optional(),
  dryRun: z.boolean().optional(),
  /** Null switches a limit off, and without a window there is none. */
  maxCount: z.number().int().min(0).max(1_000_000).nullish(),
  maxPercent: z.number().int().min(1).max(100).nullish(),
  windowMinutes: z.number().int().min(1).max(1440).nullish(),
});

/** Who keeps a realm's directory up to date over SCIM, what they asked for, and how much they may take away. */
export function createProvisioningService({
  db,
  command,
  realms,
}: {
  db: Db;
  command: Runner;
  realms: Pick<RealmsService, 'admit' | 'enter'>;
}) {
  const meet = command({
    name: 'provisioning.meet',
    scope: 'scim:all',
    input: z.object({ applicationId: id, tokenName: z.string(), displayName: z.string() }),
    body: async (work, { applicationId, tokenName, displayName }): Promise<ClientRow> => {
      const realmId = work.ctx.realm.id;
      const made = await queries.insertClient(work.tx, {
        realm_id: realmId,
        id: newId(),
        application_id: applicationId,
        token_name: tokenName,
        display_name: displayName,
        last_seen_at: now(),
      });
      if (made) {
        const told = { displayName, applicationId };
        work.record('provisioning_client.created', told, { subject: subjectOf(made) });
        return made;
      }
      work.unchanged();
      const first = await queries.selectByKey(work.tx, realmId, { applicationId, tokenName });
      if (!first) throw new Error('a provisioning client was there and is not');
      return first;
    },
  });

  /** A first request makes the client, and one a minute writes that it was here. */
  async function met(ctx: RealmCtx, known: ClientRow | undefined): Promise<ClientRow> {
    const { displayName, ...key } = keyOf(ctx.actor);
    if (!known) return meet(ctx, { ...key, displayName });
    const at = now();
    const unless = new Date(at.getTime() - SEEN_EVERY_MS);
    if (known.last_seen_at < unless) await queries.touchClient(db, known, displayName, at, unless);
    return known;
  }

  const owned = async (
    ctx: RealmCtx,
    table: 'identities' | 'groups',
    clientIds: readonly string[],
  ): Promise<number[]> => {
    requireScope(ctx, 'realms:read');
    const counts = await queries.countOwned(db, ctx.realm.id, table, clientIds);
    return clientIds.map((clientId) => counts.get(clientId) ?? 0);
  };

  return {
    ...createBrake({ db, command }),
    ...createRequestLog({ db }),

    /**
     * What `scim:all` means: the whole life of the identities and groups of this realm that belong to the client,
     * and nothing else that the caller holds.
     * @throws DomainError NOT_FOUND for a realm out of reach, FORBIDDEN without the scope
     */
    async enter(caller: Ctx, realmId: string): Promise<RealmCtx> {
      if (caller.actor.kind !== 'APPLICATION') {
        const ctx = await realms.enter(caller, realmId);
        requireScope(ctx, 'scim:all');
        // A person acts as in the console, with what they hold there: nobody provisions under a person's name.
        return { ...ctx, grants: within(ctx, (scope) => holds(ctx, scope)) };
      }
      const found = isId(realmId)
        ? await queries.selectRealmAndClient(db, realmId, keyOf(caller.actor))
        : undefined;
      const ctx = realms.admit(caller, found?.realm);
      requireScope(ctx, 'scim:all');
      const client = await met(ctx, found?.client);
      return {
        ...ctx,
        grants: within(ctx, () => true),
        provisioning: { clientId: client.id, adopts: client.adopts_unowned },
        ...(client.dry_run ? { dryRun: true } : {}),
      };
    },

    async list(ctx: RealmCtx, args: PageArgs): Promise<Page<ClientRow>> {
      requireScope(ctx, 'realms:read');
      const slice = sliceOf(args);
      return pageById(slice, await queries.selectClients(db, ctx.realm.id, slice));
    },

    async find(ctx: RealmCtx, clientId: string): Promise<ClientRow | undefined> {
      requireScope(ctx, 'realms:read');
      return isId(clientId) ? queries.selectClient(db, ctx.realm.id, clientId) : undefined;
    },

    async findMany(ctx: RealmCtx, clientIds: readonly string[]): Promise<(ClientRow | undefined)[]> {
      requireScope(ctx, 'realms:read');
      const rows = await queries.selectManyClients(db, ctx.realm.id, clientIds);
      const byId = new Map(rows.map((row) => [row.id, row]));
      return clientIds.map((clientId) => byId.get(clientId));
    },

    /** @returns how many identities each client provisioned, in the order asked */
    ownedIdentities: (ctx: RealmCtx, clientIds: readonly string[]) => owned(ctx, 'identities', clientIds),
    ownedGroups: (ctx: RealmCtx, clientIds: readonly string[]) => owned(ctx, 'groups', clientIds),

    updateClient: command({
      name: 'provisioning.updateClient',
      scope: 'realms:update',
      input: settings,
      body: async (work, input): Promise<ClientRow> => {
        const row = await lockForChange(work, input.clientId, input.ifVersion);
        const wanted = {
          adoptsUnowned: input.adoptsUnowned ?? row.adopts_unowned,
          dryRun: input.dryRun ?? row.dry_run,
          maxCount: input.maxCount === undefined ? row.max_count : input.maxCount,
          maxPercent: input.maxPercent === undefined ? row.max_percent : input.maxPercent,
          windowMinutes: input.windowMinutes === undefined ? row.window_minutes : input.windowMinutes,
        };
        const before = settingsOf(row);
        const names = Object.keys(wanted) as (keyof typeof wanted)[];
        const changed = names.filter((name) => wanted[name] !== before[name]);
        if (changed.length === 0) {
          work.unchanged();
          return row;
        }
        const columns = {
          adopts_unowned: wanted.adoptsUnowned,
          dry_run: wanted.dryRun,
          max_count: wanted.maxCount,
          max_percent: wanted.maxPercent,
          window_minutes: wanted.windowMinutes,
        };
        const updated = await queries.updateClient(work.tx, row, columns, now());
        work.record('provisioning_client.updated', { changed }, { subject: subjectOf(updated) });
        return updated;
      },
    }),
  };
}

const settingsOf = (row: ClientRow) => ({
  adoptsUnowned: row.adopts_unowned,
  dryRun: row.dry_run,
  maxCount: row.max_count,
  maxPercent: row.max_percent,
  windowMinutes: row.window_minutes,
});

/** Scopes over the directory of this realm alone. */
function within(ctx: RealmCtx, allowed: (scope: Scope) => boolean): ReadonlyMap<Scope, Reach> {
  const here: Reach = new Set([ctx.realm.id]);
  return new Map(PROVISIONS.filter(allowed).map((scope) => [scope, here]));
}

/** A token may be rotated: its name says who it is. */
function keyOf(actor: Actor): queries.ClientKey & { displayName: string } {
  if (actor.kind !== 'APPLICATION')
    throw forbidden('SCIM is for machines: use an API token or an application of your own.');
  const { id: applicationId, credentialName, displayName } = actor;
  return { applicationId, tokenName: credentialName ?? '', displayName: credentialName ?? displayName };
}
