import { type Insertable, type Selectable, sql } from 'kysely';
import type { DeletedIdentitiesTable, IdentitySnapshot } from '../../database/schema.js';
import type { Db, Tx } from '../../kernel/command.js';
import type { Slice } from '../../kernel/page.js';
import { likePattern } from '../../kernel/text.js';
import type { IdentityRow } from './identities.queries.js';

/** Without the snapshot, which only bringing back needs. */
export type DeletedIdentityRow = Omit<Selectable<DeletedIdentitiesTable>, 'snapshot'>;

const HANGING = ['passkeys', 'group_members', 'role_assignments', 'credential_binding_jobs'] as const;

/** In the order of every other lock, passkeys before sessions; a change that is under way ends before the snapshot. */
export async function lockHanging(tx: Tx, row: IdentityRow): Promise<void> {
  for (const table of HANGING)
    await tx
      .selectFrom(table)
      .select('identity_id')
      .where('realm_id', '=', row.realm_id)
      .where('identity_id', '=', row.id)
      .forUpdate()
      .execute();
}

export async function selectSnapshot(tx: Tx, row: IdentityRow): Promise<IdentitySnapshot> {
  const rowsOf = (table: (typeof HANGING)[number]) => sql`(
    select coalesce(jsonb_agg(to_jsonb(t)), '[]') from ${sql.table(table)} t
    where t.realm_id = i.realm_id and t.identity_id = i.id)`;
  const result = await sql<IdentitySnapshot>`
    select to_jsonb(i) as identity, ${rowsOf('passkeys')} as passkeys,
      ${rowsOf('credential_binding_jobs')} as "bindingJobs",
      (select coalesce(jsonb_agg(to_jsonb(m) || jsonb_build_object('_name', g.display_name)), '[]')
        from group_members m join groups g on g.realm_id = m.realm_id and g.id = m.group_id
        where m.realm_id = i.realm_id and m.identity_id = i.id) as memberships,
      (select coalesce(jsonb_agg(to_jsonb(a) || jsonb_build_object('_name', r.display_name)), '[]')
        from role_assignments a join roles r on r.realm_id = a.realm_id and r.id = a.role_id
        where a.realm_id = i.realm_id and a.identity_id = i.id) as "roleAssignments"
    from identities i where i.realm_id = ${row.realm_id} and i.id = ${row.id}`.execute(tx);
  const [snapshot] = result.rows;
  if (!snapshot) throw new Error(`identity ${row.id} vanished under its lock`);
  return snapshot;
}

export const insertDeleted = (tx: Tx, row: Insertable<DeletedIdentitiesTable>) =>
  tx.insertInto('deleted_identities').values(row).execute();

/**
 * Taken out, so that of two who bring the same person back one finds nothing.
 * @param at only one whose time is not over by then
 */
export function takeDeleted(
  tx: Tx,
  realmId: string,
  id: string,
  at?: Date,
): Promise<Selectable<DeletedIdentitiesTable> | undefined> {
  const query = tx.deleteFrom('deleted_identities').where('realm_id', '=', realmId).where('id', '=', id);
  return (at ? query.where('purge_at', '>', at) : query).returningAll().executeTakeFirst();
}

/** Whoever brings a person back and whoever erases them wait for each other. */
export const lockPerson = (tx: Tx, id: string) =>
  sql`select pg_advisory_xact_lock(hashtextextended(${id}::text, 0))`.execute(tx);

/** Puts rows back. @returns for each, in the order given, false when `unlessTaken` and something has its place */
export async function restoreRows(
  tx: Tx,
  table: 'identities' | (typeof HANGING)[number],
  rows: readonly object[],
  unlessTaken: boolean,
): Promise<boolean[]> {
  if (rows.length === 0) return [];
  const result = await sql<{ restored: boolean }>`
    select restore_row(${table}::regclass, kept.item, ${unlessTaken}) as restored
    from jsonb_array_elements(${JSON.stringify(rows)}::jsonb) with ordinality as kept(item, position)
    order by position`.execute(tx);
  return result.rows.map(({ restored }) => restored);
}

/** Those that still exist, held so that they go on doing so. */
export async function lockExisting(
  tx: Tx,
  table: 'groups' | 'roles',
  realmId: string,
  ids: readonly string[],
): Promise<ReadonlySet<string>> {
  if (ids.length === 0) return new Set();
  const rows = await tx
    .selectFrom(table)
    .select('id')
    .where('realm_id', '=', realmId)
    .where('id', 'in', [...ids])
    .orderBy('id')
    .forKeyShare()
    .execute();
  return new Set(rows.map(({ id }) => id));
}

const LISTED = [
  'realm_id',
  'id',
  'username',
  'display_name',
  'external_id',
  'searched',
  'management_scopes',
  'deleted_at',
  'deleted_by_name',
  'purge_at',
] as const;

/** The last deleted first; whoever's time is over is gone, swept or not. */
export function selectDeleted(
  db: Db,
  realmId: string,
  slice: Slice,
  search: string | undefined,
  at: Date,
): Promise<DeletedIdentityRow[]> {
  let query = db
    .selectFrom('deleted_identities')
    .select(LISTED)
    .where('realm_id', '=', realmId)
    .where('purge_at', '>', at);
  if (search) query = query.where('searched', 'like', likePattern(search));
  const [deletedAt, id] = slice.from ?? [];
  if (deletedAt !== undefined && id !== undefined)
    query = query.where(
      sql<boolean>`(deleted_at, id) ${sql.raw(slice.backward ? '>' : '<')} (${deletedAt}::timestamptz, ${id}::uuid)`,
    );
  const direction = slice.backward ? 'asc' : 'desc';
  return query
    .orderBy('deleted_at', direction)
    .orderBy('id', direction)
    .limit(slice.limit + 1)
    .execute();
}

/** Some of those whose time is over. @returns how many */
export async function purgeDeleted(db: Db, at: Date, limit: number): Promise<number> {
  const result = await sql`
    delete from deleted_identities where (realm_id, id) in (
      select realm_id, id from deleted_identities where purge_at <= ${at}
      order by purge_at limit ${limit} for update skip locked)`.execute(db);
  return Number(result.numAffectedRows ?? 0);
}

/** Passkeys of the deleted stay what they were until someone is brought back: a weak model must not come back with them. */
export async function revokeKeptOfModel(tx: Tx, realmId: string, aaguid: string, at: Date): Promise<number> {
  const active = JSON.stringify([{ aaguid, status: 'ACTIVE' }]);
  const result = await sql`
    update deleted_identities d set snapshot = jsonb_set(d.snapshot, '{passkeys}', (
      select jsonb_agg(case when p @> ${JSON.stringify({ aaguid, status: 'ACTIVE' })}::jsonb
        then p || jsonb_build_object('status', 'REVOKED', 'revoked_at', ${at}::timestamptz) else p end)
      from jsonb_array_elements(d.snapshot -> 'passkeys') p))
    where d.realm_id = ${realmId} and d.snapshot -> 'passkeys' @> ${active}::jsonb`.execute(tx);
  return Number(result.numAffectedRows ?? 0);
}
