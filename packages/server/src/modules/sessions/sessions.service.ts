import { now } from '../../kernel/clock.js';
import type { Db, Tx, Work } from '../../kernel/command.js';
import { isId, newId } from '../../kernel/ids.js';
import { type PageArgs, pagesOfMany, sliceOf } from '../../kernel/page.js';
import * as queries from './sessions.queries.js';
import { ABSOLUTE_SECONDS } from './sessions.types.js';

export type { SessionRow } from './sessions.queries.js';

type SessionRow = queries.SessionRow;

/** How often it is written down that somebody was seen. */
const SEEN_EVERY_MS = 60_000;

export type SessionsService = ReturnType<typeof createSessionsService>;

/** What hangs on a session row (the engine's session, grants, codes, refresh tokens) is deleted with it by the database. */
export function createSessionsService({ db }: { db: Db }) {
  const find = async (
    source: Db | Tx,
    realmId: string,
    sessionId: string,
  ): Promise<SessionRow | undefined> =>
    isId(sessionId) ? queries.selectLive(source, realmId, sessionId) : undefined;

  /** Writes that somebody was seen, unless that was written within the last minute. */
  async function touch(session: SessionRow): Promise<void> {
    const at = now();
    const before = new Date(at.getTime() - SEEN_EVERY_MS);
    if (session.last_seen_at < before)
      await queries.touchSession(db, session.realm_id, session.id, at, before);
  }

  return {
    /** The caller holds the identity FOR SHARE, so that a suspension can't slip between. */
    open: (work: Work, input: { identityId: string; passkeyId: string }): Promise<SessionRow> =>
      queries.insertSession(
        work.tx,
        {
          realm_id: work.ctx.realm.id,
          id: newId(),
          identity_id: input.identityId,
          passkey_id: input.passkeyId,
          ip: work.ctx.ip,
          user_agent: work.ctx.userAgent,
        },
        now(),
        ABSOLUTE_SECONDS,
      ),

    /** @returns undefined for one that ended, by its age or because nobody was seen */
    find,
    findMany: (source: Db | Tx, realmId: string, sessionIds: readonly string[]) =>
      queries.selectLiveMany(source, realmId, sessionIds.filter(isId)),

    /** The same, for someone who is there at this moment: an idle limit counts from here. */
    async seen(realmId: string, sessionId: string): Promise<SessionRow | undefined> {
      const session = await find(db, realmId, sessionId);
      if (session) await touch(session);
      return session;
    },

    /** The live ones of an identity, for the person and for who looks after them. */
    pageOf: async (realmId: string, identityIds: readonly string[], args: PageArgs) => {
      const slice = sliceOf(args);
      const rows = await queries.selectLiveOfMany(db, realmId, identityIds, slice);
      return pagesOfMany(slice, identityIds, rows, (row) => row.identity_id);
    },

    /** @returns for each session, in the order asked, the applications that hold a grant or a token of it */
    async applicationIds(realmId: string, sessionIds: readonly string[]): Promise<string[][]> {
      const found = await queries.selectApplicationIds(db, realmId, sessionIds, now());
      return sessionIds.map((id) => found.get(id) ?? []);
    },

    async end(work: Work, sessionId: string): Promise<boolean> {
      return (await queries.deleteSession(work.tx, work.ctx.realm.id, sessionId)) > 0;
    },

    /** @param exceptId the one that goes on @returns the ids of those that ended */
    endOf: (work: Work, identityId: string, exceptId?: string): Promise<string[]> =>
      queries.deleteOfIdentity(work.tx, work.ctx.realm.id, identityId, exceptId),

    /** Sessions, refresh tokens and open binding links of the identity, in the caller's transaction. */
    async endAllOf(work: Work, identityId: string): Promise<number> {
      const ended = await queries.deleteOfIdentity(work.tx, work.ctx.realm.id, identityId);
      await queries.deleteModelsOfIdentity(work.tx, work.ctx.realm.id, identityId);
      await queries.closeBindingJobs(work.tx, work.ctx.realm.id, identityId);
      return ended.length;
    },

    endOpenedBy: (work: Work, passkeyId: string): Promise<number> =>
      queries.deleteOfPasskey(work.tx, work.ctx.realm.id, passkeyId),

    /** @returns how many of each were ended; a passkey that had opened none is missing */
    endOpenedByMany: (work: Work, passkeyIds: readonly string[]): Promise<ReadonlyMap<string, number>> =>
      queries.deleteOfPasskeys(work.tx, work.ctx.realm.id, passkeyIds),
  };
}
