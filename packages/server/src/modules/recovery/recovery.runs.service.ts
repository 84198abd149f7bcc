import { z } from 'zod';
import { parseAddress, spellingsOf } from '../../kernel/address.js';
import { now, secondsFromNow } from '../../kernel/clock.js';
import type { Db, Runner, Work } from '../../kernel/command.js';
import { bareContext, type RealmCtx } from '../../kernel/context.js';
import { hashSecret, newId, newSecret } from '../../kernel/ids.js';
import { anyone } from '../../kernel/permissions.js';
import { startWorker } from '../../kernel/worker.js';
import type { BindingJobsService } from '../binding-jobs/binding-jobs.service.js';
import type { IdentitiesService, IdentityRow } from '../identities/identities.service.js';
import { languageOf } from '../mail/letters.service.js';
import type { MailService } from '../mail/mail.service.js';
import { isMailable } from '../mail/mail.types.js';
import type { RealmsService } from '../realms/realms.service.js';
import * as queries from './recovery.queries.js';
import { ASKS_A_DAY, addressesOf, type RecoveryService, subjectOf } from './recovery.service.js';
import type { AskRow, RefusalReason, RequestRow } from './recovery.types.js';
import type { RecoverySettings, RecoverySettingsService } from './settings.service.js';

interface Deps {
  db: Db;
  command: Runner;
  realms: Pick<RealmsService, 'find'>;
  settings: Pick<RecoverySettingsService, 'find'>;
  identities: Pick<IdentitiesService, 'findByAddress' | 'lockAlone'>;
  bindingJobs: Pick<BindingJobsService, 'createFor'>;
  mail: Pick<MailService, 'enqueue'>;
  recovery: Pick<RecoveryService, 'end' | 'isOver'>;
}

const DAY = 24 * 3600;
const LINK_SECONDS = DAY;
/** Longer than one step can take. After a crash it is taken up again when it is over. */
const LEASE_SECONDS = 120;
const AT_ONCE = 10;
const IDLE_MS = 1000;
/** People who share one address, such as a family; more are a mistake, or a way to send many mails. */
const MOST_OF_ADDRESS = 5;

type Known = Pick<RecoverySettings, 'waitingMinutes'> & {
  readonly existingPasskeys: NonNullable<RecoverySettings['existingPasskeys']>;
};

/** What follows a request after its answer: whom it means, who is told, and the link when the waiting is over. */
export function createRecoveryRuns(deps: Deps) {
  const { db, command, settings, identities, bindingJobs, mail, recovery } = deps;

  const refuse = (work: Work, reason: RefusalReason, identity?: IdentityRow, recoveryId?: string): void =>
    work.record(
      'recovery.refused',
      { recoveryId: recoveryId ?? null, reason },
      { outcome: 'REFUSED', ...(identity ? { subject: subjectOf(identity) } : {}) },
    );

  /** @returns the address of theirs that was typed, as the directory spells it: mail goes to nothing else */
  const spelledBy = (identity: IdentityRow, spellings: readonly string[]): string | undefined => {
    const wanted = new Set(spellings.map((one) => one.toLowerCase()));
    return identity.emails.map(({ value }) => value).find((value) => wanted.has(value.toLowerCase()));
  };

  async function limitOf(work: Work, identity: IdentityRow): Promise<RefusalReason | undefined> {
    const { tx, ctx } = work;
    const open = await queries.lockOpen(tx, ctx.realm.id, identity.id);
    if (open && !(await recovery.isOver(work, open))) return 'ALREADY_OPEN';
    if (open) await recovery.end(work, open, 'EXPIRED');
    const lately = await queries.selectAskedSince(tx, ctx.realm.id, identity.id, secondsFromNow(-DAY));
    // Whoever said no once is not asked again at once by who holds their mailbox.
    if (lately.some(({ status }) => status === 'STOPPED')) return 'STOPPED_LATELY';
    return lately.length >= ASKS_A_DAY ? 'LIMIT' : undefined;
  }

  async function open(work: Work, identityId: string, spellings: readonly string[], known: Known) {
    const identity = await identities.lockAlone(work, identityId);
    if (!identity) return;
    const address = spelledBy(identity, spellings);
    if (address === undefined || !isMailable(address)) return refuse(work, 'NO_MAIL_TO_ADDRESS', identity);
    if (identity.status !== 'ACTIVE') return refuse(work, 'SUSPENDED', identity);
    const limit = await limitOf(work, identity);
    if (limit) return refuse(work, limit, identity);
    await begin(work, identity, address, known);
  }

  async function begin(work: Work, identity: IdentityRow, address: string, known: Known): Promise<void> {
    const { tx, ctx } = work;
    const token = newSecret();
    const readyAt = secondsFromNow(known.waitingMinutes * 60);
    const notified = addressesOf(identity);
    const row = await queries.insertRequest(tx, {
      realm_id: ctx.realm.id,
      id: newId(),
      identity_id: identity.id,
      method: 'EMAIL_LINK',
      status: 'WAITING',
      address,
      notified,
      existing_passkeys: known.existingPasskeys,
      reason: null,
      stop_hash: hashSecret(token),
      binding_job_id: null,
      correlation_id: ctx.correlationId,
      ready_at: readyAt,
      expires_at: null,
      next_attempt_at: readyAt,
    });
    const validUntil = new Date(readyAt.getTime() + LINK_SECONDS * 1000);
    for (const to of notified)
      await mail.enqueue(work, {
        to,
        template: 'RECOVERY_REQUESTED',
        language: languageOf(identity.profile),
        recoveryRequestId: row.id,
        token,
        validUntil,
      });
    const data = {
      recoveryId: row.id,
      method: row.method,
      existingPasskeys: row.existing_passkeys,
      readyAt: readyAt.toISOString(),
      reason: null,
    };
    work.record('recovery.requested', data, { subject: subjectOf(identity) });
  }

  const lookUp = command({
    name: 'recovery.lookUp',
    scope: anyone,
    input: z.custom<AskRow>(),
    body: async (work, ask): Promise<void> => {
      const { tx, ctx } = work;
      const parsed = parseAddress((await queries.takeAddress(tx, ask)) ?? '');
      if (!parsed) return work.unchanged();
      const { emailLink, existingPasskeys, waitingMinutes } = await settings.find(tx, ctx.realm.id);
      if (!emailLink || existingPasskeys === null) return refuse(work, 'SWITCHED_OFF');
      const spellings = spellingsOf(parsed);
      const found = await identities.findByAddress(tx, ctx.realm.id, spellings, MOST_OF_ADDRESS + 1);
      if (found.length === 0) return refuse(work, 'UNKNOWN_ADDRESS');
      if (found.length > MOST_OF_ADDRESS) return refuse(work, 'AMBIGUOUS_ADDRESS');
      work.unchanged();
      for (const { id } of found) await open(work, id, spellings, { existingPasskeys, waitingMinutes });
    },
  });

  /**
   * The waiting is over: only now is there a link at all, so that nobody can have collected it meanwhile, and it goes to
   * a mailbox that must still be the person's.
   */
  const release = command({
    name: 'recovery.release',
    scope: anyone,
    input: z.custom<RequestRow>(),
    body: async (work, { id, identity_id: identityId }): Promise<void> => {
      const { tx, ctx } = work;
      work.unchanged();
      const identity = await identities.lockAlone(work, identityId);
      const row = await queries.lockRequest(tx, ctx.realm.id, id);
      if (!identity || row?.status !== 'WAITING' || row.ready_at > now()) return;
      const problem = await problemOf(work, row, identity);
      if (problem) {
        await recovery.end(work, row, 'REFUSED');
        return refuse(work, problem, identity, row.id);
      }
      const { job } = await bindingJobs.createFor(work, {
        identityId,
        redirectUri: null,
        expiresInSeconds: LINK_SECONDS,
        mailTo: row.address ?? '',
        template: 'RECOVERY_LINK',
        reason: 'Lost passkey',
      });
      await queries.updateRequest(tx, row, {
        status: 'READY',
        binding_job_id: job.id,
        expires_at: job.expires_at,
      });
    },
  });

  async function problemOf(
    work: Work,
    row: RequestRow,
    identity: IdentityRow,
  ): Promise<RefusalReason | undefined> {
    if (identity.status !== 'ACTIVE') return 'SUSPENDED';
    if (!identity.emails.some(({ value }) => value === row.address)) return 'ADDRESS_CHANGED';
    return (await settings.find(work.tx, row.realm_id)).emailLink ? undefined : 'SWITCHED_OFF';
  }

  async function contextOf(row: AskRow | RequestRow): Promise<RealmCtx | undefined> {
    const realm = await deps.realms.find(row.realm_id);
    const facts = 'ip' in row ? { ip: row.ip, userAgent: row.user_agent } : { ip: null, userAgent: null };
    const actor = 'ip' in row ? ANONYMOUS : RECOVERY;
    return (
      realm && bareContext({ requestId: newId(), correlationId: row.correlation_id, ...facts }, actor, realm)
    );
  }

  /** @returns how many were taken in hand */
  async function step(): Promise<number> {
    const claim = { at: now(), until: secondsFromNow(LEASE_SECONDS), limit: AT_ONCE };
    const asks = await queries.claimAsks(db, claim);
    const ready = await queries.claimReady(db, claim);
    const ends = await Promise.allSettled([
      ...asks.map(async (row) => {
        const ctx = await contextOf(row);
        if (ctx) await lookUp(ctx, row);
      }),
      ...ready.map(async (row) => {
        const ctx = await contextOf(row);
        if (ctx) await release(ctx, row);
      }),
    ]);
    const broken = ends.find((end) => end.status === 'rejected');
    if (broken) throw broken.reason;
    return asks.length + ready.length;
  }

  return {
    step,

    /** Works until it is stopped. @returns stops it, once what is in hand is done */
    start: (failed: (error: unknown) => void): (() => Promise<void>) =>
      startWorker(async () => (await step()) > 0, { idleMs: IDLE_MS, failed }),
  };
}

const ANONYMOUS = { kind: 'ANONYMOUS' } as const;
const RECOVERY = { kind: 'SYSTEM', displayName: 'Recovery' } as const;
