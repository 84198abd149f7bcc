import { z } from 'zod';
import type { MailTemplate } from '../../database/schema-mail.js';
import { now, secondsFromNow } from '../../kernel/clock.js';
import type { Db, Runner, Tx, Work } from '../../kernel/command.js';
import { actorName } from '../../kernel/context.js';
import { DomainError, invalid, notFound } from '../../kernel/errors.js';
import { hashSecret, newId, newSecret } from '../../kernel/ids.js';
import { id } from '../../kernel/text.js';
import type { AuthenticatorConfigsService } from '../authenticator-configs/authenticator-configs.service.js';
import type { IdentitiesService } from '../identities/identities.service.js';
import { languageOf } from '../mail/letters.service.js';
import type { MailService } from '../mail/mail.service.js';
import type { RolesService } from '../roles/roles.service.js';
import type { AccessGuard } from '../tenants/lockout.types.js';
import * as queries from './binding-jobs.queries.js';
import { createBindingJobLists } from './lists.js';
import { checkPlace } from './places.js';
import { checkRedirect } from './redirects.js';
import {
  addressOf,
  lifetime,
  MOST_REFUSALS,
  RESENDABLE,
  refuseTooOften,
  secretWithin,
  statusOf,
} from './rules.js';

export type { BindingJobRow } from './binding-jobs.queries.js';
export { OWN_PAGE, sessionOf, statusOf } from './rules.js';

type BindingJobRow = queries.BindingJobRow;

interface Deps {
  db: Db;
  command: Runner;
  authenticatorConfigs: Pick<AuthenticatorConfigsService, 'find'>;
  identities: IdentitiesService;
  roles: Pick<RolesService, 'refuseMorePowerful' | 'powerOf'>;
  guard: AccessGuard;
  mail: Pick<MailService, 'enqueue' | 'withdraw'>;
  publicUrl: string;
}

const WEEK = 7 * 24 * 3600;
export const subjectOf = (row: BindingJobRow) => ({
  kind: 'CREDENTIAL_BINDING_JOB' as const,
  id: row.id,
  name: 'Binding link',
});

/** A link that goes by mail is shown to nobody else. */
export const linkToShow = (made: { job: BindingJobRow; link: string }): string | null =>
  made.job.delivery === 'RETURN' ? made.link : null;

export type BindingJobsService = ReturnType<typeof createBindingJobsService>;

export function createBindingJobsService(deps: Deps) {
  const { db, command, identities, roles, guard, mail, publicUrl } = deps;

  /** The secret is behind `#`, which no server sees; the job is named for where the link leads to. */
  const linkOf = (job: Pick<BindingJobRow, 'realm_id' | 'id' | 'authenticator_config_id'>, token: string) => {
    const place = job.authenticator_config_id === null ? '' : `?job=${job.id}`;
    return `${publicUrl}/realms/${job.realm_id}/bind${place}#token=${token}`;
  };

  async function send(
    work: Work,
    job: BindingJobRow,
    to: string,
    token: string,
    template?: MailTemplate,
  ): Promise<void> {
    const identity = await identities.findRow(work.tx, job.realm_id, job.identity_id);
    const language = languageOf(identity?.profile);
    const { id: bindingJobId, expires_at: validUntil } = job;
    await mail.enqueue(work, { to, template, language, bindingJobId, token, validUntil });
  }

  /** With its lock; only for a person who may be given a link by the caller. */
  async function lockInvited(work: Work, identityId: string) {
    const identity = await identities.lockAlone(work, identityId);
    if (!identity) throw notFound('identity');
    if (identity.status !== 'ACTIVE')
      throw invalid('This identity is suspended. Activate it before it binds a passkey.', 'identityId');
    await roles.refuseMorePowerful(work, identity.id);
    return identity;
  }

  async function createFor(
    work: Work,
    input: {
      identityId: string;
      redirectUri: string | null;
      expiresInSeconds?: number;
      /** Where the link goes by mail; it is returned where there is none. */
      mailTo?: string;
      /** In which words; an invitation unless said. */
      template?: MailTemplate;
      /** Why it is made, where somebody said so. */
      reason?: string;
      batchId?: string;
      /** Where the passkey is bound; our own page unless said. */
      authenticatorConfigId?: string;
      /** The session that it dies with; its own time alone unless said. */
      sessionId?: string;
    },
  ): Promise<{ job: BindingJobRow; link: string }> {
    const secret = newSecret();
    const token = input.sessionId === undefined ? secret : secretWithin(secret, input.sessionId);
    const job = await queries.insertJob(work.tx, {
      realm_id: work.ctx.realm.id,
      id: newId(),
      identity_id: input.identityId,
      delivery: input.mailTo === undefined ? 'RETURN' : 'EMAIL',
      status: 'LINK_SENT',
      token_hash: hashSecret(token),
      redirect_uri: input.redirectUri,
      correlation_id: work.ctx.correlationId,
      created_by_name: actorName(work.ctx.actor),
      expires_at: secondsFromNow(input.expiresInSeconds ?? WEEK),
      opened_at: null,
      completed_at: null,
      target_scopes: await roles.powerOf(work, input.identityId),
      batch_id: input.batchId ?? null,
      authenticator_config_id: input.authenticatorConfigId ?? null,
      reason: input.reason ?? null,
    });
    work.record(
      'credential_binding_job.created',
      { identityId: job.identity_id, delivery: job.delivery, expiresAt: job.expires_at.toISOString() },
      { subject: subjectOf(job) },
    );
    if (input.mailTo !== undefined) await send(work, job, input.mailTo, token, input.template);
    return { job, link: linkOf(job, token) };
  }

  /** At its beginning again, with another link that goes the way the first one went. */
  async function renew(
    work: Work,
    row: BindingJobRow,
    identity: { id: string; email: string | null },
    given: { expiresInSeconds: number; resends: number },
  ): Promise<{ job: BindingJobRow; link: string }> {
    const token = newSecret();
    const job = await queries.renewJob(work.tx, row, {
      token_hash: hashSecret(token),
      expires_at: secondsFromNow(given.expiresInSeconds),
      target_scopes: await roles.powerOf(work, identity.id),
      resends: given.resends,
      resent_at: now(),
    });
    await mail.withdraw(work, job.id);
    if (job.delivery === 'EMAIL') await send(work, job, addressOf(identity), token);
    work.record(
      'credential_binding_job.resent',
      { identityId: job.identity_id, delivery: job.delivery, expiresAt: job.expires_at.toISOString() },
      { subject: subjectOf(job), correlationId: job.correlation_id },
    );
    return { job, link: linkOf(job, token) };
  }

  return {
    /** Ends a link as a part of something else; one that is over stays what it is. Needs its identity's lock. */
    async closeIn(work: Work, jobId: string): Promise<void> {
      const row = await queries.lockJob(work.tx, work.ctx.realm.id, jobId);
      if (!row || !queries.OPEN.includes(statusOf(row))) return;
      await queries.setStatus(work.tx, row, { status: 'REVOKED' });
      await mail.withdraw(work, row.id);
      work.record(
        'credential_binding_job.revoked',
        { identityId: row.identity_id },
        { subject: subjectOf(row) },
      );
    },
    addressOf,
    createFor,
    linkOf,
    lockInvited,
    renew,
    isResendable: (row: BindingJobRow): boolean => RESENDABLE.has(statusOf(row)),

    create: command({
      name: 'binding-jobs.create',
      scope: 'credential-binding-jobs:create',
      input: z.object({
        identityId: id,
        redirectUri: z.string().max(2000).nullish(),
        delivery: z.enum(['RETURN', 'EMAIL']).nullish(),
        expiresInSeconds: lifetime,
        /** Of those that are made together. */
        batchId: id.optional(),
        authenticatorConfigId: id.nullish(),
      }),
      constraints: { credential_binding_jobs_realm_id_batch_id_fkey: () => notFound('batch') },
      body: async (work, input) => {
        const identity = await lockInvited(work, input.identityId);
        if (input.redirectUri != null) await checkRedirect(work, publicUrl, input.redirectUri);
        if (input.authenticatorConfigId != null)
          await checkPlace(deps.authenticatorConfigs, work, input.authenticatorConfigId);
        return createFor(work, {
          identityId: input.identityId,
          redirectUri: input.redirectUri ?? null,
          ...(input.expiresInSeconds == null ? {} : { expiresInSeconds: input.expiresInSeconds }),
          ...(input.delivery === 'EMAIL' ? { mailTo: addressOf(identity) } : {}),
          ...(input.batchId === undefined ? {} : { batchId: input.batchId }),
          ...(input.authenticatorConfigId == null
            ? {}
            : { authenticatorConfigId: input.authenticatorConfigId }),
        });
      },
    }),

    /** A new link for the same errand; the old one is dead. It goes the way that the first one went. */
    resend: command({
      name: 'binding-jobs.resend',
      scope: 'credential-binding-jobs:create',
      input: z.object({ credentialBindingJobId: id, expiresInSeconds: lifetime }),
      body: async (work, input) => {
        const seen = await queries.selectJob(work.tx, work.ctx.realm.id, input.credentialBindingJobId);
        if (!seen) throw notFound('binding job');
        const identity = await lockInvited(work, seen.identity_id);
        const row = await queries.lockJob(work.tx, work.ctx.realm.id, seen.id);
        if (!row) throw notFound('binding job');
        if (!RESENDABLE.has(statusOf(row)))
          throw new DomainError('conflict', 'BINDING_JOB_CLOSED', 'This binding link is over already.');
        refuseTooOften(row);
        return renew(work, row, identity, {
          expiresInSeconds: input.expiresInSeconds ?? WEEK,
          resends: row.resends + 1,
        });
      },
    }),

    revoke: command({
      name: 'binding-jobs.revoke',
      scope: 'credential-binding-jobs:revoke',
      input: z.object({ credentialBindingJobId: id }),
      body: async (work, input) => {
        const seen = await queries.selectJob(work.tx, work.ctx.realm.id, input.credentialBindingJobId);
        if (seen) await identities.lockAlone(work, seen.identity_id);
        const row = await queries.lockJob(work.tx, work.ctx.realm.id, input.credentialBindingJobId);
        if (!row) throw notFound('binding job');
        if (!queries.OPEN.includes(statusOf(row)))
          throw new DomainError('conflict', 'BINDING_JOB_CLOSED', 'This binding link is over already.');
        const revoked = await queries.setStatus(work.tx, row, { status: 'REVOKED' });
        await mail.withdraw(work, row.id);
        work.record(
          'credential_binding_job.revoked',
          { identityId: row.identity_id },
          { subject: subjectOf(row) },
        );
        // Before the first passkey an open link is the only way in.
        await guard.check(work);
        return revoked;
      },
    }),

    ...createBindingJobLists(db),

    /** Whether the identity can do more by now than when the link was made: whoever made it gave no such power. */
    async isOutgrown(work: Work, row: BindingJobRow): Promise<boolean> {
      const { target_scopes: then } = row;
      if (then === null) return false;
      const had = new Set(then);
      const held = await roles.powerOf(work, row.identity_id);
      // Who had it for the whole tenant had it for each of its realms.
      return held.some((power) => !had.has(power) && !had.has(power.split(' ')[0] ?? ''));
    },

    /** One more passkey was refused under the link, which ends with the tenth. Needs the job's lock. */
    async countRefusal(work: Work, job: BindingJobRow): Promise<void> {
      const refusals = job.refusals + 1;
      const over = refusals >= MOST_REFUSALS;
      await queries.setStatus(work.tx, job, { refusals, ...(over ? { status: 'FAILED' } : {}) });
      if (!over) return;
      work.record(
        'credential_binding_job.failed',
        { identityId: job.identity_id, reason: 'REFUSED_TOO_OFTEN' },
        { subject: subjectOf(job), outcome: 'FAILURE', correlationId: job.correlation_id },
      );
    },

    findByToken: (source: Db | Tx, realmId: string, token: string) =>
      queries.selectByToken(source, realmId, hashSecret(token)),
    lockById: (work: Work, jobId: string) => queries.lockJob(work.tx, work.ctx.realm.id, jobId),
    lockByToken: (work: Work, token: string) =>
      queries.lockByToken(work.tx, work.ctx.realm.id, hashSecret(token)),
    setStatus: (tx: Tx, row: BindingJobRow, set: Parameters<typeof queries.setStatus>[2]) =>
      queries.setStatus(tx, row, set),
  };
}
