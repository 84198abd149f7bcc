import { z } from 'zod';
import { now } from '../../kernel/clock.js';
import type { Db, Runner, Work } from '../../kernel/command.js';
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
import { createLineCommand, failureOf } from './imports.line.service.js';
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
  readonly batch?: number;
}

/** Lines at a time; each has a transaction of its own. */
const ABREAST = 4;
const ATTEMPTS = 5;
const IDLE_MS = 1000;

/** Does the lines of imports that were checked or run, some at a time, on any number of nodes. */
export function createImportRuns(deps: Deps, { leaseSeconds = 60, batch = 200 }: RunOptions = {}) {
  const { db, command } = deps;
  const doLine = createLineCommand(deps);

  /** Writes down how far it came, and gives the import back; the last step of a pass ends it. */
  const settle = command({
    name: 'imports.settle',
    scope: anyone,
    input: z.custom<{ of: ImportRow; results: readonly lines.LineResult[]; stop: string | undefined }>(),
    body: async (work, { of, results, stop }): Promise<boolean> => {
      work.unchanged();
      const row = await lockImport(work.tx, of.realm_id, of.id);
      if (row?.lease_id !== of.lease_id || row.pass !== of.pass) return false;
      const unmarked = of.dry_run ? results : results.filter(({ status }) => status === 'FAILED');
      await lines.markLines(work.tx, of, unmarked);
      const { finished, ...progress } = await lines.selectProgress(work.tx, row);
      const goesOn = row.status === 'CHECKING' || row.status === 'RUNNING';
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
      return true;
    },
  });

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

  async function doLines(ctx: RealmCtx, of: ImportRow): Promise<lines.LineResult[]> {
    const waiting = await lines.selectWaiting(db, of, batch);
    const declared = await declaredIn(of.realm_id);
    const named = waiting.flatMap(({ data }) => namesIn(data));
    const groups = await deps.groups.findByNames(db, of.realm_id, named);
    const results: lines.LineResult[] = [];
    let stopped = false;
    const queue = waiting.values();
    const worker = async () => {
      for (const line of queue) {
        if (stopped) return;
        const result = await doLine(ctx, { of, line, declared, groups }).catch((error: unknown) =>
          failureOf(of, line, error),
        );
        if (result) results.push(result);
      }
    };
    const workers = Array.from({ length: ABREAST }, () =>
      worker().catch((error: unknown) => {
        stopped = true;
        throw error;
      }),
    );
    const ends = await Promise.allSettled(workers);
    const broken = ends.find((end) => end.status === 'rejected');
    if (broken) throw broken.reason;
    return results;
  }

  async function declaredIn(realmId: string): Promise<Declared> {
    const { schema } = await deps.attributeSchemas.current(db, realmId);
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
    const quiet: RealmCtx = { ...contextOf(realm, of, starter), dryRun: false };
    const ctx = contextOf(realm, of, await stillHeld(quiet, starter));
    const stop = reasonToStop(ctx, of);
    const results = stop === undefined ? await doLines(ctx, of) : [];
    await settle(quiet, { of, results, stop });
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
