import { type Selectable, sql } from 'kysely';
import type { RealmDomainsTable } from '../../database/schema-domains.js';
import type { Db, Tx } from '../../kernel/command.js';

export type DomainRow = Selectable<RealmDomainsTable>;

export const selectDomain = (db: Db | Tx, realmId: string): Promise<DomainRow | undefined> =>
  db.selectFrom('realm_domains').selectAll().where('realm_id', '=', realmId).executeTakeFirst();

export const lockDomain = (tx: Tx, realmId: string): Promise<DomainRow | undefined> =>
  tx.selectFrom('realm_domains').selectAll().where('realm_id', '=', realmId).forUpdate().executeTakeFirst();

export const putDomain = (tx: Tx, realmId: string, domain: string, at: Date): Promise<DomainRow> =>
  tx
    .insertInto('realm_domains')
    .values({ realm_id: realmId, domain, created_at: at })
    .onConflict((oc) => oc.column('realm_id').doUpdateSet({ domain, verified_at: null, created_at: at }))
    .returningAll()
    .executeTakeFirstOrThrow();

export const markVerified = (tx: Tx, realmId: string, at: Date): Promise<DomainRow> =>
  tx
    .updateTable('realm_domains')
    .set({ verified_at: at })
    .where('realm_id', '=', realmId)
    .returningAll()
    .executeTakeFirstOrThrow();

export const deleteDomain = (tx: Tx, realmId: string) =>
  tx.deleteFrom('realm_domains').where('realm_id', '=', realmId).execute();

export const selectRealmOfDomain = (db: Db, domain: string): Promise<{ realm_id: string } | undefined> =>
  db
    .selectFrom('realm_domains')
    .innerJoin('realms', 'realms.id', 'realm_domains.realm_id')
    .select('realm_id')
    .where('domain', '=', domain)
    .where('verified_at', 'is not', null)
    .where('realms.deleted_at', 'is', null)
    .executeTakeFirst();

/** Whether a realm of another tenant has asked for the same domain since. */
export async function isContested(tx: Tx, row: DomainRow, since: Date): Promise<boolean> {
  const result = await sql<{ contested: boolean }>`
    select exists (
      select 1 from realm_domains d join realms r on r.id = d.realm_id
      where d.domain = ${row.domain} and d.created_at > ${since}
        and r.tenant_id <> (select tenant_id from realms where id = ${row.realm_id})
    ) as contested`.execute(tx);
  return result.rows[0]?.contested ?? true;
}

/** Origins of the realm's embedded configs that have the realm's own relying party, oldest first. */
export async function selectSharingOrigins(db: Db | Tx, realmId: string, domain: string): Promise<string[]> {
  const result = await sql<{ origin: string }>`
    select o.origin from authenticator_configs c cross join lateral unnest(c.trusted_origins) as o(origin)
    where c.realm_id = ${realmId} and c.kind = 'EMBEDDED'
      and (c.relying_party_id is null or c.relying_party_id = ${domain})
    order by c.id limit 1000`.execute(db);
  return result.rows.map((row) => row.origin);
}

/** Relying parties that embedded configs have for themselves. */
export async function selectOwnRelyingParties(
  db: Db | Tx,
  realmId: string,
): Promise<{ id: string; relying_party_id: string | null }[]> {
  return db
    .selectFrom('authenticator_configs')
    .select(['id', 'relying_party_id'])
    .where('realm_id', '=', realmId)
    .where('kind', '=', 'EMBEDDED')
    .execute();
}
