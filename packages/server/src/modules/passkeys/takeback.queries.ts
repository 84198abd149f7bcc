import { type Selectable, sql } from 'kysely';
import type { PasskeysTable } from '../../database/schema.js';
import type { Tx } from '../../kernel/command.js';

/** All active ones of a person but one; or one, and those that came after it by a link that was made for this reason. */
export type Which = { readonly except?: string } | { readonly from: string; readonly reason: string };

/** In the order of their ids, which is that of their making. */
export function lockActiveOf(
  tx: Tx,
  realmId: string,
  identityId: string,
  which: Which,
): Promise<Selectable<PasskeysTable>[]> {
  let query = tx
    .selectFrom('passkeys')
    .selectAll()
    .where('realm_id', '=', realmId)
    .where('identity_id', '=', identityId)
    .where('status', '=', 'ACTIVE');
  if ('from' in which)
    query = query.where((is) =>
      is.or([
        is('id', '=', which.from),
        is.and([
          is('id', '>', which.from),
          is.exists(
            is
              .selectFrom('credential_binding_jobs as j')
              .select('j.id')
              .whereRef('j.realm_id', '=', 'passkeys.realm_id')
              .whereRef('j.id', '=', 'passkeys.binding_job_id')
              .where('j.reason', '=', which.reason),
          ),
        ]),
      ]),
    );
  else if (which.except !== undefined) query = query.where('id', '<>', which.except);
  return query.orderBy('id').forUpdate().execute();
}

export const revokeThese = (tx: Tx, realmId: string, ids: readonly string[], at: Date) =>
  tx
    .updateTable('passkeys')
    .set({ status: 'REVOKED', revoked_at: at })
    .where('realm_id', '=', realmId)
    .where('id', '=', sql<string>`any(${sql.val([...ids])}::uuid[])`)
    .execute();
