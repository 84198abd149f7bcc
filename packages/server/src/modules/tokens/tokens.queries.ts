import { type Selectable, sql } from 'kysely';
import type { ApiTokensTable } from '../../database/schema.js';
import type { Db, Tx } from '../../kernel/command.js';

export type ApiTokenRow = Selectable<ApiTokensTable>;

export const insertApiToken = (
  tx: Tx,
  row: {
    realm_id: string;
    id: string;
    application_id: string;
    name: string;
    scopes: string[];
    created_by_name: string;
    expires_at: Date;
  },
): Promise<ApiTokenRow> =>
  tx
    .insertInto('api_tokens')
    .values({ ...row, revoked_at: null })
    .returningAll()
    .executeTakeFirstOrThrow();

/** Whether a token was revoked, and the API token that it is, when it is one: in one statement. */
export async function selectStanding(
  db: Db,
  realmId: string,
  jti: string,
): Promise<{ revoked: boolean; name: string | null }> {
  const result = await sql<{ revoked: boolean; name: string | null }>`
    select
      exists (select 1 from revoked_tokens where realm_id = ${realmId} and jti = ${jti})
        or coalesce(a.revoked_at is not null, false) as revoked,
      a.name
    from (select 1) as one
    left join api_tokens a on a.realm_id = ${realmId} and a.id::text = ${jti}`.execute(db);
  return result.rows[0] ?? { revoked: false, name: null };
}

/** @returns false when it was revoked already */
export async function insertRevoked(
  tx: Tx,
  row: { realm_id: string; jti: string; expires_at: Date },
): Promise<boolean> {
  const result = await tx
    .insertInto('revoked_tokens')
    .values(row)
    .onConflict((oc) => oc.doNothing())
    .executeTakeFirst();
  return Number(result.numInsertedOrUpdatedRows ?? 0) > 0;
}

export const revokeApiToken = (tx: Tx, realmId: string, id: string, at: Date) =>
  tx
    .updateTable('api_tokens')
    .set({ revoked_at: at })
    .where('realm_id', '=', realmId)
    .where('id', '=', id)
    .where('revoked_at', 'is', null)
    .execute();
