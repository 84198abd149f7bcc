import { now, secondsFromNow } from '../../kernel/clock.js';
import type { Db, Work } from '../../kernel/command.js';
import { equalHashes, hashSecret, newId, newSecret } from '../../kernel/ids.js';
import type { ApplicationRow } from './applications.queries.js';
import { insertSecret, type SecretRow, selectSecrets, touchSecret } from './secrets.queries.js';

/** Every use would be a write. */
const USE_NOTED_SECONDS = 60;

export interface MadeSecret {
  readonly row: SecretRow;
  /** Shown this once. */
  readonly secret: string;
}

export const applicationSubject = (row: Pick<ApplicationRow, 'id' | 'display_name'>) => ({
  kind: 'APPLICATION' as const,
  id: row.id,
  name: row.display_name,
});

/** @param expiresInSeconds until it is revoked unless said */
export async function addSecret(
  work: Work,
  application: ApplicationRow,
  expiresInSeconds?: number | null,
): Promise<MadeSecret> {
  const secret = newSecret();
  const row = await insertSecret(work.tx, {
    realm_id: application.realm_id,
    id: newId(),
    application_id: application.id,
    secret_hash: hashSecret(secret),
    hint: secret.slice(-4),
    expires_at: expiresInSeconds == null ? null : secondsFromNow(expiresInSeconds),
    last_used_at: null,
    warned_days: null,
  });
  work.record(
    'application.secret_created',
    { secretId: row.id, hint: row.hint, expiresAt: row.expires_at?.toISOString() ?? null },
    { subject: applicationSubject(application) },
  );
  return { row, secret };
}

/** Compares digests in constant time with each live secret, and notes the use of the one that it was. */
export async function verifySecret(
  db: Db,
  realmId: string,
  applicationId: string,
  secret: string,
): Promise<boolean> {
  const hash = hashSecret(secret);
  const live = await selectSecrets(db, realmId, [applicationId], now());
  const used = live.reduce<SecretRow | undefined>(
    (found, row) => (equalHashes(row.secret_hash, hash) ? row : found),
    undefined,
  );
  if (!used) return false;
  const before = secondsFromNow(-USE_NOTED_SECONDS);
  if (used.last_used_at === null || used.last_used_at < before)
    await touchSecret(db, realmId, used.id, now(), before);
  return true;
}
