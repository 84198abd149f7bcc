import type { Db, Tx } from '../../kernel/command.js';

export const insertConfig = (
  tx: Tx,
  row: { realm_id: string; id: string; display_name: string; kind: 'HOSTED_WEB' | 'NONE' },
) =>
  tx
    .insertInto('authenticator_configs')
    .values({ ...row, managed: row.kind })
    .execute();

export const selectHosted = (db: Db | Tx, realmId: string, managed: string) =>
  db
    .selectFrom('authenticator_configs')
    .select('id')
    .where('realm_id', '=', realmId)
    .where('managed', '=', managed)
    .executeTakeFirstOrThrow();

export const selectConfigKinds = (db: Db, realmId: string, ids: readonly string[]) =>
  db
    .selectFrom('authenticator_configs')
    .select(['id', 'kind'])
    .where('realm_id', '=', realmId)
    .where('id', 'in', [...ids])
    .execute();
