import { z } from 'zod';
import { now } from '../../kernel/clock.js';
import type { Db, Runner, Work } from '../../kernel/command.js';
import { type RealmCtx, selfOf } from '../../kernel/context.js';
import { DomainError, notFound } from '../../kernel/errors.js';
import type { PageArgs } from '../../kernel/page.js';
import { anyone } from '../../kernel/permissions.js';
import { id } from '../../kernel/text.js';
import type { ApplicationsService } from '../applications/applications.service.js';
import {
  type AuthenticationService,
  actorOf,
  type SignInOutcome,
} from '../authentication/authentication.service.js';
import { type BindingJobsService, OWN_PAGE } from '../binding-jobs/binding-jobs.service.js';
import type { EventsService } from '../events/events.service.js';
import type { IdentitiesService } from '../identities/identities.service.js';
import type { OwnPasskeysService } from '../passkeys/own-passkeys.service.js';
import type { SessionsService } from '../sessions/sessions.service.js';
import { type SessionEnd, sessionSubject } from '../sessions/sessions.types.js';
import { type Entered, presentPasskey, presentSession, presentSignIn } from './account.types.js';

interface Deps {
  db: Db;
  command: Runner;
  applications: Pick<ApplicationsService, 'findManaged' | 'findRow'>;
  authentication: Pick<AuthenticationService, 'options' | 'verify'>;
  bindingJobs: Pick<BindingJobsService, 'createFor'>;
  events: Pick<EventsService, 'signInsOf'>;
  identities: Pick<IdentitiesService, 'findRow' | 'lockAlone'>;
  ownPasskeys: OwnPasskeysService;
  sessions: SessionsService;
}

/** What a ceremony of this page belongs to: no authorization is ever called so. */
const HERE = 'account';
/** A new way in is given only to who has just come in, in seconds. */
const FRESH_SECONDS = 300;
const LINK_SECONDS = 600;
/** More than anybody is signed in at once. */
const SESSIONS = 100;

export type AccountService = ReturnType<typeof createAccountService>;

/** A person's own page: their passkeys, their sessions, their sign-ins, and nobody else's. */
export function createAccountService(deps: Deps) {
  const { db, command, authentication, bindingJobs, events, identities, ownPasskeys, sessions } = deps;

  /** In the Admin Realm the page is a part of the console; elsewhere it is of no application. */
  async function applicationOf(ctx: RealmCtx): Promise<string | null> {
    if (ctx.realm.kind !== 'ADMIN') return null;
    return (await deps.applications.findManaged(db, ctx.realm.id, 'ADMIN_CONSOLE'))?.id ?? null;
  }

  const isFresh = ({ session }: Entered): boolean =>
    now().getTime() - session.created_at.getTime() <= FRESH_SECONDS * 1000;

  function endedBy(work: Work, sessionId: string, reason: SessionEnd): void {
    const data = { reason, identityId: selfOf(work.ctx) };
    work.record('session.ended', data, { subject: sessionSubject(sessionId) });
  }

  async function applicationNames(ctx: RealmCtx, ids: readonly string[]): Promise<Map<string, string>> {
    const rows = await Promise.all(
      [...new Set(ids)].map((one) => deps.applications.findRow(ctx.realm.id, one)),
    );
    return new Map(rows.flatMap((row) => (row ? [[row.id, row.display_name] as const] : [])));
  }

  const invite = command({
    name: 'account.addPasskey',
    scope: anyone,
    input: z.object({ sessionId: id }),
    body: async (work, { sessionId }): Promise<{ token: string }> => {
      const identity = await identities.lockAlone(work, selfOf(work.ctx));
      if (identity?.status !== 'ACTIVE') throw notFound('identity');
      const { link } = await bindingJobs.createFor(work, {
        identityId: identity.id,
        redirectUri: null,
        expiresInSeconds: LINK_SECONDS,
        reason: OWN_PAGE,
        // Whoever ends the session, or takes the passkey back that opened it, ends what was begun with it.
        sessionId,
      });
      return { token: link.slice(link.indexOf('#token=') + '#token='.length) };
    },
  });

  return {
    /** Options for `navigator.credentials.get`, to come in. */
    enterOptions: async (ctx: RealmCtx) => authentication.options(ctx, HERE, await applicationOf(ctx)),

    /** Opens a session for this page. */
    async enter(ctx: RealmCtx, answer: { challengeId: string; response: unknown }): Promise<SignInOutcome> {
      const applicationId = await applicationOf(ctx);
      return authentication.verify(ctx, { interactionId: HERE, applicationId, ...answer });
    },

    /** @returns undefined where the session ended, or its person may not act any more */
    async resume(ctx: RealmCtx, sessionId: string): Promise<Entered | undefined> {
      const session = await sessions.seen(ctx.realm.id, sessionId);
      const identity = session && (await identities.findRow(db, ctx.realm.id, session.identity_id));
      if (!session || identity?.status !== 'ACTIVE') return undefined;
      return { ctx: { ...ctx, actor: actorOf(identity) }, identity, session };
    },

    async overview(entered: Entered) {
      const { ctx, identity, session } = entered;
      const [passkeys, [page], known] = await Promise.all([
        ownPasskeys.list(ctx),
        sessions.pageOf(ctx.realm.id, [identity.id], { first: SESSIONS }),
        ownPasskeys.known(identity),
      ]);
      const rows = (page?.items ?? []).map(({ node }) => node);
      const held = await sessions.applicationIds(
        ctx.realm.id,
        rows.map((row) => row.id),
      );
      const names = await applicationNames(ctx, held.flat());
      return {
        identity: { displayName: identity.display_name, username: identity.username },
        passkeys: passkeys.map((passkey) => presentPasskey(passkey, session.passkey_id)),
        sessions: rows.map((row, at) =>
          presentSession(
            row,
            session.id,
            (held[at] ?? []).flatMap((one) => names.get(one) ?? []),
          ),
        ),
        fresh: isFresh(entered),
        known,
      };
    },

    /** Sign-ins, the newest first. */
    async history({ ctx }: Entered, args: PageArgs) {
      const page = await events.signInsOf(ctx.realm.id, selfOf(ctx), args);
      const rows = page.items.map(({ node }) => node);
      const names = await applicationNames(
        ctx,
        rows.flatMap((row) => {
          const value: unknown = Reflect.get(Object(row.data), 'applicationId');
          return typeof value === 'string' ? [value] : [];
        }),
      );
      return {
        signIns: rows.map((row) => presentSignIn(row, names)),
        next: page.hasNextPage ? (page.items.at(-1)?.cursor ?? null) : null,
      };
    },

    /**
     * A link of one's own, for the registration ceremony.
     * @throws DomainError REAUTHENTICATION_REQUIRED where the person came in too long ago
     */
    addPasskey(entered: Entered): Promise<{ token: string }> {
      if (!isFresh(entered))
        throw new DomainError(
          'forbidden',
          'REAUTHENTICATION_REQUIRED',
          'Use your passkey again before you add another one.',
        );
      return invite(entered.ctx, { sessionId: entered.session.id });
    },

    renamePasskey: ownPasskeys.rename,
    removePasskey: ownPasskeys.remove,

    endSession: command({
      name: 'account.endSession',
      scope: anyone,
      input: z.object({ sessionId: id }),
      body: async (work, { sessionId }): Promise<void> => {
        const session = await sessions.find(work.tx, work.ctx.realm.id, sessionId);
        if (session?.identity_id !== selfOf(work.ctx)) throw notFound('session');
        if (!(await sessions.end(work, sessionId))) throw notFound('session');
        endedBy(work, sessionId, 'ended_by_person');
      },
    }),

    /** @returns how many others ended */
    endOthers: command({
      name: 'account.endOthers',
      scope: anyone,
      input: z.object({ sessionId: id }),
      body: async (work, { sessionId }): Promise<number> => {
        const ended = await sessions.endOf(work, selfOf(work.ctx), sessionId);
        for (const one of ended) endedBy(work, one, 'ended_by_person');
        if (ended.length === 0) work.unchanged();
        return ended.length;
      },
    }),

    /** The session of this page itself: its person leaves, or came in anew. */
    leave: command({
      name: 'account.leave',
      scope: anyone,
      input: z.object({ sessionId: id, reason: z.enum(['signed_out', 'superseded']) }),
      body: async (work, { sessionId, reason }): Promise<void> => {
        if (await sessions.end(work, sessionId)) endedBy(work, sessionId, reason);
        else work.unchanged();
      },
    }),
  };
}
