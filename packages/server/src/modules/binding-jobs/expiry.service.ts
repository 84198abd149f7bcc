import { z } from 'zod';
import { now } from '../../kernel/clock.js';
import type { Db, Runner } from '../../kernel/command.js';
import { bareContext } from '../../kernel/context.js';
import { newId } from '../../kernel/ids.js';
import { anyone } from '../../kernel/permissions.js';
import type { RealmsService } from '../realms/realms.service.js';
import { subjectOf } from './binding-jobs.service.js';
import { type ExpiringJob, expireJobs, selectExpiring } from './expiry.queries.js';

interface Deps {
  db: Db;
  command: Runner;
  realms: Pick<RealmsService, 'find'>;
}

const BATCH = 500;

export type BindingExpiryService = ReturnType<typeof createBindingExpiryService>;

/** Writes down which links have run out. Nobody waits for it: a link whose time is over is refused, swept or not. */
export function createBindingExpiryService({ db, command, realms }: Deps) {
  const expire = command({
    name: 'binding-jobs.expire',
    scope: anyone,
    input: z.custom<readonly ExpiringJob[]>(),
    body: async (work, jobs): Promise<number> => {
      work.unchanged();
      const expired = await expireJobs(work.tx, work.ctx.realm.id, jobs, now());
      for (const job of expired)
        work.record(
          'credential_binding_job.expired',
          { identityId: job.identity_id },
          { subject: subjectOf(job), correlationId: job.correlation_id },
        );
      return expired.length;
    },
  });

  async function expireIn(realmId: string, jobs: readonly ExpiringJob[]): Promise<number> {
    const realm = await realms.find(realmId);
    if (!realm) return 0;
    const facts = { requestId: newId(), correlationId: newId(), ip: null, userAgent: null };
    return expire(bareContext(facts, { kind: 'SYSTEM', displayName: 'Housekeeping' }, realm), jobs);
  }

  return {
    /** In batches, on any number of nodes at once: each job by one of them. @returns how many it closed */
    async sweep(): Promise<number> {
      const at = now();
      let closed = 0;
      for (let last: ExpiringJob | undefined; ; ) {
        const jobs = await selectExpiring(db, at, last, BATCH);
        for (const [realmId, own] of Map.groupBy(jobs, (job) => job.realm_id))
          closed += await expireIn(realmId, own);
        last = jobs.at(-1);
        if (jobs.length < BATCH) return closed;
      }
    },
  };
}
