import { z } from 'zod';
import { now } from '../../kernel/clock.js';
import type { Db, Runner } from '../../kernel/command.js';
import type { RealmCtx } from '../../kernel/context.js';
import { anyone } from '../../kernel/permissions.js';
import { comparable, id } from '../../kernel/text.js';
import type { IdentitiesService, IdentityRow } from '../identities/identities.service.js';
import type { SessionsService } from '../sessions/sessions.service.js';
import { sessionSubject } from '../sessions/sessions.types.js';
import { type AuthenticationService, actorOf, provenBy } from './authentication.service.js';
import type { Account, Authenticated, Freshness } from './authentication.types.js';

interface Deps {
  db: Db;
  command: Runner;
  identities: IdentitiesService;
  sessions: SessionsService;
  authentication: Pick<AuthenticationService, 'goOn'>;
}

/** More than a person keeps in one browser; the others sign in again. */
const MOST = 20;

export type SignedInService = ReturnType<typeof createSignedInService>;

/** Those who are signed in in one browser already: told apart, gone on with, signed out. */
export function createSignedInService({ db, command, identities, sessions, authentication }: Deps) {
  return {
    /** Whether an application that names somebody means this person. */
    isMeant: (who: Pick<IdentityRow, 'id' | 'username' | 'email'>, hint: string): boolean =>
      [who.id, who.username, who.email].some(
        (name) => name !== null && comparable(name) === comparable(hint.trim()),
      ),

    /** @param sessionIds those that the browser holds, the last first @returns one for each person who still counts */
    async accounts(realmId: string, sessionIds: readonly string[]): Promise<Account[]> {
      const rows = await sessions.findMany(db, realmId, sessionIds.slice(0, 100));
      const byId = new Map(rows.map((row) => [row.id, row]));
      const newest = new Map(
        sessionIds
          .flatMap((sessionId) => byId.get(sessionId) ?? [])
          .toSorted((a, b) => a.created_at.getTime() - b.created_at.getTime())
          .map((row) => [row.identity_id, row.id]),
      );
      const people = [...newest].slice(-MOST).reverse();
      const found = await Promise.all(people.map(([one]) => identities.findRow(db, realmId, one)));
      return people.flatMap(([identityId, sessionId], at) => {
        const row = found[at];
        if (row?.status !== 'ACTIVE') return [];
        const { display_name: displayName, username, email } = row;
        return [{ sessionId, identityId, displayName, username, email }];
      });
    },

    /**
     * Goes on with a sign-in from before.
     * @returns undefined where it ended, is not fresh enough, or the policy wants a new one
     */
    async choose(
      ctx: RealmCtx,
      wanted: { sessionId: string; applicationId: string; freshness: Freshness },
    ): Promise<Authenticated | undefined> {
      const { sessionId, applicationId, freshness } = wanted;
      const session = await sessions.find(db, ctx.realm.id, sessionId);
      if (!session || freshness.always) return undefined;
      const age = (now().getTime() - session.created_at.getTime()) / 1000;
      if (freshness.maxAge !== undefined && age > freshness.maxAge) return undefined;
      return (await authentication.goOn(ctx, { sessionId, applicationId })) ? provenBy(session) : undefined;
    },

    /** @returns false where it had ended already */
    signOut: command({
      name: 'authentication.signOut',
      scope: anyone,
      input: z.object({ sessionId: id }),
      body: async (work, { sessionId }): Promise<boolean> => {
        const session = await sessions.find(work.tx, work.ctx.realm.id, sessionId);
        const identity = session && (await identities.lockShared(work, session.identity_id));
        if (!identity || !(await sessions.end(work, sessionId))) {
          work.unchanged();
          return false;
        }
        work.record(
          'session.ended',
          { reason: 'signed_out', identityId: identity.id },
          { actor: actorOf(identity), subject: sessionSubject(sessionId) },
        );
        return true;
      },
    }),
  };
}
