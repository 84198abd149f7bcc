import type { Insertable, Selectable, Updateable } from 'kysely';
import type { ApplicationsTable, AuthenticatorConfigsTable } from '../../database/schema.js';

import type { Db, Tx } from '../../kernel/command.js';
import type { Slice } from '../../kernel/page.js';
import { likePattern } from '../../kernel/text.js';

export type ApplicationRow = Selectable<ApplicationsTable> & { resource_server_identifier: string | null };

const base = (db: Db | Tx, realmId: string) =>
  db
    .selectFrom('applications')
    .leftJoin('resource_servers', (join) =>
      join
        .onRef('resource_servers.realm_id', '=', 'applications.realm_id')
        .onRef('resource_servers.id', '=', 'applications.resource_server_id'),
    )
    .selectAll('applications')
    .select('resource_servers.identifier as resource_server_identifier')
    .where('applications.realm_id', '=', realmId);

export const selectApplication = (
  db: Db | Tx,
  realmId: string,
  id: string,
): Promise<ApplicationRow | undefined> =>
  base(db, realmId).where('applications.id', '=', id).executeTakeFirst();

export const selectManaged = (
  db: Db | Tx,
  realmId: string,
  managed: string,
): Promise<ApplicationRow | undefined> =>
  base(db, realmId).where('applications.managed', '=', managed).executeTakeFirst();

export const selectAuthenticatorConfigOf = (
  db: Db,
  realmId: string,
  applicationId: string,
): Promise<Selectable<AuthenticatorConfigsTable> | undefined> =>
  db
    .selectFrom('applications')
    .innerJoin('authenticator_configs', (join) =>
      join
        .onRef('authenticator_configs.realm_id', '=', 'applications.realm_id')
        .onRef('authenticator_configs.id', '=', 'applications.authenticator_config_id'),
    )
    .selectAll('authenticator_configs')
    .where('applications.realm_id', '=', realmId)
    .where('applications.id', '=', applicationId)
    .executeTakeFirst();

export const lockApplication = (tx: Tx, realmId: string, id: string): Promise<ApplicationRow | undefined> =>
  base(tx, realmId).where('applications.id', '=', id).forUpdate('applications').executeTakeFirst();

export async function insertApplication(tx: Tx, row: Insertable<ApplicationsTable>): Promise<void> {
  await tx.insertInto('applications').values(row).execute();
}

export async function updateApplication(
  tx: Tx,
  row: ApplicationRow,
  set: Updateable<ApplicationsTable>,
): Promise<void> {
  await tx
    .updateTable('applications')
    .set({ ...set, version: row.version + 1 })
    .where('realm_id', '=', row.realm_id)
    .where('id', '=', row.id)
    .execute();
}

export const deleteApplication = (tx: Tx, row: ApplicationRow) =>
  tx.deleteFrom('applications').where('realm_id', '=', row.realm_id).where('id', '=', row.id).execute();

export function selectApplications(
  db: Db,
  realmId: string,
  slice: Slice,
  search: string | undefined,
): Promise<ApplicationRow[]> {
  let query = base(db, realmId);
  if (search) query = query.where('applications.display_name', 'ilike', likePattern(search));
  const [from] = slice.from ?? [];
  if (from !== undefined) query = query.where('applications.id', slice.backward ? '<' : '>', from);
  return query
    .orderBy('applications.id', slice.backward ? 'desc' : 'asc')
    .limit(slice.limit + 1)
    .execute();
}
