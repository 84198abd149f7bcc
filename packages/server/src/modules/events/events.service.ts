import type { EventCatalogue, EventType } from '../../kernel/catalogue.js';
import { now } from '../../kernel/clock.js';
import { type Db, type EventDetails, openWork, recordAll, type Work } from '../../kernel/command.js';
import { type RealmCtx, requireScope } from '../../kernel/context.js';
import { isId } from '../../kernel/ids.js';
import { type Page, type PageArgs, pageById, sliceOf } from '../../kernel/page.js';
import {
  type EventFilter,
  type EventRow,
  ensurePartitions,
  selectEvent,
  selectEvents,
} from './events.queries.js';

export type { EventFilter, EventRow } from './events.queries.js';

const DAYS_AHEAD = 7;

const SIGN_INS = ['authentication.succeeded', 'authentication.denied'];

export type EventsService = ReturnType<typeof createEventsService>;

export function createEventsService({ db }: { db: Db }) {
  return {
    async list(ctx: RealmCtx, filter: EventFilter, args: PageArgs): Promise<Page<EventRow>> {
      requireScope(ctx, 'events:read');
      const slice = sliceOf(args);
      const rows = await selectEvents(db, ctx.realm.id, slice, filter);
      return pageById(slice, rows);
    },

    async find(ctx: RealmCtx, id: string): Promise<EventRow | undefined> {
      requireScope(ctx, 'events:read');
      return isId(id) ? selectEvent(db, ctx.realm.id, id) : undefined;
    },

    /** A person's own sign-ins, with what they themselves may know of them; the newest first. */
    async signInsOf(realmId: string, identityId: string, args: PageArgs): Promise<Page<EventRow>> {
      const slice = sliceOf(args);
      const filter = { types: SIGN_INS, involvesId: identityId };
      return pageById(slice, await selectEvents(db, realmId, slice, filter));
    },

    /** For what no command wrote, such as a refusal at an edge: an event of its own. */
    async record<T extends EventType>(
      ctx: RealmCtx,
      type: T,
      data: EventCatalogue[T],
      details?: EventDetails,
    ): Promise<void> {
      await recordAll(db, ctx, (record) => record(type, data, details));
    },

    /** Several of them in one statement, which is its own transaction. */
    tell: (ctx: RealmCtx, write: (record: Work['record']) => void): Promise<void> =>
      recordAll(db, ctx, write),

    /** A transaction for writes that no command starts; its events are kept with it. */
    transact: <T>(ctx: RealmCtx, body: (work: Work) => Promise<T>): Promise<T> =>
      db.transaction().execute(async (tx) => {
        const { work, flush } = openWork(ctx, tx);
        const result = await body(work);
        await flush();
        return result;
      }),

    /** Day partitions for today and the week ahead; run at start and daily. */
    maintain: () => ensurePartitions(db, now(), DAYS_AHEAD),
  };
}
