import { z } from 'zod';
import { now } from '../../kernel/clock.js';
import { type Db, isTransient, type Runner, type Work } from '../../kernel/command.js';
import { covers, holds, type Reach, type RealmCtx } from '../../kernel/context.js';
import { newId } from '../../kernel/ids.js';
import { anyone, isScope, type Scope } from '../../kernel/permissions.js';
import { startWorker } from '../../kernel/worker.js';
import type { ApplicationsService } from '../applications/applications.service.js';
import type { AttributeSchemasService } from '../attribute-schemas/attribute-schemas.service.js';
import type { GroupsService } from '../groups/groups.service.js';
import type { IdentitiesService } from '../identities/identities.service.js';
import type { RealmsService } from '../realms/realms.service.js';
import type { RolesService } from '../roles/roles.service.js';
import { type Declared, groupNamesOf } from './columns.types.js';
import { createBatch } from './imports.batch.service.js';
import * as lines from './imports.lines.queries.js';
import { type ImportRow, lockImport, updateImport } from './imports.queries.js';
import { subjectOf } from './imports.service.js';
import { contextOf, type Starter } from './imports.starter.js';

interface Deps {
  db: Db;
  command: Runner;
  realms: Pick<RealmsService, 'find'>;
  identities: IdentitiesService;
  groups: GroupsService;
  applications: Pick<ApplicationsService, 'findRow'>;
  roles: Pick<RolesService, 'managementGrants'>;
  attributeSchemas: Pick<AttributeSchemasService, 'current'>;
}

export interface RunOptions {
  /** How long an import stays with a worker that is heard of no more. */
  readonly leaseSeconds?: number;
  /** Lines in a transaction, at most 1,000. */
  readonly batch?: number;
}

const ATTEMPTS = 5;
/** The attempt from which on each line has a transaction of its own. */
const ONE_BY_ONE = 3;
const IDLE_MS = 1000;

interface Part {
  readonly of: ImportRow;
  readonly limit: number;
  readonly last: boolean;
  /** Why the import is not to go on. */
  readonly stop?: string;
}

/** Does the lines of imports that were checked or run, some at a time, on any number of nodes. */
export function createImportRuns(deps: Deps, { leaseSeconds = 60, batch = 200 }: RunOptions = {}) {
  const { db, command } = deps;
  const doBatch = createBatch(deps);

  /**
   * The next lines and what they came to, in one transaction: whatever happens to the worker, both are there or neither.
   * The last part of a turn gives the import back; the last one of a pass ends it.
   * @returns how many lines were done: none when there is no more, or the import is no longer in this worker's hand
   */
  const part = command({
    name: 'imports.part',
    scope: anyone,
    input: z.custom<Part>(),
    body: async (work, { of, limit, stop, last }): Promise<number> => {
      work.unchanged();
      const row = await lockImport(work.tx, of.realm_id, of.id);
      if (row?.lease_id !== of.lease_id || row.pass !== of.pass) return 0;
      const goesOn = row.status === 'CHECKING' || row.status === 'RUNNING';
      const waiting = goesOn && limit > 0 ? await lines.selectWaiting(work.tx, row, limit) : [];
      if (waiting.length > 0) await lines.markLines(work.tx, row, await doLines(work, row, waiting));
      if (last) await giveBack(work, row, goesOn, stop);
      return waiting.length;
    },
  });

  async function giveBack(
    work: Work,
    row: ImportRow,
    goesOn: boolean,
    stop: string | undefined,
  ): Promise<void> {
    const { finished, ...progress } = await lines.selectProgress(work.tx, row);
    const next = { ...progress, lease_id: null, leased_until: null };
    if (goesOn && finished) {
      const { created, updated, unchanged, failed } = progress;
      const told = { name: row.name, dryRun: row.dry_run, created, updated, unchanged, failed };
      work.record('import.completed', told, { subject: subjectOf(row) });
      const over = failed > 0 ? ('COMPLETED_WITH_ERRORS' as const) : ('COMPLETED' as const);
      const status = row.dry_run ? ('CHECKED' as const) : over;
      await updateImport(work.tx, row, { ...next, attempts: 0, status, finished_at: now() }, now());
    } else if (goesOn && stop !== undefined) {
      work.record('import.paused', { name: row.name, reason: stop }, { subject: subjectOf(row) });
      await updateImport(work.tx, row, { ...next, status: 'PAUSED', paused_reason: stop }, now());
    } else await updateImport(work.tx, row, { ...next, attempts: 0 }, now());
  }

  async function heldNow(work: Work, { actor }: Starter): Promise<ReadonlyMap<Scope, Reach>> {
    if (actor.kind === 'SYSTEM') return work.ctx.grants;
    if (actor.kind === 'ANONYMOUS') return new Map();
    if (actor.kind === 'APPLICATION') {
      const application = await deps.applications.findRow(actor.realmId, actor.id);
      return new Map((application?.allowed_scopes ?? []).filter(isScope).map((scope) => [scope, 'ALL']));
    }
    const identity = await deps.identities.findRow(work.tx, actor.realmId, actor.id);
    if (identity?.status !== 'ACTIVE') return new Map();
    const held = await deps.roles.managementGrants(work, actor.realmId, actor.id);
    return new Map([...held].flatMap(([scope, reach]) => (isScope(scope) ? [[scope, reach] as const] : [])));
  }

  /** What whoever started it still holds of what they held: someone suspended or demoted imports nobody any more. */
  const stillHeld = command({
    name: 'imports.stillHeld',
    scope: anyone,
    input: z.custom<Starter>(),
    body: async (work, starter): Promise<Starter> => {
      work.unchanged();
      const holder = { ...work.ctx, grants: await heldNow(work, starter) };
      const grants = starter.grants.filter(([scope, reach]) =>
        covers(holder, scope, reach === 'ALL' ? null : reach),
      );
      return { ...starter, grants };
    },
  });

  async function doLines(work: Work, of: ImportRow, waiting: readonly lines.WaitingLine[]) {
    const named = waiting.flatMap(({ data }) => namesIn(data));
    return doBatch(work, {
      of,
      lines: waiting,
      declared: await declaredIn(work, of.realm_id),
      groups: await deps.groups.findByNames(work.tx, of.realm_id, named),
    });
  }

  /**
   * The next lines in one transaction; one by one after turns that broke off, or when others are in the way again and
   * again: then no line waits for what is wrong with another.
   */
  async function turn(ctx: RealmCtx, of: ImportRow): Promise<void> {
    if (of.attempts < ONE_BY_ONE)
      try {
        await part(ctx, { of, limit: batch, last: true });
        return;
      } catch (error) {
        if (!isTransient(error)) throw error;
      }
    for (let done = 0; done < batch; done++)
      if ((await part(ctx, { of, limit: 1, last: false })) === 0) break;
    await part(ctx, { of, limit: 0, last: true });
  }

  async function declaredIn(work: Work, realmId: string): Promise<Declared> {
    const { schema } = await deps.attributeSchemas.current(work.tx, realmId);
    return new Map(
      Object.entries(schema.properties).map(([name, property]) => [
        name,
        { type: property.type, items: 'items' in property ? property.items.type : undefined },
      ]),
    );
  }

  /**
   * Does a batch of the import that waited longest. A batch that breaks off is done again, but no line of it twice.
   * @returns whether there was one
   */
  async function step(): Promise<boolean> {
    const of = await lines.claimImport(db, newId(), leaseSeconds);
    if (!of) return false;
    const realm = await deps.realms.find(of.realm_id);
    const starter = of.starter as Starter | null;
    if (!realm || !starter) return true;
    // What a check takes back is its lines alone: what they came to is kept.
    const quiet: RealmCtx = { ...contextOf(realm, of, starter), dryRun: false };
    const ctx: RealmCtx = { ...contextOf(realm, of, await stillHeld(quiet, starter)), dryRun: false };
    const stop = reasonToStop(ctx, of);
    if (stop === undefined) await turn(ctx, of);
    else await part(ctx, { of, limit: 0, stop, last: true });
    return true;
  }

  function reasonToStop(ctx: RealmCtx, of: ImportRow): string | undefined {
    if (of.attempts > ATTEMPTS)
      return 'Lines could not be done again and again. Resume it once the fault is found.';
    const needed: Scope[] = ['identities:create', ...(of.mode === 'UPSERT' ? [UPDATE] : [])];
    if (needed.every((scope) => holds(ctx, scope))) return undefined;
    return 'Whoever started it may not import any more. Someone who may can resume it.';
  }

  return {
    step,

    /** Works until it is stopped. @returns stops it, once the lines in hand are done */
    start: (failed: (error: unknown) => void): (() => Promise<void>) =>
      startWorker(step, { idleMs: IDLE_MS, failed }),
  };
}

const UPDATE: Scope = 'identities:update';

function namesIn(data: Readonly<Record<string, unknown>>): string[] {
  try {
    return groupNamesOf(data.groups);
  } catch {
    // The line itself will say so.
    return [];
  }
}
