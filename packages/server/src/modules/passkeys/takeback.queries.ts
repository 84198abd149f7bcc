import { type Selectable, sql } from 'kysely';
import type { PasskeysTable } from '../../database/schema.js';
import type { Tx } from '../../kernel/command.js';

/** Active ones of an identity, in the order of their ids; of `only`, where it is given, without `except`. */
export function lockActiveOf(
  tx: Tx,
  realmId: string,
  identityId: string,
  { only, except }: { only?: string | undefined; except?: string | undefined },
): Promise<Selectable<PasskeysTable>[]> {
  let query = tx
    .selectFrom('passkeys')
    .selectAll()
    .where('realm_id', '=', realmId)
    .where('identity_id', '=', identityId)
    .where('status', '=', 'ACTIVE');
  if (only !== undefined) query = query.where('id', '=', only);
  if (except !== undefined) query = query.where('id', '<>', except);
  return query.orderBy('id').forUpdate().execute();
}

export const revokeThese = (tx: Tx, realmId: string, ids: readonly string[], at: Date) =>
  tx
    .updateTable('passkeys')
    .set({ status: 'REVOKED', revoked_at: at })
    .where('realm_id', '=', realmId)
    .where('id', '=', sql<string>`any(${sql.val([...ids])}::uuid[])`)
    .execute();
