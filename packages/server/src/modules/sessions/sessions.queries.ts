import { type Insertable, type Selectable, sql } from 'kysely';
import type { SessionsTable } from '../../database/schema-sessions.js';
import type { Db, Tx } from '../../kernel/command.js';
import type { Slice } from '../../kernel/page.js';

export type SessionRow = Selectable<SessionsTable>;

/** How long a session lasts is the realm's to say, at the moment when it is opened. */
export const insertSession = (
  tx: Tx,
  row: Omit<Insertable<SessionsTable>, 'expires_at' | 'created_at' | 'last_seen_at'>,
  at: Date,
  unlessSaid: number,
): Promise<SessionRow> =>
  tx
    .insertInto('sessions')
    .values({
      ...row,
      created_at: at,
      last_seen_at: at,
      expires_at: sql<Date>`${at}::timestamptz + interval '1 second' * coalesce(
        (select absolute_seconds from session_settings where realm_id = ${row.realm_id}), ${unlessSaid}::int)`,
    })
    .returningAll()
    .executeTakeFirstOrThrow();

export const selectLive = (db: Db | Tx, realmId: string, id: string): Promise<SessionRow | undefined> =>
  db
    .selectFrom('live_sessions')
    .selectAll()
    .where('realm_id', '=', realmId)
    .where('id', '=', id)
    .executeTakeFirst();

export const selectLiveMany = (
  db: Db | Tx,
  realmId: string,
  ids: readonly string[],
): Promise<SessionRow[]> =>
  ids.length === 0
    ? Promise.resolve([])
    : db
        .selectFrom('live_sessions')
        .selectAll()
        .where('realm_id', '=', realmId)
        .where('id', 'in', [...ids])
        .execute();

/** Only one of many at once writes, and none that another did before. */
export const touchSession = (db: Db | Tx, realmId: string, id: string, at: Date, before: Date) =>
  db
    .updateTable('sessions')
    .set({ last_seen_at: at })
    .where('realm_id', '=', realmId)
    .where('id', '=', id)
    .where('last_seen_at', '<', before)
    .execute();

/** The newest first, for each of many identities in one statement. */
export async function selectLiveOfMany(
  db: Db,
  realmId: string,
  identityIds: readonly string[],
  slice: Slice,
): Promise<SessionRow[]> {
  const [from] = slice.from ?? [];
  const result = await sql<SessionRow>`
    select s.* from unnest(${sql.val([...identityIds])}::uuid[]) as i(identity_id)
    cross join lateral (
      select * from live_sessions t
      where t.realm_id = ${realmId} and t.identity_id = i.identity_id
        and (${from ?? null}::uuid is null or t.id < ${from ?? null}::uuid)
      order by t.id desc limit ${slice.limit + 1}
    ) s`.execute(db);
  return result.rows;
}

/** Ids of the applications that hold something of each session. */
export async function selectApplicationIds(
  db: Db,
  realmId: string,
  sessionIds: readonly string[],
  at: Date,
): Promise<ReadonlyMap<string, string[]>> {
  if (sessionIds.length === 0) return new Map();
  const rows = await db
    .selectFrom('oidc_models')
    .select(['session_id', 'client_id'])
    .distinct()
    .where('realm_id', '=', realmId)
    .where('session_id', 'in', [...sessionIds])
    .where('client_id', 'is not', null)
    .where('expires_at', '>', at)
    .orderBy('client_id')
    .execute();
  const found = new Map<string, string[]>();
  for (const { session_id, client_id } of rows)
    if (session_id !== null && client_id !== null)
      found.set(session_id, [...(found.get(session_id) ?? []), client_id]);
  return found;
}

const deletion = (tx: Tx, realmId: string) => tx.deleteFrom('sessions').where('realm_id', '=', realmId);

export const deleteSession = async (tx: Tx, realmId: string, id: string): Promise<number> =>
  Number((await deletion(tx, realmId).where('id', '=', id).executeTakeFirst()).numDeletedRows);

/** @returns the ids of what was ended */
export async function deleteOfIdentity(
  tx: Tx,
  realmId: string,
  identityId: string,
  exceptId?: string,
): Promise<string[]> {
  let query = deletion(tx, realmId).where('identity_id', '=', identityId);
  if (exceptId !== undefined) query = query.where('id', '!=', exceptId);
  return (await query.returning('id').execute()).map(({ id }) => id);
}

export const deleteOfPasskey = async (tx: Tx, realmId: string, passkeyId: string): Promise<number> =>
  Number((await deletion(tx, realmId).where('passkey_id', '=', passkeyId).executeTakeFirst()).numDeletedRows);

export async function deleteOfPasskeys(
  tx: Tx,
  realmId: string,
  passkeyIds: readonly string[],
): Promise<Map<string, number>> {
  const rows = await deletion(tx, realmId)
    .where('passkey_id', '=', sql<string>`any(${sql.val([...passkeyIds])}::uuid[])`)
    .returning('passkey_id')
    .execute();
  const ended = Map.groupBy(rows, (row) => row.passkey_id);
  return new Map([...ended].map(([id, sessions]) => [id, sessions.length]));
}

/** Grants, codes and refresh tokens that no session stands behind die with the identity's access too. */
export const deleteModelsOfIdentity = (tx: Tx, realmId: string, identityId: string) =>
  tx
    .deleteFrom('oidc_models')
    .where('realm_id', '=', realmId)
    .where('identity_id', '=', identityId)
    .execute();

export const closeBindingJobs = (tx: Tx, realmId: string, identityId: string) =>
  tx
    .updateTable('credential_binding_jobs')
    .set({ status: 'REVOKED' })
    .where('realm_id', '=', realmId)
    .where('identity_id', '=', identityId)
    .where('status', 'in', ['LINK_SENT', 'LINK_OPENED', 'CHALLENGED'])
    .execute();
