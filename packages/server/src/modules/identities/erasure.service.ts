import { z } from 'zod';
import type { IdentitySnapshot } from '../../database/schema.js';
import { now } from '../../kernel/clock.js';
import type { Db, Runner, Tx, Work } from '../../kernel/command.js';
import { covers, type RealmCtx, requireScope } from '../../kernel/context.js';
import { DomainError, invalid, notFound } from '../../kernel/errors.js';
import { isId, newId } from '../../kernel/ids.js';
import { type Page, type PageArgs, pageById, sliceOf } from '../../kernel/page.js';
import { id, line } from '../../kernel/text.js';
import type { RolesService } from '../roles/roles.service.js';
import type { AccessGuard, Warning } from '../tenants/lockout.types.js';
import { lockHanging, lockPerson, selectSnapshot, takeDeleted } from './deletion.queries.js';
import * as queries from './erasure.queries.js';
import { deleteIdentity, lockIdentity } from './identities.queries.js';

export type { ErasureRow } from './erasure.queries.js';

type ErasureRow = queries.ErasureRow;

interface Deps {
  db: Db;
  command: Runner;
  sessions: { endAllOf(work: Work, identityId: string): Promise<number> };
  roles: Pick<RolesService, 'refuseMorePowerful'>;
  guard: AccessGuard;
}

export interface Erased {
  readonly erasure: ErasureRow;
  readonly warnings: readonly Warning[];
}

/** What leads from events to the person: the ids of their passkeys and binding jobs, and the flows of those jobs. */
interface Traces {
  readonly relatedIds: string[];
  readonly correlationIds: string[];
}

const BATCH = 500;
/** So much is erased before the answer; the rest by housekeeping. */
const BATCHES_AT_ONCE = 20;
const BATCHES_A_SWEEP = 4000;
/** By then every transaction is over that had read the person's name before it was gone. */
const SETTLED_AFTER_MS = 10 * 60_000;

export type ErasureService = ReturnType<typeof createErasureService>;

/**
 * Forgets a person for good: their rows at once, their share of old events batch by batch. Of an event only the values
 * go; the digests that its seal covers stay (decision 8).
 */
export function createErasureService({ db, command, sessions, roles, guard }: Deps) {
  async function takeLive(work: Work, identityId: string): Promise<Traces | undefined> {
    const row = await lockIdentity(work.tx, work.ctx.realm.id, identityId);
    if (!row) return undefined;
    await roles.refuseMorePowerful(work, row.id);
    await lockHanging(work.tx, row);
    await sessions.endAllOf(work, row.id);
    const traces = tracesOf(await selectSnapshot(work.tx, row));
    await deleteIdentity(work.tx, row);
    return traces;
  }

  async function takeKept(work: Work, identityId: string): Promise<Traces | undefined> {
    const row = await takeDeleted(work.tx, work.ctx.realm.id, identityId);
    if (!row) return undefined;
    // Where the scopes reached is not kept: taken for everywhere.
    const beyond = row.management_scopes.find((scope) => !covers(work.ctx, scope, null));
    if (beyond !== undefined && work.ctx.actor.kind !== 'SYSTEM')
      throw new DomainError(
        'forbidden',
        'SCOPE_NOT_HELD',
        `This identity held the scope ${beyond}, which you do not hold.`,
      );
    return tracesOf(row.snapshot);
  }

  async function takeRemembered(work: Work, identityId: string): Promise<Traces | undefined> {
    const known = await queries.selectRemembered(work.tx, work.ctx.realm.id, identityId);
    return known && { ...known, correlationIds: [] };
  }

  const begin = command({
    name: 'identities.erase',
    scope: 'identities:erase',
    input: z.object({ identityId: id, reason: line(500) }),
    body: async (work, input): Promise<Erased> => {
      const { realm, actor } = work.ctx;
      if (actor.kind === 'IDENTITY' && actor.id === input.identityId)
        throw invalid('Nobody erases their own traces. Ask another administrator.', 'identityId');
      await lockPerson(work.tx, input.identityId);
      const before = await queries.selectByIdentity(work.tx, realm.id, input.identityId);
      if (before) {
        work.unchanged();
        return { erasure: before, warnings: [] };
      }
      const live = await takeLive(work, input.identityId);
      const traces =
        live ?? (await takeKept(work, input.identityId)) ?? (await takeRemembered(work, input.identityId));
      if (!traces) throw notFound('identity');
      const erasure = await queries.insertErasure(work.tx, {
        realm_id: realm.id,
        id: newId(),
        identity_id: input.identityId,
        reason: input.reason,
        related_ids: traces.relatedIds,
        correlation_ids: traces.correlationIds,
        acted_in_realm_ids:
          realm.kind === 'ADMIN' ? await queries.selectRealmIds(work.tx, realm.tenantId) : [realm.id],
        started_at: now(),
      });
      work.record(
        'identity.erased',
        { reason: input.reason },
        { subject: { kind: 'IDENTITY', id: input.identityId, name: 'Erased person' } },
      );
      return { erasure, warnings: live ? await guard.check(work) : [] };
    },
  });

  /** The next batch of an erasure, with how far it has come, in one transaction. */
  async function eraseBatch(tx: Tx, row: ErasureRow): Promise<ErasureRow> {
    const trace = tracesIn(row)[row.part];
    if (!trace) return queries.updateErasure(tx, row, afterPass(row));
    const traced = await queries.selectTraced(tx, row, trace, BATCH);
    const before = trace.column === 'actor_id' ? await eraseActs(tx, row, trace, traced) : [];
    const ids = [...new Set([...traced.map((event) => event.id), ...before])];
    const erased = await queries.eraseEvents(tx, row, trace.realmId, ids);
    const over = traced.length < BATCH;
    return queries.updateErasure(tx, row, {
      part: over ? row.part + 1 : row.part,
      after_event: over ? null : (traced.at(-1)?.id ?? null),
      events_erased: row.events_erased + erased,
    });
  }

  /** Besides the events of what the person did. @returns events from before they had said who they are */
  async function eraseActs(
    tx: Tx,
    row: ErasureRow,
    { realmId }: queries.Trace,
    acts: readonly queries.Traced[],
  ): Promise<string[]> {
    if (row.after_event === null) await queries.eraseStarters(tx, realmId, row.identity_id);
    await queries.eraseSignatures(tx, realmId, acts);
    const signIns = acts.filter(({ type }) => type.startsWith('authentication.'));
    return queries.selectBeforeSignIn(tx, realmId, [
      ...new Set(signIns.map((event) => event.correlation_id)),
    ]);
  }

  const step = (find: (tx: Tx) => Promise<ErasureRow | undefined>): Promise<ErasureRow | undefined> =>
    db.transaction().execute(async (tx) => {
      const row = await find(tx);
      return row && eraseBatch(tx, row);
    });

  return {
    /**
     * @returns the erasure as far as it has come; the one that there is already when asked again
     * @throws DomainError NOT_FOUND for someone of whom nothing is left, SCOPE_NOT_HELD, ADMIN_LOCKOUT
     */
    async erase(ctx: RealmCtx, input: unknown): Promise<Erased> {
      const begun = await begin(ctx, input);
      let { erasure } = begun;
      for (let batch = 0; batch < BATCHES_AT_ONCE && erasure.state === 'RUNNING' && !ctx.dryRun; batch++) {
        const current = erasure;
        // The wish is kept by now: what fails here housekeeping repeats, and reports.
        const next = await step((tx) => queries.lockErasure(tx, current)).catch(() => undefined);
        if (!next) break;
        erasure = next;
      }
      return { erasure, warnings: begun.warnings };
    },

    /** For housekeeping: goes on with what a crash, or the size of a history, left. */
    async resume(): Promise<void> {
      const settledBefore = new Date(now().getTime() - SETTLED_AFTER_MS);
      for (let batch = 0; batch < BATCHES_A_SWEEP; batch++)
        if (!(await step((tx) => queries.lockDue(tx, settledBefore)))) return;
    },

    async find(ctx: RealmCtx, erasureId: string): Promise<ErasureRow | undefined> {
      requireScope(ctx, 'identities:erase');
      return isId(erasureId) ? queries.selectErasure(db, ctx.realm.id, erasureId) : undefined;
    },

    async list(ctx: RealmCtx, args: PageArgs): Promise<Page<ErasureRow>> {
      requireScope(ctx, 'identities:erase');
      const slice = sliceOf(args);
      return pageById(slice, await queries.selectErasures(db, ctx.realm.id, slice));
    },
  };
}

const tracesOf = (kept: IdentitySnapshot): Traces => ({
  relatedIds: [...kept.passkeys, ...kept.bindingJobs].map((row) => String(row.id)),
  correlationIds: [...new Set(kept.bindingJobs.map((row) => String(row.correlation_id)))],
});

const tracesIn = (row: ErasureRow): queries.Trace[] => {
  const own = (column: queries.Trace['column']) => (value: string) => ({
    realmId: row.realm_id,
    column,
    value,
  });
  return [
    ...[row.identity_id, ...row.related_ids].map(own('subject_id')),
    ...row.correlation_ids.map(own('correlation_id')),
    ...row.acted_in_realm_ids.map((realmId) => ({
      realmId,
      column: 'actor_id' as const,
      value: row.identity_id,
    })),
  ];
};

/** After the first pass comes a second: events that were on their way when the person went are found by then. */
const afterPass = (row: ErasureRow): Parameters<typeof queries.updateErasure>[2] =>
  row.state === 'RUNNING'
    ? { state: 'SETTLING', part: 0, after_event: null }
    : { state: 'DONE', finished_at: now() };
