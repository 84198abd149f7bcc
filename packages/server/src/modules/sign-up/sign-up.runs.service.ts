import { z } from 'zod';
import { now, secondsFromNow } from '../../kernel/clock.js';
import type { Db, Runner, Work } from '../../kernel/command.js';
import { bareContext } from '../../kernel/context.js';
import { hashSecret, newCode, newId, newSecret } from '../../kernel/ids.js';
import { anyone } from '../../kernel/permissions.js';
import { startWorker } from '../../kernel/worker.js';
import type { MailService } from '../mail/mail.service.js';
import type { RealmsService } from '../realms/realms.service.js';
import { claimAsked, lockSignUp, updateSignUp } from './sign-up.queries.js';
import type { SignUpService } from './sign-up.service.js';
import type { SignUpRow } from './sign-up.types.js';

interface Deps {
  db: Db;
  command: Runner;
  realms: Pick<RealmsService, 'find'>;
  mail: Pick<MailService, 'enqueue'>;
  signUp: Pick<SignUpService, 'codeHash' | 'isTaken'>;
}

/** Longer than one step can take. After a crash it is taken up again when it is over. */
const LEASE_SECONDS = 60;
const AT_ONCE = 10;
const IDLE_MS = 1000;

/** What follows a sign-up after its answer: the proof is mailed, or the owner of the account is told. */
export function createSignUpRuns({ db, command, realms, mail, signUp }: Deps) {
  async function sendProof(work: Work, row: SignUpRow, to: string): Promise<void> {
    const about = { to, signUpId: row.id, validUntil: row.expires_at };
    if (row.proof === 'CODE') {
      const code = newCode();
      await updateSignUp(work.tx, row, { status: 'SENT', code_hash: signUp.codeHash(row, code) });
      await mail.enqueue(work, { ...about, template: 'SIGN_UP_CODE', token: code });
    } else {
      const token = newSecret();
      await updateSignUp(work.tx, row, { status: 'SENT', token_hash: hashSecret(token) });
      await mail.enqueue(work, { ...about, template: 'SIGN_UP_LINK', token });
    }
    work.record('sign_up.requested', { proof: row.proof, applicationId: row.application_id });
  }

  const lookUp = command({
    name: 'sign-up.lookUp',
    scope: anyone,
    input: z.custom<SignUpRow>(),
    body: async (work, { id }): Promise<void> => {
      work.unchanged();
      const row = await lockSignUp(work.tx, work.ctx.realm.id, id);
      if (row?.status !== 'ASKED' || row.address === null) return;
      if (!(await signUp.isTaken(work.tx, row.realm_id, row.address)))
        return sendProof(work, row, row.address);
      await updateSignUp(work.tx, row, { status: 'TAKEN' });
      await mail.enqueue(work, {
        to: row.address,
        template: 'SIGN_UP_TAKEN',
        signUpId: row.id,
        validUntil: row.expires_at,
      });
      work.record('sign_up.refused', { reason: 'ADDRESS_TAKEN' }, { outcome: 'REFUSED' });
    },
  });

  async function take(row: SignUpRow): Promise<void> {
    const realm = await realms.find(row.realm_id);
    if (!realm) return;
    const facts = {
      requestId: newId(),
      correlationId: row.correlation_id,
      ip: row.ip,
      userAgent: row.user_agent,
    };
    await lookUp(bareContext(facts, { kind: 'ANONYMOUS' }, realm), row);
  }

  /** @returns how many were taken in hand */
  async function step(): Promise<number> {
    const rows = await claimAsked(db, { at: now(), until: secondsFromNow(LEASE_SECONDS), limit: AT_ONCE });
    const ends = await Promise.allSettled(rows.map(take));
    const broken = ends.find((end) => end.status === 'rejected');
    if (broken) throw broken.reason;
    return rows.length;
  }

  return {
    step,

    /** Works until it is stopped. @returns stops it, once what is in hand is done */
    start: (failed: (error: unknown) => void): (() => Promise<void>) =>
      startWorker(async () => (await step()) > 0, { idleMs: IDLE_MS, failed }),
  };
}
