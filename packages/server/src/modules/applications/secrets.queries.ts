import { type Insertable, type Selectable, sql } from 'kysely';
import { WARNED_DAYS, warningDue } from '../../database/expiring.js';
import type { ApplicationSecretsTable } from '../../database/schema.js';
import type { Db, Tx } from '../../kernel/command.js';

export type SecretRow = Selectable<ApplicationSecretsTable>;

export const insertSecret = (tx: Tx, row: Insertable<ApplicationSecretsTable>): Promise<SecretRow> =>
  tx.insertInto('application_secrets').values(row).returningAll().executeTakeFirstOrThrow();

/** Those that count at that moment, the oldest first. */
export const selectSecrets = (
  db: Db | Tx,
  realmId: string,
  applicationIds: readonly string[],
  at: Date,
): Promise<SecretRow[]> =>
  db
    .selectFrom('application_secrets')
    .selectAll()
    .where('realm_id', '=', realmId)
    .where('application_id', 'in', [...applicationIds])
    .where((eb) => eb.or([eb('expires_at', 'is', null), eb('expires_at', '>', at)]))
    .orderBy('id')
    .execute();

export const deleteSecret = (
  tx: Tx,
  realmId: string,
  applicationId: string,
  id: string,
): Promise<SecretRow | undefined> =>
  tx
    .deleteFrom('application_secrets')
    .where('realm_id', '=', realmId)
    .where('application_id', '=', applicationId)
    .where('id', '=', id)
    .returningAll()
    .executeTakeFirst();

export const deleteExpired = (db: Db, at: Date) =>
  db.deleteFrom('application_secrets').where('expires_at', '<', at).execute();

/** Of many uses at once one writes, and none that another did before. */
export const touchSecret = (db: Db, realmId: string, id: string, at: Date, before: Date) =>
  db
    .updateTable('application_secrets')
    .set({ last_used_at: at })
    .where('realm_id', '=', realmId)
    .where('id', '=', id)
    .where((eb) => eb.or([eb('last_used_at', 'is', null), eb('last_used_at', '<', before)]))
    .execute();

/** Realms with a secret of whose end people are to be warned. */
export async function selectRealmsToWarn(db: Db, at: Date): Promise<string[]> {
  const rows = await db
    .selectFrom('application_secrets')
    .select('realm_id')
    .distinct()
    .where((eb) => eb.or(WARNED_DAYS.map((days) => sql<boolean>`${warningDue(days, at)}`)))
    .execute();
  return rows.map((row) => row.realm_id);
}

/** Marks as warned of; of several at once each secret is one's. @returns them with the name of their application */
export async function markWarned(
  tx: Tx,
  realmId: string,
  days: number,
  at: Date,
): Promise<(SecretRow & { application_name: string })[]> {
  const rows = await tx
    .updateTable('application_secrets')
    .set({ warned_days: days })
    .where('realm_id', '=', realmId)
    .where(warningDue(days, at))
    .returningAll()
    .execute();
  if (rows.length === 0) return [];
  const applications = await tx
    .selectFrom('applications')
    .select(['id', 'display_name'])
    .where('realm_id', '=', realmId)
    .where(
      'id',
      'in',
      rows.map((row) => row.application_id),
    )
    .execute();
  const names = new Map(applications.map((row) => [row.id, row.display_name]));
  return rows.map((row) => ({ ...row, application_name: names.get(row.application_id) ?? '' }));
}
