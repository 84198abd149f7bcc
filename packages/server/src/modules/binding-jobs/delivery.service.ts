import { z } from 'zod';
import { now } from '../../kernel/clock.js';
import type { Runner, Tx, Work } from '../../kernel/command.js';
import { notFound } from '../../kernel/errors.js';
import { id } from '../../kernel/text.js';
import type { IdentitiesService } from '../identities/identities.service.js';
import { bindingLetter } from '../mail/letters.service.js';
import type { MailService } from '../mail/mail.service.js';
import type { Letter, Look, MailRow, MailSource, Prepared, Written } from '../mail/mail.types.js';
import { selectBatch } from './batches.queries.js';
import { lockJob, OPEN, selectJob, setStatus } from './binding-jobs.queries.js';
import { type BindingJobRow, type BindingJobsService, statusOf, subjectOf } from './binding-jobs.service.js';

interface Deps {
  command: Runner;
  bindingJobs: Pick<BindingJobsService, 'linkOf' | 'lockInvited'>;
  identities: Pick<IdentitiesService, 'findRow' | 'lockAlone'>;
  mail: Pick<MailService, 'findQueued' | 'secretOf'>;
}

type Writer = (letter: Letter, look: Look) => Written;

function jobIdOf(row: MailRow): string {
  if (row.binding_job_id === null) throw new Error(`mail ${row.id} brings no binding link`);
  return row.binding_job_id;
}

/** What becomes of links that go by mail. */
export function createBindingDeliveryService({ command, bindingJobs, identities, mail }: Deps) {
  /** Looked at without a lock: a link that ends while it is sent arrives dead. */
  async function prepare(tx: Tx, row: MailRow, token: string, written: Writer): Promise<Prepared> {
    const job = await selectJob(tx, row.realm_id, jobIdOf(row));
    if (!job || !OPEN.includes(statusOf(job))) return { over: true };
    const identity = await identities.findRow(tx, row.realm_id, job.identity_id);
    if (identity?.status !== 'ACTIVE') return { over: true };
    if (!identity.emails.some(({ value }) => value === row.recipient)) return { failed: 'ADDRESS_CHANGED' };
    const link = bindingJobs.linkOf(job, token);
    const batch = job.batch_id === null ? undefined : await selectBatch(tx, row.realm_id, job.batch_id);
    const message = batch?.message;
    const letter = { name: identity.display_name, link, expiresAt: job.expires_at, message };
    return { write: (look) => written(letter, look) };
  }

  const detailsOf = (job: BindingJobRow) => ({ subject: subjectOf(job), correlationId: job.correlation_id });

  const jobOf = async ({ tx }: Work, row: MailRow): Promise<BindingJobRow> => {
    const job = await lockJob(tx, row.realm_id, jobIdOf(row));
    if (!job) throw new Error(`binding job ${row.binding_job_id} vanished under its mail`);
    return job;
  };

  /** Mails that bring a binding link, in the words of one of the letters. */
  const sourceOf = (written: Writer): MailSource => ({
    prepare: (tx, row, token) => prepare(tx, row, token, written),

    async lock(work, row) {
      const seen = await selectJob(work.tx, row.realm_id, jobIdOf(row));
      if (seen) await identities.lockAlone(work, seen.identity_id);
      await lockJob(work.tx, row.realm_id, jobIdOf(row));
    },

    async sent(work, row) {
      const job = await setStatus(work.tx, await jobOf(work, row), { sent_at: now() });
      const data = { identityId: job.identity_id, attempts: row.attempts };
      work.record('credential_binding_job.sent', data, detailsOf(job));
    },

    async failed(work, row, reason) {
      const job = await jobOf(work, row);
      const data = { identityId: job.identity_id, attempts: row.attempts, reason };
      work.record('credential_binding_job.failed_to_send', data, { ...detailsOf(job), outcome: 'FAILURE' });
      // One that was opened has arrived after all, or was handed over by an administrator.
      if (statusOf(job) === 'LINK_SENT') await setStatus(work.tx, job, { status: 'FAILED_TO_SEND' });
    },
  });

  return {
    source: sourceOf(bindingLetter),
    sourceOf,

    /** The link of a mail that still waits, for who could as well make another; it is remembered who saw it. */
    reveal: command({
      name: 'binding-jobs.reveal',
      scope: 'credential-binding-jobs:create',
      input: z.object({ mailId: id }),
      body: async (work, input): Promise<string> => {
        const row = await mail.findQueued(work, input.mailId);
        const job = row?.binding_job_id && (await selectJob(work.tx, row.realm_id, row.binding_job_id));
        if (!row || !job) throw notFound('waiting mail');
        await bindingJobs.lockInvited(work, job.identity_id);
        const held = await mail.findQueued(work, input.mailId);
        if (!held) throw notFound('waiting mail');
        const data = { identityId: job.identity_id };
        work.record('credential_binding_job.link_revealed', data, detailsOf(job));
        return bindingJobs.linkOf(job, mail.secretOf(held));
      },
    }),
  };
}
