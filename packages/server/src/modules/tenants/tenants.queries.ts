import { type Selectable, sql } from 'kysely';
import type { TenantsTable } from '../../database/schema.js';
import type { Db, Tx } from '../../kernel/command.js';

export type TenantRow = Selectable<TenantsTable>;

export const insertTenant = (tx: Tx, id: string, displayName: string): Promise<TenantRow> =>
  tx.insertInto('tenants').values({ id, display_name: displayName }).returningAll().executeTakeFirstOrThrow();

export const selectTenant = (db: Db | Tx, id: string): Promise<TenantRow | undefined> =>
  db.selectFrom('tenants').selectAll().where('id', '=', id).executeTakeFirst();

/** The only tenant, or undefined when there is none or more than one. */
export async function selectOnlyTenant(
  db: Db | Tx,
): Promise<{ tenant: TenantRow | undefined; any: boolean }> {
  const rows = await db.selectFrom('tenants').selectAll().orderBy('id').limit(2).execute();
  return { tenant: rows.length === 1 ? rows[0] : undefined, any: rows.length > 0 };
}

/** Two first starts on one database make one tenant between them. */
export const lockFirstStart = (tx: Tx) =>
  sql`select pg_advisory_xact_lock(hashtext('keyrealm.first-start'))`.execute(tx);

/** Serialises what could decide who reaches the console, so that two changes can't each leave the other's administrator. */
export const lockAdminRealm = (tx: Tx, realmId: string) =>
  tx.selectFrom('realms').select('id').where('id', '=', realmId).forNoKeyUpdate().execute();

export interface Candidate {
  readonly id: string;
  readonly groups: string[];
  readonly aaguid: string | null;
  readonly relying_party_id: string | null;
  readonly attested: boolean | null;
  readonly backed_up: boolean | null;
  readonly user_verified: boolean | null;
}

/** Active identities with management scopes: each active passkey, or with `pending` each still open binding link. */
export async function selectCandidates(tx: Tx, realmId: string, pending: boolean): Promise<Candidate[]> {
  const proof = pending
    ? sql`(select null::uuid as aaguid, null::text as relying_party_id, null::boolean as attested, null::boolean as backed_up, null::boolean as user_verified
           from credential_binding_jobs j where j.realm_id = i.realm_id and j.identity_id = i.id
             and j.status in ('LINK_SENT', 'LINK_OPENED', 'CHALLENGED') and j.expires_at > now())`
    : sql`(select p.aaguid, p.relying_party_id, p.attestation = 'VERIFIED' as attested, p.backed_up, p.user_verified from passkeys p
           where p.realm_id = i.realm_id and p.identity_id = i.id and p.status = 'ACTIVE')`;
  const result = await sql<Candidate>`
    select i.id, p.aaguid, p.relying_party_id, p.attested, p.backed_up, p.user_verified,
      coalesce((select array_agg(m.group_id::text) from group_members m
        where m.realm_id = i.realm_id and m.identity_id = i.id), '{}') as groups
    from identities i cross join lateral ${proof} p
    where i.realm_id = ${realmId} and i.status = 'ACTIVE' and exists (
      select 1 from role_assignments a join roles r on r.realm_id = a.realm_id and r.id = a.role_id
      where a.realm_id = i.realm_id and r.managed = 'SUPER_ADMINISTRATOR' and a.reaches_realm_ids is null
        and (a.identity_id = i.id or a.group_id in (
          select m.group_id from group_members m where m.realm_id = i.realm_id and m.identity_id = i.id)))
    limit 1000`.execute(tx);
  return result.rows;
}

/** Whether a passkey was ever bound in the realm: from then on a link alone is no way in, since it lapses. */
export async function wasEverBound(tx: Tx, realmId: string): Promise<boolean> {
  const result = await sql<{ bound: boolean }>`
    select exists (select 1 from passkeys where realm_id = ${realmId})
      or exists (select 1 from events where realm_id = ${realmId} and type = 'registration.completed') as bound`.execute(
    tx,
  );
  return result.rows[0]?.bound ?? true;
}
