import { now } from '../../kernel/clock.js';
import type { Work } from '../../kernel/command.js';
import * as queries from './takeback.queries.js';

interface Deps {
  sessions: {
    endOpenedByMany(work: Work, passkeyIds: readonly string[]): Promise<ReadonlyMap<string, number>>;
  };
}

export interface TakenBack {
  readonly revoked: number;
  readonly endedSessions: number;
}

export type TakebackService = ReturnType<typeof createTakebackService>;

/** Passkeys of one person that are revoked as a part of something else. */
export function createTakebackService({ sessions }: Deps) {
  return {
    /**
     * Whoever calls holds the identity's lock, and asks the guard afterwards where nobody may be locked out.
     * @param which all active ones unless said
     */
    async revoke(work: Work, identityId: string, which: queries.Which = {}): Promise<TakenBack> {
      const { tx, ctx } = work;
      const rows = await queries.lockActiveOf(tx, ctx.realm.id, identityId, which);
      if (rows.length === 0) return { revoked: 0, endedSessions: 0 };
      const ids = rows.map((row) => row.id);
      const ended = await sessions.endOpenedByMany(work, ids);
      await queries.revokeThese(tx, ctx.realm.id, ids, now());
      for (const row of rows)
        work.record(
          'credential.revoked',
          { passkeyName: row.name, endedSessions: ended.get(row.id) ?? 0 },
          { subject: { kind: 'CREDENTIAL', id: row.id, name: row.name } },
        );
      return {
        revoked: rows.length,
        endedSessions: [...ended.values()].reduce((sum, count) => sum + count, 0),
      };
    },
  };
}
