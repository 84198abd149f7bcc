import { sql } from 'kysely';
import type { Db, Tx } from '../../kernel/command.js';
import { columnsOf, type IdentityRow } from './identities.queries.js';
import { type Profile, usernameKey } from './identities.types.js';

/** As text, so that a row comes out the same however many there are: one statement for any number of rows. */
const RECORD = sql`(id uuid, username text, username_key text, display_name text, given_name text, family_name text,
  formatted_name text, email text, emails text, external_id text, status text, profile text, attributes text)`;

/** @returns the ids of those whose username was free */
export async function insertIdentities(
  tx: Tx,
  key: { realm_id: string; provisioned_by: string | null },
  values: readonly { readonly id: string; readonly value: Profile }[],
): Promise<Set<string>> {
  const rows = values.map(({ id, value }) => ({ id, ...columnsOf(value) }));
  const result = await sql<{ id: string }>`
    insert into identities (realm_id, provisioned_by, id, username, username_key, display_name, given_name, family_name,
      formatted_name, email, emails, external_id, status, profile, attributes)
    select ${key.realm_id}::uuid, ${key.provisioned_by}::uuid, id, username, username_key, display_name, given_name,
      family_name, formatted_name, email, emails::jsonb, external_id, status, profile::jsonb, attributes::jsonb
    from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) as made${RECORD}
    on conflict do nothing returning id`.execute(tx);
  return new Set(result.rows.map(({ id }) => id));
}

/** Of rows that this transaction has locked, and whose username stays as it is compared. Named twice, for the key. */
export async function updateIdentities(
  tx: Tx,
  realmId: string,
  values: readonly { readonly id: string; readonly value: Profile }[],
  at: Date,
): Promise<void> {
  const rows = values.map(({ id, value }) => ({ id, ...columnsOf(value) }));
  await sql`
    update identities i set username = n.username, display_name = n.display_name, given_name = n.given_name,
      family_name = n.family_name, formatted_name = n.formatted_name, email = n.email, emails = n.emails::jsonb,
      external_id = n.external_id, profile = n.profile::jsonb, attributes = n.attributes::jsonb,
      version = i.version + 1, updated_at = ${at}
    from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) as n${RECORD}
    where i.realm_id = ${realmId} and i.id = n.id
      and i.id = any(${sql.val(rows.map(({ id }) => id))}::uuid[])`.execute(tx);
}

/** By the form that usernames are compared in, one id each; those of nobody are left out. */
export async function selectIdsByUsernames(
  db: Db | Tx,
  realmId: string,
  usernames: readonly string[],
): Promise<Map<string, string[]>> {
  const keys = usernames.map(usernameKey);
  const rows = await db
    .selectFrom('identities')
    .select(['id', 'username_key'])
    .where('realm_id', '=', realmId)
    .where(sql<boolean>`username_key = any(${sql.val(keys)}::text[])`)
    .execute();
  return new Map(rows.map((row) => [row.username_key, [row.id]]));
}

/** Two at most for each: two are as good as many. */
export async function selectIdsByExternalIds(
  db: Db | Tx,
  realmId: string,
  externalIds: readonly string[],
): Promise<Map<string, string[]>> {
  const result = await sql<{ external_id: string; ids: string[] }>`
    select a.external_id, array_agg(f.id) as ids
    from (select distinct unnest(${sql.val([...externalIds])}::text[]) as external_id) a
    cross join lateral (select id from identities
      where realm_id = ${realmId} and external_id = a.external_id limit 2) f
    group by a.external_id`.execute(db);
  return new Map(result.rows.map((row) => [row.external_id, row.ids]));
}

/** In one order, so that two who lock several never wait for each other. */
export const lockIdentities = (tx: Tx, realmId: string, ids: readonly string[]): Promise<IdentityRow[]> =>
  tx
    .selectFrom('identities')
    .selectAll()
    .where('realm_id', '=', realmId)
    .where(sql<boolean>`id = any(${sql.val([...ids])}::uuid[])`)
    .orderBy('id')
    .forUpdate()
    .execute();
