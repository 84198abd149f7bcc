import { sql } from 'kysely';
import { now } from '../../kernel/clock.js';
import type { Db } from '../../kernel/command.js';
import type { DeletionService } from '../identities/deletion.service.js';
import type { ErasureService } from '../identities/erasure.service.js';
import type { ImportsService } from '../imports/imports.service.js';
import type { MailService } from '../mail/mail.service.js';
import type { ProvisioningService } from '../provisioning/provisioning.service.js';

const EXPIRING = ['challenges', 'oidc_models', 'revoked_tokens', 'sessions'] as const;

/** Rows that are over are never believed, swept or not; sweeping only keeps the tables small. */
export function createHousekeepingService({
  db,
  deletion,
  erasure,
  imports,
  mail,
  provisioning,
}: {
  db: Db;
  deletion: Pick<DeletionService, 'purge'>;
  erasure: Pick<ErasureService, 'resume'>;
  imports: Pick<ImportsService, 'purge'>;
  mail: Pick<MailService, 'purge'>;
  provisioning: Pick<ProvisioningService, 'purge'>;
}) {
  return {
    async sweep(): Promise<void> {
      for (const table of EXPIRING) await db.deleteFrom(table).where('expires_at', '<', now()).execute();
      await endPendingEnrollments(db);
      await deletion.purge();
      await imports.purge();
      await mail.purge();
      await provisioning.purge();
      await erasure.resume();
    },
  };
}

/** Nothing is written when a binding link runs out, so who waited for it is found by the clock. */
const endPendingEnrollments = (db: Db) =>
  sql`
  update identities i set enrollment_status = enrollment_of(i.realm_id, i.id)
  where i.enrollment_status = 'PENDING' and not exists (
    select 1 from credential_binding_jobs j
    where j.realm_id = i.realm_id and j.identity_id = i.id
      and j.status in ('LINK_SENT', 'LINK_OPENED', 'CHALLENGED') and j.expires_at > now())`.execute(db);
