import { sql } from 'kysely';
import type { Db } from '../../kernel/command.js';

export interface PartyCount {
  readonly relying_party_id: string;
  readonly passkeys: number;
}

/** Active passkeys by relying party, and identities that would have none of these, in one reading of the table. */
export async function countPasskeys(
  db: Db,
  realmId: string,
  surviving: readonly string[],
): Promise<{ parties: PartyCount[]; strandedIdentities: number }> {
  const result = await sql<{ relying_party_id: string | null; n: string }>`
    with active as materialized (
      select relying_party_id, identity_id, count(*) as n from passkeys
      where realm_id = ${realmId} and status = 'ACTIVE' group by relying_party_id, identity_id
    )
    select relying_party_id, sum(n)::text as n from active group by relying_party_id
    union all
    select null, count(*)::text from (
      select identity_id from active group by identity_id
      having not bool_or(relying_party_id = any(${sql.val([...surviving])}::text[]))
    ) lost`.execute(db);
  const parties = result.rows.flatMap(({ relying_party_id, n }) =>
    relying_party_id === null ? [] : [{ relying_party_id, passkeys: Number(n) }],
  );
  const lost = result.rows.find((row) => row.relying_party_id === null);
  return {
    parties: parties.sort((a, b) => b.passkeys - a.passkeys),
    strandedIdentities: Number(lost?.n ?? 0),
  };
}

/** Administrators of the console that would have no passkey left, by name; at most 100. */
export async function selectStrandedAdministrators(
  db: Db,
  realmId: string,
  surviving: readonly string[],
): Promise<{ id: string; display_name: string }[]> {
  const result = await sql<{ id: string; display_name: string }>`
    select i.id, i.display_name from identities i
    where i.realm_id = ${realmId} and i.status = 'ACTIVE' and exists (
      select 1 from role_assignments a join roles r on r.realm_id = a.realm_id and r.id = a.role_id
      where a.realm_id = i.realm_id and r.managed = 'SUPER_ADMINISTRATOR'
        and (a.identity_id = i.id or a.group_id in (
          select m.group_id from group_members m where m.realm_id = i.realm_id and m.identity_id = i.id)))
      and exists (select 1 from passkeys p
        where p.realm_id = i.realm_id and p.identity_id = i.id and p.status = 'ACTIVE')
      and not exists (select 1 from passkeys p
        where p.realm_id = i.realm_id and p.identity_id = i.id and p.status = 'ACTIVE'
          and p.relying_party_id = any(${sql.val([...surviving])}::text[]))
    order by i.display_name, i.id limit 100`.execute(db);
  return result.rows;
}
