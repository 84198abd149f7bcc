import { secondsFromNow } from '../../kernel/clock.js';
import type { Db, Tx, Work } from '../../kernel/command.js';
import { newId } from '../../kernel/ids.js';
import * as queries from './sessions.queries.js';

const LIFETIME_SECONDS = 14 * 3600;

export type SessionsService = ReturnType<typeof createSessionsService>;

/** What hangs on a session row (the engine's session, grants, codes, refresh tokens) is deleted with it by the database. */
export function createSessionsService({ db }: { db: Db }) {
  return {
    /** The caller holds the identity FOR SHARE, so that a suspension can't slip between. */
    open: (work: Work, input: { identityId: string; passkeyId: string }): Promise<queries.SessionRow> =>
      queries.insertSession(work.tx, {
        realm_id: work.ctx.realm.id,
        id: newId(),
        identity_id: input.identityId,
        passkey_id: input.passkeyId,
        expires_at: secondsFromNow(LIFETIME_SECONDS),
        ip: work.ctx.ip,
        user_agent: work.ctx.userAgent,
      }),

    find: (source: Db | Tx, realmId: string, sessionId: string) =>
      queries.selectSession(source, realmId, sessionId),
    get: (realmId: string, sessionId: string) => queries.selectSession(db, realmId, sessionId),

    async end(work: Work, sessionId: string): Promise<boolean> {
      return (await queries.deleteSession(work.tx, work.ctx.realm.id, sessionId)) > 0;
    },

    /** Sessions, refresh tokens and open binding links of the identity, in the caller's transaction. */
    async endAllOf(work: Work, identityId: string): Promise<number> {
      const ended = await queries.deleteOfIdentity(work.tx, work.ctx.realm.id, identityId);
      await queries.deleteModelsOfIdentity(work.tx, work.ctx.realm.id, identityId);
      await queries.closeBindingJobs(work.tx, work.ctx.realm.id, identityId);
      return ended;
    },

    endOpenedBy: (work: Work, passkeyId: string): Promise<number> =>
      queries.deleteOfPasskey(work.tx, work.ctx.realm.id, passkeyId),

    /** @returns how many of each were ended; a passkey that had opened none is missing */
    endOpenedByMany: (work: Work, passkeyIds: readonly string[]): Promise<ReadonlyMap<string, number>> =>
      queries.deleteOfPasskeys(work.tx, work.ctx.realm.id, passkeyIds),
  };
}
