import { sql } from 'kysely';
import type { Db, Tx } from '../../kernel/command.js';
import type { PasskeyRow } from './passkeys.queries.js';

/** Some active passkeys of a model, without a lock: their identities come first in the lock order. */
export const selectSomeOfModel = (tx: Tx, realmId: string, aaguid: string, limit: number) =>
  tx
    .selectFrom('passkeys')
    .select(['id', 'identity_id'])
    .where('realm_id', '=', realmId)
    .where('aaguid', '=', aaguid)
    .where('status', '=', 'ACTIVE')
    .limit(limit)
    .execute();

/** Those of them that are still active, with a lock. */
export const lockActive = (tx: Tx, realmId: string, ids: readonly string[]): Promise<PasskeyRow[]> =>
  tx
    .selectFrom('passkeys')
    .selectAll()
    .where('realm_id', '=', realmId)
    .where('id', '=', sql<string>`any(${sql.val([...ids])}::uuid[])`)
    .where('status', '=', 'ACTIVE')
    .orderBy('id')
    .forUpdate()
    .execute();

export const revokeAll = (tx: Tx, realmId: string, ids: readonly string[], at: Date) =>
  tx
    .updateTable('passkeys')
    .set({ status: 'REVOKED', revoked_at: at })
    .where('realm_id', '=', realmId)
    .where('id', '=', sql<string>`any(${sql.val([...ids])}::uuid[])`)
    .execute();

export async function countActiveOfModel(db: Db, realmId: string, aaguid: string): Promise<number> {
  const { rows } = await sql<{ active: number }>`select count(*)::int as active from passkeys
    where realm_id = ${realmId} and aaguid = ${aaguid}::uuid and status = 'ACTIVE'`.execute(db);
  return rows[0]?.active ?? 0;
}

export interface AffectedIdentity {
  readonly identity_id: string;
  readonly credentials: number;
  /** Whether no passkey would be left to them. */
  readonly leaves_none: boolean;
}

export interface Affected {
  readonly credentials: number;
  readonly identities: number;
  readonly left_without: number;
  readonly first: AffectedIdentity[];
}

/** Whom the revocation of a model would reach; those who would have no passkey left come first. */
export async function selectAffected(
  db: Db,
  realmId: string,
  aaguid: string,
  limit: number,
): Promise<Affected> {
  const { rows } = await sql<Affected>`
    with theirs as materialized (
      select identity_id, count(*)::int as credentials from passkeys
      where realm_id = ${realmId} and aaguid = ${aaguid}::uuid and status = 'ACTIVE' group by identity_id
    ), others as materialized (
      select distinct o.identity_id from passkeys o join theirs using (identity_id)
      where o.realm_id = ${realmId} and o.aaguid <> ${aaguid}::uuid and o.status = 'ACTIVE'
    ), affected as materialized (
      select t.*, o.identity_id is null as leaves_none from theirs t left join others o using (identity_id)
    )
    select coalesce(sum(credentials), 0)::int as credentials, count(*)::int as identities,
      count(*) filter (where leaves_none)::int as left_without,
      (select coalesce(jsonb_agg(f), '[]') from (
        select * from affected order by leaves_none desc, identity_id limit ${limit}) f) as first
    from affected`.execute(db);
  return rows[0] ?? { credentials: 0, identities: 0, left_without: 0, first: [] };
}
