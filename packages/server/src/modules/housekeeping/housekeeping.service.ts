import { now } from '../../kernel/clock.js';
import type { Db } from '../../kernel/command.js';
import type { SecretsService } from '../applications/secrets.service.js';
import type { BindingExpiryService } from '../binding-jobs/expiry.service.js';
import type { DeletionService } from '../identities/deletion.service.js';
import type { ErasureService } from '../identities/erasure.service.js';
import type { ImportsService } from '../imports/imports.service.js';
import type { MailService } from '../mail/mail.service.js';
import type { ProvisioningService } from '../provisioning/provisioning.service.js';
import type { RecoveryService } from '../recovery/recovery.service.js';
import type { SignUpService } from '../sign-up/sign-up.service.js';
import type { KeyRotationService } from '../signing-keys/rotation.service.js';
import type { ApiTokensService } from '../tokens/api-tokens.service.js';

const EXPIRING = ['challenges', 'oidc_models', 'revoked_tokens', 'sessions'] as const;

/** Rows that are over are never believed, swept or not; sweeping only keeps the tables small. */
export function createHousekeepingService({
  db,
  apiTokens,
  applicationSecrets,
  bindingExpiry,
  deletion,
  erasure,
  imports,
  keyRotation,
  mail,
  provisioning,
  recovery,
  signUp,
}: {
  db: Db;
  apiTokens: Pick<ApiTokensService, 'sweep'>;
  applicationSecrets: Pick<SecretsService, 'sweep'>;
  bindingExpiry: Pick<BindingExpiryService, 'sweep'>;
  deletion: Pick<DeletionService, 'purge'>;
  erasure: Pick<ErasureService, 'resume'>;
  imports: Pick<ImportsService, 'purge'>;
  keyRotation: Pick<KeyRotationService, 'sweep'>;
  mail: Pick<MailService, 'purge'>;
  provisioning: Pick<ProvisioningService, 'purge'>;
  recovery: Pick<RecoveryService, 'purge'>;
  signUp: Pick<SignUpService, 'purge'>;
}) {
  return {
    async sweep(): Promise<void> {
      for (const table of EXPIRING) await db.deleteFrom(table).where('expires_at', '<', now()).execute();
      await apiTokens.sweep();
      await applicationSecrets.sweep();
      await bindingExpiry.sweep();
      await deletion.purge();
      await imports.purge();
      await keyRotation.sweep();
      await mail.purge();
      await provisioning.purge();
      await recovery.purge();
      await signUp.purge();
      await erasure.resume();
    },
  };
}
