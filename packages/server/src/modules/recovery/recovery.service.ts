import { z } from 'zod';
import type { ExistingPasskeys } from '../../database/schema-recovery.js';
import { addressText, parseAddress } from '../../kernel/address.js';
import { now, secondsFromNow } from '../../kernel/clock.js';
import type { Db, Runner, Work } from '../../kernel/command.js';
import { requireScope } from '../../kernel/context.js';
import { invalid, notFound } from '../../kernel/errors.js';
import { hashSecret, newId, newSecret } from '../../kernel/ids.js';
import { anyone } from '../../kernel/permissions.js';
import { id, line } from '../../kernel/text.js';
import type { Vault } from '../../kernel/vault.js';
import {
  type BindingJobRow,
  type BindingJobsService,
  OWN_PAGE,
} from '../binding-jobs/binding-jobs.service.js';
import type { IdentitiesService, IdentityRow } from '../identities/identities.service.js';
import { languageOf } from '../mail/letters.service.js';
import type { MailService } from '../mail/mail.service.js';
import { isMailable } from '../mail/mail.types.js';
import type { PasskeyRow } from '../passkeys/passkeys.service.js';
import type { TakebackService, TakenBack } from '../passkeys/takeback.service.js';
import type { AccessGuard, Warning } from '../tenants/lockout.types.js';
import * as queries from './recovery.queries.js';
import { type RecoveryRefused, type RefusalReason, type RequestRow, refused } from './recovery.types.js';
import type { RecoverySettingsService } from './settings.service.js';

interface Deps {
  db: Db;
  command: Runner;
  vault: Pick<Vault, 'seal'>;
  settings: Pick<RecoverySettingsService, 'find'>;
  identities: Pick<IdentitiesService, 'lockAlone'>;
  bindingJobs: Pick<BindingJobsService, 'closeIn' | 'createFor' | 'lockInvited' | 'addressOf'>;
  takeback: TakebackService;
  mail: Pick<MailService, 'enqueue' | 'withdrawRecovery'>;
  guard: AccessGuard;
}

const HOUR = 3600;
const DAY = 24 * HOUR;
export const ASKS_A_DAY = 3;
/** From one network, which may be that of a whole office. */
const ASKS_AN_HOUR_OF_IP = 30;
const UNDO_SECONDS = 7 * DAY;
const KEPT_SECONDS = 30 * DAY;

export const subjectOf = (row: Pick<IdentityRow, 'id' | 'display_name'>) => ({
  kind: 'IDENTITY' as const,
  id: row.id,
  name: row.display_name,
});

/** Where a person can be told of something: every address of theirs, once. */
export function addressesOf(identity: IdentityRow, more: readonly string[] = []): string[] {
  const known = new Map<string, string>();
  for (const address of [...identity.emails.map(({ value }) => value), ...more])
    if (isMailable(address) && !known.has(address.toLowerCase())) known.set(address.toLowerCase(), address);
  return [...known.values()];
}

export type RecoveryService = ReturnType<typeof createRecoveryService>;

/** What becomes of people who lost their passkeys: asked for, stopped, completed, and by an administrator. */
export function createRecoveryService(deps: Deps) {
  const { db, command, vault, settings, identities, bindingJobs, takeback, mail, guard } = deps;

  const refuse = (work: Work, reason: RefusalReason): void =>
    work.record('recovery.refused', { recoveryId: null, reason }, { outcome: 'REFUSED' });

  async function withinLimits(work: Work, addressKey: string): Promise<RecoveryRefused | boolean> {
    const { tx, ctx } = work;
    const count = (column: 'address_key' | 'ip', value: string, seconds: number, limit: number) =>
      queries.countAsks(tx, ctx.realm.id, { column, value, since: secondsFromNow(-seconds), limit });
    if (ctx.ip !== null) await queries.lockWord(tx, `${ctx.realm.id} ${ctx.ip}`);
    await queries.lockWord(tx, addressKey);
    if (ctx.ip !== null && (await count('ip', ctx.ip, HOUR, ASKS_AN_HOUR_OF_IP)) >= ASKS_AN_HOUR_OF_IP)
      return refused('RATE_LIMITED');
    return (await count('address_key', addressKey, DAY, ASKS_A_DAY)) < ASKS_A_DAY;
  }

  /** Ends one that is open; its link is dead with it. */
  async function end(work: Work, row: RequestRow, status: 'STOPPED' | 'REFUSED' | 'EXPIRED'): Promise<void> {
    await queries.updateRequest(work.tx, row, { status, ended_at: now() });
    await mail.withdrawRecovery(work, row.id);
    if (row.binding_job_id !== null) await bindingJobs.closeIn(work, row.binding_job_id);
  }

  async function stop(work: Work, row: RequestRow, identity: IdentityRow): Promise<void> {
    const seen = work.within({ correlationId: row.correlation_id });
    const taken: TakenBack =
      row.status === 'COMPLETED' && row.passkey_id !== null
        ? // Whoever came in with it can have made more of them for themselves.
          await takeback.revoke(seen, row.identity_id, { from: row.passkey_id, reason: OWN_PAGE })
        : { revoked: 0, endedSessions: 0 };
    if (row.status === 'COMPLETED')
      await queries.updateRequest(work.tx, row, { status: 'STOPPED', ended_at: now() });
    else await end(seen, row, 'STOPPED');
    seen.record('recovery.stopped', { recoveryId: row.id, ...taken }, { subject: subjectOf(identity) });
    await guard.check(work);
  }

  const isStoppable = (row: RequestRow, hash: Buffer): boolean => {
    if (row.stop_hash?.equals(hash)) return row.status === 'WAITING' || row.status === 'READY';
    return row.status === 'COMPLETED' && row.undo_until !== null && row.undo_until > now();
  };

  async function openByAdministrator(
    work: Work,
    identity: IdentityRow,
    input: { reason: string; existingPasskeys: ExistingPasskeys; delivery: 'RETURN' | 'EMAIL' },
  ) {
    const before = await queries.lockOpen(work.tx, work.ctx.realm.id, identity.id);
    if (before) await end(work, before, 'STOPPED');
    const revoked =
      input.existingPasskeys === 'REVOKE' ? await takeback.revoke(work, identity.id) : undefined;
    const mailTo = input.delivery === 'EMAIL' ? bindingJobs.addressOf(identity) : undefined;
    const made = await bindingJobs.createFor(work, {
      identityId: identity.id,
      redirectUri: null,
      reason: input.reason,
      ...(mailTo === undefined ? {} : { mailTo, template: 'RECOVERY_LINK' as const }),
    });
    const row = await queries.insertRequest(work.tx, {
      realm_id: work.ctx.realm.id,
      id: newId(),
      identity_id: identity.id,
      method: 'ADMINISTRATOR',
      status: 'READY',
      address: mailTo ?? null,
      notified: addressesOf(identity),
      existing_passkeys: input.existingPasskeys,
      reason: input.reason,
      stop_hash: null,
      binding_job_id: made.job.id,
      correlation_id: work.ctx.correlationId,
      ready_at: now(),
      expires_at: made.job.expires_at,
      next_attempt_at: now(),
    });
    const data = {
      recoveryId: row.id,
      method: row.method,
      existingPasskeys: row.existing_passkeys,
      readyAt: row.ready_at.toISOString(),
      reason: row.reason,
    };
    work.record('recovery.requested', data, { subject: subjectOf(identity) });
    return { ...made, revoked: revoked?.revoked ?? 0 };
  }

  return {
    refuse,
    end,

    /**
     * Somebody lost their passkey. Nothing is looked up here: known and unknown addresses get the same answer after
     * the same work, and what follows is done later.
     */
    ask: command({
      name: 'recovery.ask',
      scope: anyone,
      input: z.object({ email: z.string().max(320) }),
      body: async (work, input): Promise<RecoveryRefused | { result: 'asked' }> => {
        const { tx, ctx } = work;
        work.unchanged();
        const parsed = parseAddress(input.email);
        if (!parsed) throw invalid('This is not an e-mail address.', 'email');
        if (!(await settings.find(tx, ctx.realm.id)).emailLink) return refused('RECOVERY_OFF');
        const address = addressText(parsed);
        const addressKey = vault.seal(`recovery ${ctx.realm.id} ${address.toLowerCase()}`);
        const within = await withinLimits(work, addressKey);
        if (typeof within === 'object') return within;
        if (!within) refuse(work, 'LIMIT');
        else
          await queries.insertAsk(tx, {
            realm_id: ctx.realm.id,
            id: newId(),
            address_key: addressKey,
            address,
            correlation_id: ctx.correlationId,
            ip: ctx.ip,
            user_agent: ctx.userAgent,
          });
        return { result: 'asked' };
      },
    }),

    /** "This was not me": ends the request, or takes the passkey back that it brought. Works once. */
    stop: command({
      name: 'recovery.stop',
      scope: anyone,
      input: z.object({ token: z.string().min(1).max(100) }),
      body: async (work, input): Promise<RecoveryRefused | { result: 'stopped'; undone: boolean }> => {
        const hash = hashSecret(input.token);
        const seen = await queries.selectByLink(work.tx, work.ctx.realm.id, hash);
        const identity = seen && (await identities.lockAlone(work, seen.identity_id));
        const row = identity && (await queries.lockRequest(work.tx, work.ctx.realm.id, seen.id));
        if (!row || !isStoppable(row, hash)) {
          refuse(work, 'LINK_INVALID');
          return refused('LINK_INVALID');
        }
        await stop(work, row, identity);
        return { result: 'stopped', undone: row.status === 'COMPLETED' };
      },
    }),

    /**
     * What a recovery was for is done: called where a passkey is bound, with the identity's and the job's locks.
     * @throws DomainError ADMIN_LOCKOUT where the old passkeys were the last way into the console, and this is none
     */
    async bound(
      work: Work,
      { job, identity, passkey }: { job: BindingJobRow; identity: IdentityRow; passkey: PasskeyRow },
    ): Promise<void> {
      const row = await queries.lockOfJob(work.tx, work.ctx.realm.id, job.id);
      if (row?.status !== 'READY') return;
      const taken: TakenBack =
        row.existing_passkeys === 'REVOKE'
          ? await takeback.revoke(work, identity.id, { except: passkey.id })
          : { revoked: 0, endedSessions: 0 };
      if (taken.revoked > 0) await guard.check(work);
      const token = newSecret();
      const undoUntil = secondsFromNow(UNDO_SECONDS);
      await queries.updateRequest(work.tx, row, {
        status: 'COMPLETED',
        ended_at: now(),
        passkey_id: passkey.id,
        undo_hash: hashSecret(token),
        undo_until: undoUntil,
      });
      await mail.withdrawRecovery(work, row.id);
      for (const to of addressesOf(identity, row.notified))
        await mail.enqueue(work, {
          to,
          template: 'RECOVERY_COMPLETED',
          language: languageOf(identity.profile),
          recoveryRequestId: row.id,
          token,
          validUntil: undoUntil,
        });
      work.record(
        'recovery.completed',
        { recoveryId: row.id, passkeyId: passkey.id, ...taken },
        { subject: subjectOf(identity) },
      );
    },

    /**
     * By an administrator, with a reason. REVOKE takes the old passkeys at once: a device that is lost is a danger now.
     * @throws DomainError ADMIN_LOCKOUT when nobody could sign in to the console any more
     */
    byAdministrator: command({
      name: 'recovery.byAdministrator',
      scope: 'credential-binding-jobs:create',
      input: z.object({
        identityId: id,
        reason: line(500),
        existingPasskeys: z.enum(['KEEP', 'REVOKE']),
        delivery: z.enum(['RETURN', 'EMAIL']),
      }),
      body: async (
        work,
        input,
      ): Promise<{ job: BindingJobRow; link: string; revoked: number; warnings: readonly Warning[] }> => {
        if (input.existingPasskeys === 'REVOKE') requireScope(work.ctx, 'credentials:revoke');
        const identity = await bindingJobs.lockInvited(work, input.identityId);
        const made = await openByAdministrator(work, identity, input);
        return { ...made, warnings: await guard.check(work) };
      },
    }),

    /** The request that a person has open, ended by an administrator. */
    cancel: command({
      name: 'recovery.cancel',
      scope: 'credential-binding-jobs:revoke',
      input: z.object({ identityId: id }),
      body: async (work, input): Promise<IdentityRow> => {
        const identity = await identities.lockAlone(work, input.identityId);
        const row = identity && (await queries.lockOpen(work.tx, work.ctx.realm.id, identity.id));
        if (!identity || !row) throw notFound('open recovery');
        await stop(work, row, identity);
        return identity;
      },
    }),

    /** Whether the link of a request that is open can be used no more. */
    isOver: ({ tx }: Work, row: RequestRow): Promise<boolean> => queries.hasDeadLink(tx, row, now()),

    purge: (): Promise<void> => queries.purge(db, now(), secondsFromNow(-DAY), secondsFromNow(-KEPT_SECONDS)),
  };
}
