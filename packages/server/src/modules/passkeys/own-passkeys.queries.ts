import type { Db } from '../../kernel/command.js';
import type { PasskeyRow } from './passkeys.queries.js';

/** More than anybody has. */
const MOST = 200;

const of = (db: Db, realmId: string, identityId: string) =>
  db.selectFrom('passkeys').where('realm_id', '=', realmId).where('identity_id', '=', identityId);

/** The oldest first. */
export const selectOwn = (db: Db, realmId: string, identityId: string): Promise<PasskeyRow[]> =>
  of(db, realmId, identityId).where('status', '=', 'ACTIVE').selectAll().orderBy('id').limit(MOST).execute();

/** The newest first, those that were revoked too: their relying-party id must be told that they are gone. */
export const selectIds = (
  db: Db,
  realmId: string,
  identityId: string,
): Promise<Pick<PasskeyRow, 'credential_id' | 'relying_party_id' | 'status'>[]> =>
  of(db, realmId, identityId)
    .select(['credential_id', 'relying_party_id', 'status'])
    .orderBy('status')
    .orderBy('id', 'desc')
    .limit(MOST)
    .execute();
