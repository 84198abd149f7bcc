import { z } from 'zod';
import type { MailTemplate } from '../../database/schema-mail.js';
import { now, secondsFromNow } from '../../kernel/clock.js';
import type { Db, Runner } from '../../kernel/command.js';
import { bareContext, type RealmCtx, type RealmRef } from '../../kernel/context.js';
import { newId } from '../../kernel/ids.js';
import { anyone } from '../../kernel/permissions.js';
import { startWorker } from '../../kernel/worker.js';
import type { RealmsService } from '../realms/realms.service.js';
import type { ThemesService } from '../themes/themes.service.js';
import * as queries from './mail.queries.js';
import type { MailService } from './mail.service.js';
import { type MailRow, type MailSource, NotSent, type Prepared, type Transport } from './mail.types.js';
import { languageFor } from './words/index.js';

interface Deps {
  db: Db;
  command: Runner;
  mail: Pick<MailService, 'secretOf'>;
  themes: Pick<ThemesService, 'find'>;
  realms: Pick<RealmsService, 'find'>;
  /** Whoever knows what a mail is about. */
  sources: Readonly<Record<MailTemplate, MailSource>>;
  /** Absent without a mail server: mails wait. */
  transport: Transport | undefined;
}

/** Longer than an attempt can take. After a crash the mail is taken up again when it is over. */
const LEASE_SECONDS = 180;
const ABREAST = 4;
/** With the pauses between them about five hours. */
const MAX_ATTEMPTS = 12;
const IDLE_MS = 1000;

const pauseAfter = (attempts: number): number => Math.min(30 * 2 ** (attempts - 1), 3600);

type Outcome = { sent: true } | { sent: false; reason: string; permanent: boolean } | { over: true };

/** Sends what is due, on any number of nodes: at least once, and twice only when a node dies in between. */
export function createMailSender({ db, command, mail, themes, realms, sources, transport }: Deps) {
  const prepare = command({
    name: 'mail.prepare',
    scope: anyone,
    input: z.custom<MailRow>(),
    body: async (work, row): Promise<Prepared> => {
      work.unchanged();
      if (row.attempts > MAX_ATTEMPTS) return { failed: row.last_error ?? 'ABANDONED' };
      return sources[row.template].prepare(work.tx, row, mail.secretOf(row));
    },
  });

  const settle = command({
    name: 'mail.settle',
    scope: anyone,
    input: z.custom<{ row: MailRow; outcome: Outcome }>(),
    body: async (work, { row, outcome }): Promise<void> => {
      work.unchanged();
      const source = sources[row.template];
      await source.lock(work, row);
      if (!(await queries.lockHeld(work.tx, row))) return;
      if ('over' in outcome)
        return void (await queries.closeMail(work.tx, row, { state: 'WITHDRAWN', last_error: null }));
      if (outcome.sent) {
        await queries.closeMail(work.tx, row, { state: 'SENT', sent_at: now(), last_error: null });
        return source.sent(work, row);
      }
      const { reason } = outcome;
      if (outcome.permanent || row.attempts >= MAX_ATTEMPTS) {
        await queries.closeMail(work.tx, row, { state: 'FAILED', last_error: reason });
        return source.failed(work, row, reason);
      }
      const again = secondsFromNow(pauseAfter(row.attempts));
      await queries.postponeMail(work.tx, row, { next_attempt_at: again, last_error: reason });
    },
  });

  async function attempt(ctx: RealmCtx, row: MailRow, to: Transport): Promise<Outcome> {
    const prepared = await prepare(ctx, row);
    if ('over' in prepared) return { over: true };
    if ('failed' in prepared) return { sent: false, reason: prepared.failed, permanent: true };
    const theme = await themes.find(row.realm_id);
    if (!theme) throw new Error(`realm ${row.realm_id} has no theme`);
    try {
      await to.send({
        id: row.id,
        fromName: theme.displayName,
        to: row.recipient,
        replyTo: theme.supportEmail,
        subject: row.subject,
        ...prepared.write({ ...theme, language: languageFor(row.language) }),
      });
      return { sent: true };
    } catch (error) {
      if (!(error instanceof NotSent)) throw error;
      return { sent: false, reason: error.code, permanent: error.permanent };
    }
  }

  async function deliver(row: MailRow, to: Transport): Promise<void> {
    const realm = await realms.find(row.realm_id);
    if (!realm) return;
    const ctx = senderIn(realm);
    await settle(ctx, { row, outcome: await attempt(ctx, row, to) });
  }

  /** @returns how many were taken in hand */
  async function step(): Promise<number> {
    if (!transport) return 0;
    const due = await queries.claimDue(db, {
      leaseId: newId(),
      at: now(),
      until: secondsFromNow(LEASE_SECONDS),
      limit: ABREAST,
    });
    const ends = await Promise.allSettled(due.map((row) => deliver(row, transport)));
    const broken = ends.find((end) => end.status === 'rejected');
    if (broken) throw broken.reason;
    return due.length;
  }

  return {
    step,

    /** Works until it is stopped. @returns stops it, once the mails in hand are settled */
    start: (failed: (error: unknown) => void): (() => Promise<void>) =>
      startWorker(async () => (await step()) > 0, { idleMs: IDLE_MS, failed }),
  };
}

const senderIn = (realm: RealmRef): RealmCtx =>
  bareContext(
    { requestId: newId(), correlationId: newId(), ip: null, userAgent: null },
    { kind: 'SYSTEM', displayName: 'Mail' },
    realm,
  );
