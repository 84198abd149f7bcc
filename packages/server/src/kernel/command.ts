import { type Kysely, sql, type Transaction } from 'kysely';
import type { z } from 'zod';
import type { Database } from '../database/schema.js';
import type { EventCatalogue, EventType, Outcome, Subject } from './catalogue.js';
import { now } from './clock.js';
import { type Actor, actorName, type RealmCtx, requireScope } from './context.js';
import { DomainError } from './errors.js';
import { newId } from './ids.js';
import { anyone, type Scope } from './permissions.js';

export type Db = Kysely<Database>;
/** Write queries take this and nothing else, so that a write outside a transaction does not compile. */
export type Tx = Transaction<Database>;

export interface EventDetails {
  readonly subject?: Subject;
  /** `SUCCESS` unless said otherwise. */
  readonly outcome?: Outcome;
  /** Who did it, when the request found that out only inside the transaction. */
  readonly actor?: Actor;
  /** The flow that it belongs to, when that is older than this request. */
  readonly correlationId?: string;
}

/** What the body of a command works with: the context, the open transaction and the events to be kept with it. */
export interface Work {
  readonly ctx: RealmCtx;
  readonly tx: Tx;
  record<T extends EventType>(type: T, data: EventCatalogue[T], details?: EventDetails): void;
  /** Says that nothing was changed, so that no event is owed. */
  unchanged(): void;
  /** The same work seen from a context that knows more: whose it is, which flow, which realm. Its events follow it. */
  within(known: Partial<Pick<RealmCtx, 'actor' | 'correlationId' | 'realm'>>): Work;
  /**
   * A part that stands or falls alone: when it fails, what it wrote and recorded is taken back, and nothing else is.
   * @param options.dryRun it is taken back even so: the caller learns what it would have come to
   */
  apart<T>(part: (work: Work) => Promise<T>, options?: { readonly dryRun?: boolean }): Promise<T>;
}

export interface CommandSpec<Input, Output> {
  readonly name: string;
  /** The scope that the caller must hold in the realm, or `anyone`, said out loud. */
  readonly scope: Scope | typeof anyone;
  readonly input: z.ZodType<Input>;
  /** Constraint name -> the failure that its violation means. */
  readonly constraints?: Readonly<Record<string, () => DomainError>>;
  /** Refusals that must be remembered are returned, not thrown: a throw rolls back its own event. */
  readonly body: (work: Work, input: Input) => Promise<Output>;
}

/** @param input anything; it is parsed here, and a fault in it becomes INVALID_INPUT with a path. */
export interface Command<Output> {
  (ctx: RealmCtx, input: unknown): Promise<Output>;
  /** The same as a part of another command, in its transaction; a failure fails the whole of it. */
  within(work: Work, input: unknown): Promise<Output>;
}

export type Runner = <Input, Output>(spec: CommandSpec<Input, Output>) => Command<Output>;

const RETRIED = new Set(['40001', '40P01']);
const ATTEMPTS = 4;

/** Whether a transaction failed for no other reason than what others did at the same time. */
export const isTransient = (error: unknown): boolean => RETRIED.has(pgField(error, 'code') ?? '');

/** Permission, input, transaction with retry, events in the same transaction, constraint errors: once, for every write. */
export function createRunner(db: Db): Runner {
  return (spec) => Object.assign(alone(db, spec), { within: within(spec) });
}

function within<I, O>(spec: CommandSpec<I, O>): Command<O>['within'] {
  return async (work, raw) => {
    if (spec.scope !== anyone) requireScope(work.ctx, spec.scope);
    const input = parseInput(spec.input, raw);
    try {
      return await spec.body(work, input);
    } catch (error) {
      throw translated(spec, error);
    }
  };
}

function alone<I, O>(db: Db, spec: CommandSpec<I, O>): (ctx: RealmCtx, raw: unknown) => Promise<O> {
  return async (ctx, raw) => {
    if (spec.scope !== anyone) requireScope(ctx, spec.scope);
    const input = parseInput(spec.input, raw);
    for (let attempt = 1; ; attempt++) {
      try {
        return await db.transaction().execute(async (tx) => {
          const output = await runOnce(spec, ctx, tx, input);
          if (ctx.dryRun) throw new TakenBack(output);
          return output;
        });
      } catch (error) {
        if (error instanceof TakenBack) return error.output as O;
        if (attempt < ATTEMPTS && isTransient(error)) continue;
        throw translated(spec, error);
      }
    }
  };
}

/** Rolls a dry run back, and carries what it came to. */
class TakenBack extends Error {
  constructor(readonly output: unknown) {
    super('a dry run was taken back');
  }
}

async function runOnce<I, O>(spec: CommandSpec<I, O>, ctx: RealmCtx, tx: Tx, input: I): Promise<O> {
  const { work, flush } = openWork(ctx, tx);
  const output = await spec.body(work, input);
  const recorded = await flush();
  if (!recorded) throw new Error(`${spec.name} neither recorded an event nor said that nothing changed`);
  return output;
}

/** A statement has at most 65,535 parameters. */
const ROWS_AT_ONCE = 1000;

/** For work that no command starts, such as the engine's own writes: the same events, in the caller's transaction. */
export function openWork(ctx: RealmCtx, tx: Tx): { work: Work; flush: () => Promise<boolean> } {
  const rows: ReturnType<typeof eventRow>[] = [];
  let unchanged = false;
  const workIn = (seen: RealmCtx): Work => ({
    ctx: seen,
    tx,
    record: (type, data, details = {}) => {
      rows.push(eventRow(seen, type, data, details));
    },
    unchanged: () => {
      unchanged = true;
    },
    within: (known) => workIn({ ...seen, ...known }),
    apart: (part, { dryRun = false } = {}) => apart(() => part(workIn(seen)), dryRun),
  });
  const apart = async <T>(part: () => Promise<T>, dryRun: boolean): Promise<T> => {
    const before = rows.length;
    await sql`savepoint part`.execute(tx);
    try {
      const output = await part();
      if (dryRun) throw new TakenBack(output);
      await sql`release savepoint part`.execute(tx);
      return output;
    } catch (error) {
      rows.length = before;
      await sql`rollback to savepoint part`.execute(tx);
      await sql`release savepoint part`.execute(tx);
      if (error instanceof TakenBack) return error.output as T;
      throw error;
    }
  };
  const flush = async () => {
    for (let at = 0; at < rows.length; at += ROWS_AT_ONCE)
      await tx
        .insertInto('events')
        .values(rows.slice(at, at + ROWS_AT_ONCE))
        .execute();
    return rows.length > 0 || unchanged;
  };
  return { work: workIn(ctx), flush };
}

/** Events that tell of no change to the database: one statement, without a transaction around it. */
export async function recordAll(
  db: Db,
  ctx: RealmCtx,
  write: (record: Work['record']) => void,
): Promise<void> {
  const rows: ReturnType<typeof eventRow>[] = [];
  write((type, data, details = {}) => {
    rows.push(eventRow(ctx, type, data, details));
  });
  if (rows.length > 0) await db.insertInto('events').values(rows).execute();
}

function eventRow<T extends EventType>(
  ctx: RealmCtx,
  type: T,
  data: EventCatalogue[T],
  details: EventDetails,
) {
  const actor = details.actor ?? ctx.actor;
  return {
    realm_id: ctx.realm.id,
    id: newId(),
    occurred_at: now(),
    type,
    outcome: details.outcome ?? 'SUCCESS',
    actor_kind: actor.kind,
    actor_id: 'id' in actor ? actor.id : null,
    actor_name: actorName(actor),
    subject_kind: details.subject?.kind ?? null,
    subject_id: details.subject?.id ?? null,
    subject_name: details.subject?.name ?? null,
    correlation_id: details.correlationId ?? ctx.correlationId,
    ip: ctx.ip,
    user_agent: ctx.userAgent,
    data: JSON.stringify(data),
  };
}

/** @throws DomainError INVALID_INPUT with every fault and its path. */
export function parseInput<I>(schema: z.ZodType<I>, raw: unknown): I {
  const parsed = schema.safeParse(raw);
  if (parsed.success) return parsed.data;
  const problems = parsed.error.issues.map((issue) => ({
    path: issue.path.map(String),
    message: issue.message,
  }));
  const [first] = problems;
  throw new DomainError('invalid', 'INVALID_INPUT', first?.message ?? 'The input is not valid.', {
    ...(first ? { path: first.path } : {}),
    problems,
  });
}

function translated<I, O>(spec: CommandSpec<I, O>, error: unknown): unknown {
  const constraint = pgField(error, 'constraint');
  const make = constraint === undefined ? undefined : spec.constraints?.[constraint];
  return make ? make() : error;
}

function pgField(error: unknown, field: 'code' | 'constraint'): string | undefined {
  if (!(error instanceof Error) || !(field in error)) return undefined;
  const value = (error as unknown as Record<string, unknown>)[field];
  return typeof value === 'string' ? value : undefined;
}
