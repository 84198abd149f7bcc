import { type Insertable, type Selectable, sql, type Updateable } from 'kysely';
import type { AuthenticatorConfigsTable } from '../../database/schema.js';
import type { Db, Tx } from '../../kernel/command.js';
import type { Slice } from '../../kernel/page.js';
import { likePattern } from '../../kernel/text.js';

export type AuthenticatorConfigRow = Selectable<AuthenticatorConfigsTable>;

export const insertConfig = (
  tx: Tx,
  row: Insertable<AuthenticatorConfigsTable>,
): Promise<AuthenticatorConfigRow> =>
  tx.insertInto('authenticator_configs').values(row).returningAll().executeTakeFirstOrThrow();

const one = (db: Db | Tx, realmId: string, id: string) =>
  db.selectFrom('authenticator_configs').selectAll().where('realm_id', '=', realmId).where('id', '=', id);

export const selectConfig = (
  db: Db | Tx,
  realmId: string,
  id: string,
): Promise<AuthenticatorConfigRow | undefined> => one(db, realmId, id).executeTakeFirst();

export const selectHosted = (
  db: Db | Tx,
  realmId: string,
  managed: string,
): Promise<AuthenticatorConfigRow> =>
  db
    .selectFrom('authenticator_configs')
    .selectAll()
    .where('realm_id', '=', realmId)
    .where('managed', '=', managed)
    .executeTakeFirstOrThrow();

export const selectConfigKinds = (db: Db, realmId: string, ids: readonly string[]) =>
  db
    .selectFrom('authenticator_configs')
    .select(['id', 'kind'])
    .where('realm_id', '=', realmId)
    .where('id', 'in', [...ids])
    .execute();

export const lockConfig = (
  tx: Tx,
  realmId: string,
  id: string,
): Promise<AuthenticatorConfigRow | undefined> => one(tx, realmId, id).forUpdate().executeTakeFirst();

export const updateConfig = (
  tx: Tx,
  row: AuthenticatorConfigRow,
  set: Updateable<AuthenticatorConfigsTable>,
): Promise<AuthenticatorConfigRow> =>
  tx
    .updateTable('authenticator_configs')
    .set({ ...set, version: row.version + 1 })
    .where('realm_id', '=', row.realm_id)
    .where('id', '=', row.id)
    .returningAll()
    .executeTakeFirstOrThrow();

export const deleteConfig = (tx: Tx, row: AuthenticatorConfigRow) =>
  tx
    .deleteFrom('authenticator_configs')
    .where('realm_id', '=', row.realm_id)
    .where('id', '=', row.id)
    .execute();

export function selectConfigs(
  db: Db,
  realmId: string,
  slice: Slice,
  search: string | undefined,
): Promise<AuthenticatorConfigRow[]> {
  let query = db.selectFrom('authenticator_configs').selectAll().where('realm_id', '=', realmId);
  if (search) query = query.where('display_name', 'ilike', likePattern(search));
  const [from] = slice.from ?? [];
  if (from !== undefined) query = query.where('id', slice.backward ? '<' : '>', from);
  return query
    .orderBy('id', slice.backward ? 'desc' : 'asc')
    .limit(slice.limit + 1)
    .execute();
}

export const selectConfigsByIds = (
  db: Db,
  realmId: string,
  ids: readonly string[],
): Promise<AuthenticatorConfigRow[]> =>
  db
    .selectFrom('authenticator_configs')
    .selectAll()
    .where('realm_id', '=', realmId)
    .where('id', 'in', [...ids])
    .execute();

/** Applications by name, and whether a link that is still open leads to its page. */
export async function selectUses(
  tx: Tx,
  realmId: string,
  id: string,
): Promise<{ applications: string[]; openLinks: boolean }> {
  const applications = await tx
    .selectFrom('applications')
    .select('display_name')
    .where('realm_id', '=', realmId)
    .where('authenticator_config_id', '=', id)
    .orderBy('display_name')
    .limit(100)
    .execute();
  const open = await tx
    .selectFrom('credential_binding_jobs')
    .select('id')
    .where('realm_id', '=', realmId)
    .where('authenticator_config_id', '=', id)
    .where('status', 'in', ['LINK_SENT', 'LINK_OPENED', 'CHALLENGED'])
    .where('expires_at', '>', sql<Date>`now()`)
    .limit(1)
    .execute();
  return { applications: applications.map((row) => row.display_name), openLinks: open.length > 0 };
}

/**
 * What the holders of open links can do whose passkeys are bound on its page: scopes of the Management API, those for
 * one realm with its id behind a space.
 */
export async function selectPowersOfLinks(tx: Tx, realmId: string, id: string): Promise<string[]> {
  const result = await sql<{ power: string }>`
    select distinct unnest(target_scopes) as power from credential_binding_jobs
    where realm_id = ${realmId} and authenticator_config_id = ${id}
      and status in ('LINK_SENT', 'LINK_OPENED', 'CHALLENGED') and expires_at > now()`.execute(tx);
  return result.rows.map((row) => row.power);
}

/** Scopes of the Management API that applications with this config can get. */
export async function selectManagementScopes(tx: Tx, realmId: string, id: string): Promise<string[]> {
  const result = await sql<{ scope: string }>`
    select distinct unnest(a.allowed_scopes) as scope from applications a
    join resource_servers r on r.realm_id = a.realm_id and r.id = a.resource_server_id
    where a.realm_id = ${realmId} and a.authenticator_config_id = ${id} and r.managed is not null`.execute(
    tx,
  );
  return result.rows.map((row) => row.scope);
}
