import { type Selectable, sql } from 'kysely';
import type { PolicyVersionsTable } from '../../database/schema.js';
import type { Db, Tx } from '../../kernel/command.js';

export type PolicyVersionRow = Selectable<PolicyVersionsTable>;

export const insertVersion = (
  tx: Tx,
  row: { realm_id: string; version: number; document: string; note: string | null; created_by_name: string },
) => tx.insertInto('policy_versions').values(row).execute();

export const insertActive = (tx: Tx, realmId: string, version: number) =>
  tx.insertInto('policies').values({ realm_id: realmId, active_version: version }).execute();

export const selectActive = (db: Db | Tx, realmId: string): Promise<PolicyVersionRow | undefined> =>
  db
    .selectFrom('policies')
    .innerJoin('policy_versions', (join) =>
      join
        .onRef('policy_versions.realm_id', '=', 'policies.realm_id')
        .onRef('policy_versions.version', '=', 'policies.active_version'),
    )
    .selectAll('policy_versions')
    .where('policies.realm_id', '=', realmId)
    .executeTakeFirst();

export const selectActiveVersion = (
  db: Db | Tx,
  realmId: string,
): Promise<{ active_version: number } | undefined> =>
  db.selectFrom('policies').select('active_version').where('realm_id', '=', realmId).executeTakeFirst();

/** Names of the groups and applications that a policy refers to by id. */
export async function selectNames(
  db: Db,
  realmId: string,
  ids: readonly string[],
): Promise<Map<string, string>> {
  const wanted = sql.val([...ids]);
  const result = await sql<{ id: string; display_name: string }>`
    select id, display_name from groups where realm_id = ${realmId} and id = any(${wanted}::uuid[])
    union all
    select id, display_name from applications where realm_id = ${realmId} and id = any(${wanted}::uuid[])`.execute(
    db,
  );
  return new Map(result.rows.map((row) => [row.id, row.display_name]));
}
