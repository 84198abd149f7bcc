import { z } from 'zod';
import type { Db, Runner } from '../../kernel/command.js';
import { type RealmCtx, requireScope } from '../../kernel/context.js';
import { notFound } from '../../kernel/errors.js';
import type { Page, PageArgs } from '../../kernel/page.js';
import { id } from '../../kernel/text.js';
import type { IdentitiesService } from '../identities/identities.service.js';
import type { RolesService } from '../roles/roles.service.js';
import type { SessionRow, SessionsService } from './sessions.service.js';
import { sessionSubject } from './sessions.types.js';

interface Deps {
  db: Db;
  command: Runner;
  sessions: SessionsService;
  identities: Pick<IdentitiesService, 'lockAlone'>;
  roles: Pick<RolesService, 'refuseMorePowerful'>;
}

/** Other people's sessions: seen, and ended. */
export function createSessionAdministration({ command, sessions, identities, roles }: Deps) {
  return {
    /** @returns a page of live ones for each identity, the newest first, in the order asked */
    async ofMany(ctx: RealmCtx, identityIds: readonly string[], args: PageArgs): Promise<Page<SessionRow>[]> {
      requireScope(ctx, 'identities:read');
      return sessions.pageOf(ctx.realm.id, identityIds, args);
    },

    async applicationIds(ctx: RealmCtx, sessionIds: readonly string[]): Promise<string[][]> {
      requireScope(ctx, 'applications:read');
      return sessions.applicationIds(ctx.realm.id, sessionIds);
    },

    /** Refresh tokens and referential tokens of it die in the same transaction. @returns whose it was */
    end: command({
      name: 'sessions.end',
      scope: 'identities:update',
      input: z.object({ sessionId: id }),
      body: async (work, input): Promise<{ identityId: string }> => {
        const seen = await sessions.find(work.tx, work.ctx.realm.id, input.sessionId);
        const identity = seen && (await identities.lockAlone(work, seen.identity_id));
        if (!identity) throw notFound('session');
        await roles.refuseMorePowerful(work, identity.id);
        if (!(await sessions.end(work, input.sessionId))) throw notFound('session');
        work.record(
          'session.ended',
          { reason: 'ended_by_administrator', identityId: identity.id },
          { subject: sessionSubject(input.sessionId) },
        );
        return { identityId: identity.id };
      },
    }),

    endAll: command({
      name: 'sessions.endAll',
      scope: 'identities:update',
      input: z.object({ identityId: id }),
      body: async (work, input): Promise<{ identityId: string; ended: number }> => {
        const identity = await identities.lockAlone(work, input.identityId);
        if (!identity) throw notFound('identity');
        await roles.refuseMorePowerful(work, identity.id);
        const ended = await sessions.endOf(work, identity.id);
        for (const sessionId of ended)
          work.record(
            'session.ended',
            { reason: 'ended_by_administrator', identityId: identity.id },
            { subject: sessionSubject(sessionId) },
          );
        if (ended.length === 0) work.unchanged();
        return { identityId: identity.id, ended: ended.length };
      },
    }),
  };
}
