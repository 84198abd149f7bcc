import { z } from 'zod';
import { WARNED_DAYS } from '../../database/expiring.js';
import { now } from '../../kernel/clock.js';
import type { Db, Runner, Work } from '../../kernel/command.js';
import { bareContext, type RealmCtx, requireScope } from '../../kernel/context.js';
import { DomainError, invalid, notFound } from '../../kernel/errors.js';
import { newId } from '../../kernel/ids.js';
import { anyone } from '../../kernel/permissions.js';
import { id } from '../../kernel/text.js';
import type { RealmsService } from '../realms/realms.service.js';
import type { ApplicationRow, ApplicationsService } from './applications.service.js';
import { addSecret, applicationSubject, type MadeSecret } from './secrets.js';
import * as queries from './secrets.queries.js';

export type { SecretRow } from './secrets.queries.js';

interface Deps {
  db: Db;
  command: Runner;
  realms: Pick<RealmsService, 'find'>;
  applications: Pick<ApplicationsService, 'lockRow' | 'refuseBeyondOwn'>;
}

/** Two, so that one can be replaced while the other is in use. */
const MOST_SECRETS = 2;
const FIVE_YEARS = 157_680_000;

const creation = z.object({
  applicationId: id,
  expiresInSeconds: z.number().int().min(3600, 'At least an hour.').max(FIVE_YEARS).nullish(),
});

export type SecretsService = ReturnType<typeof createSecretsService>;

/** The secrets by which confidential applications prove who they are. */
export function createSecretsService({ db, command, realms, applications }: Deps) {
  async function lock(work: Work, applicationId: string): Promise<ApplicationRow> {
    const row = await applications.lockRow(work, applicationId);
    if (row.type === 'PUBLIC') throw invalid('A public application has no secrets.', 'applicationId');
    await applications.refuseBeyondOwn(work, row);
    return row;
  }

  const warn = command({
    name: 'applicationSecrets.warn',
    scope: anyone,
    input: z.custom<Date>(),
    body: async (work, at): Promise<void> => {
      work.unchanged();
      for (const days of WARNED_DAYS)
        for (const row of await queries.markWarned(work.tx, work.ctx.realm.id, days, at))
          work.record(
            'application.secret_expiring',
            { secretId: row.id, hint: row.hint, expiresAt: row.expires_at?.toISOString() ?? '', days },
            { subject: applicationSubject({ id: row.application_id, display_name: row.application_name }) },
          );
    },
  });

  return {
    /**
     * Whoever gets a secret acts with all that the application may.
     * @throws DomainError LIMIT_REACHED beside two live ones; SCOPE_NOT_HELD
     */
    create: command({
      name: 'applicationSecrets.create',
      scope: 'applications:read-secrets',
      input: creation,
      body: async (work, input): Promise<MadeSecret & { application: ApplicationRow }> => {
        const application = await lock(work, input.applicationId);
        const live = await queries.selectSecrets(work.tx, application.realm_id, [application.id], now());
        if (live.length >= MOST_SECRETS)
          throw new DomainError(
            'invalid',
            'LIMIT_REACHED',
            `An application has at most ${MOST_SECRETS} live secrets. Revoke one first.`,
            { path: ['applicationId'] },
          );
        return { application, ...(await addSecret(work, application, input.expiresInSeconds)) };
      },
    }),

    /** From now on it proves nothing. Tokens that were issued live on. */
    revoke: command({
      name: 'applicationSecrets.revoke',
      scope: 'applications:update',
      input: z.object({ applicationId: id, secretId: id }),
      body: async (work, input): Promise<ApplicationRow> => {
        const application = await lock(work, input.applicationId);
        const row = await queries.deleteSecret(work.tx, application.realm_id, application.id, input.secretId);
        if (!row) throw notFound('secret');
        work.record(
          'application.secret_revoked',
          { secretId: row.id, hint: row.hint },
          { subject: applicationSubject(application) },
        );
        return application;
      },
    }),

    /** @returns what may be shown of the live secrets of each application, in the order asked */
    async ofMany(ctx: RealmCtx, applicationIds: readonly string[]): Promise<queries.SecretRow[][]> {
      requireScope(ctx, 'applications:read');
      const rows = await queries.selectSecrets(db, ctx.realm.id, applicationIds, now());
      const byApplication = Map.groupBy(rows, (row) => row.application_id);
      return applicationIds.map((applicationId) => byApplication.get(applicationId) ?? []);
    },

    /** Warns 14, 7 and 1 days before a secret ends, of each once, and clears away those that are over. */
    async sweep(): Promise<void> {
      const at = now();
      for (const realmId of await queries.selectRealmsToWarn(db, at)) {
        const realm = await realms.find(realmId);
        if (!realm) continue;
        const facts = { requestId: newId(), correlationId: newId(), ip: null, userAgent: null };
        await warn(bareContext(facts, { kind: 'SYSTEM', displayName: 'Housekeeping' }, realm), at);
      }
      await queries.deleteExpired(db, at);
    },
  };
}
