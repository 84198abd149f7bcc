import { type Selectable, sql } from 'kysely';
import type { IdentitiesTable, StoredProfile } from '../../database/schema.js';
import type { Db, Tx } from '../../kernel/command.js';
import {
  displayNameOf,
  LIST_FIELDS,
  PLAIN_FIELDS,
  type Profile,
  primaryEmail,
  usernameKey,
} from './identities.types.js';

export type IdentityRow = Selectable<IdentitiesTable>;

export const columnsOf = (value: Profile) => ({
  username: value.username,
  username_key: usernameKey(value.username),
  display_name: displayNameOf(value),
  given_name: value.givenName,
  family_name: value.familyName,
  formatted_name: value.formattedName,
  email: primaryEmail(value),
  emails: JSON.stringify(value.emails),
  external_id: value.externalId,
  status: value.active ? ('ACTIVE' as const) : ('SUSPENDED' as const),
  profile: JSON.stringify(documentOf(value)),
  attributes: JSON.stringify(value.attributes),
});

/** Only what has a value. */
function documentOf(value: Profile): StoredProfile {
  const kept = [...PLAIN_FIELDS, ...LIST_FIELDS]
    .map((field) => [field, value[field]] as const)
    .filter(([, given]) => given !== null && !(Array.isArray(given) && given.length === 0));
  return Object.fromEntries(kept) as StoredProfile;
}

export const insertIdentity = (
  tx: Tx,
  key: { realm_id: string; id: string; provisioned_by: string | null },
  value: Profile,
): Promise<IdentityRow> =>
  tx
    .insertInto('identities')
    .values({ ...key, ...columnsOf(value) })
    .returningAll()
    .executeTakeFirstOrThrow();

export const updateIdentity = (
  tx: Tx,
  row: IdentityRow,
  value: Profile,
  set: { updated_at: Date; provisioned_by: string | null },
): Promise<IdentityRow> =>
  tx
    .updateTable('identities')
    .set({ ...columnsOf(value), ...set, version: row.version + 1 })
    .where('realm_id', '=', row.realm_id)
    .where('id', '=', row.id)
    .returningAll()
    .executeTakeFirstOrThrow();

export const deleteIdentity = (tx: Tx, row: IdentityRow) =>
  tx.deleteFrom('identities').where('realm_id', '=', row.realm_id).where('id', '=', row.id).execute();

const one = (db: Db | Tx, realmId: string, id: string) =>
  db.selectFrom('identities').selectAll().where('realm_id', '=', realmId).where('id', '=', id);

export const selectIdentity = (db: Db | Tx, realmId: string, id: string): Promise<IdentityRow | undefined> =>
  one(db, realmId, id).executeTakeFirst();

export const selectByUsername = (
  db: Db | Tx,
  realmId: string,
  username: string,
): Promise<IdentityRow | undefined> =>
  db
    .selectFrom('identities')
    .selectAll()
    .where('realm_id', '=', realmId)
    .where('username_key', '=', usernameKey(username))
    .executeTakeFirst();

/** An id of a provisioning client is unique to that client alone: two rows are as good as many. */
export const selectByExternalId = (
  db: Db | Tx,
  realmId: string,
  externalId: string,
): Promise<IdentityRow[]> =>
  db
    .selectFrom('identities')
    .selectAll()
    .where('realm_id', '=', realmId)
    .where('external_id', '=', externalId)
    .limit(2)
    .execute();

/** By the index on all addresses of all people. */
export async function selectByAddress(
  tx: Tx,
  realmId: string,
  addresses: readonly string[],
  limit: number,
): Promise<IdentityRow[]> {
  const holds = addresses.map(
    (address) =>
      sql`lower(i.emails::text)::jsonb @> jsonb_build_array(jsonb_build_object('value', lower(${address}::text)))`,
  );
  const result = await sql<IdentityRow>`
    select i.* from identities i where i.realm_id = ${realmId} and (${sql.join(holds, sql` or `)})
    order by i.id limit ${limit}`.execute(tx);
  return result.rows;
}

export const lockIdentity = (tx: Tx, realmId: string, id: string): Promise<IdentityRow | undefined> =>
  one(tx, realmId, id).forUpdate().executeTakeFirst();

/** Held until commit, so that a suspension waits for what relies on the identity being active, and the other way. */
export const lockIdentityShared = (tx: Tx, realmId: string, id: string): Promise<IdentityRow | undefined> =>
  one(tx, realmId, id).forShare().executeTakeFirst();

export const selectMany = (db: Db | Tx, realmId: string, ids: readonly string[]): Promise<IdentityRow[]> =>
  db
    .selectFrom('identities')
    .selectAll()
    .where('realm_id', '=', realmId)
    .where('id', 'in', [...ids])
    .execute();

export async function selectGroupIds(db: Db | Tx, realmId: string, identityId: string): Promise<string[]> {
  const rows = await db
    .selectFrom('group_members')
    .select('group_id')
    .where('realm_id', '=', realmId)
    .where('identity_id', '=', identityId)
    .execute();
  return rows.map((row) => row.group_id);
}

/** By the index on `lower(email)`; counts to two, which is one too many. */
export async function countByEmail(db: Db, realmId: string, email: string): Promise<number> {
  const rows = await db
    .selectFrom('identities')
    .select('id')
    .where('realm_id', '=', realmId)
    .where(sql<string>`lower(email)`, '=', sql<string>`lower(${email}::text)`)
    .limit(2)
    .execute();
  return rows.length;
}
