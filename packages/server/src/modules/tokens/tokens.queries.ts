import type { Selectable } from 'kysely';
import type { ApiTokensTable } from '../../database/schema.js';
import type { Db, Tx } from '../../kernel/command.js';
import type { RealmRef } from '../../kernel/context.js';
import { isId } from '../../kernel/ids.js';
import type { ApplicationRow } from '../applications/applications.service.js';

export type ApiTokenRow = Selectable<ApiTokensTable>;

export const insertApiToken = (
  tx: Tx,
  row: {
    realm_id: string;
    id: string;
    application_id: string;
    name: string;
    scopes: string[];
    signing_key_id: string;
    created_by_name: string;
    expires_at: Date;
  },
): Promise<ApiTokenRow> =>
  tx
    .insertInto('api_tokens')
    .values({ ...row, revoked_at: null })
    .returningAll()
    .executeTakeFirstOrThrow();

/** What stands behind a token: its realm, its application, and whether it was revoked. */
export interface Standing {
  readonly realm: RealmRef;
  readonly application: ApplicationRow;
  readonly revoked: boolean;
  /** The name of the API token that it is, when it is one. */
  readonly name: string | null;
}

/** All of it in one statement, since every request that brings a token begins with it. */
export async function selectStanding(
  db: Db,
  realmId: string,
  { clientId, jti }: { clientId: string; jti: string },
): Promise<Standing | undefined> {
  const row = await db
    .selectFrom('applications as a')
    .innerJoin('realms as r', 'r.id', 'a.realm_id')
    .leftJoin('resource_servers as s', (join) =>
      join.onRef('s.realm_id', '=', 'a.realm_id').onRef('s.id', '=', 'a.resource_server_id'),
    )
    .leftJoin('api_tokens as t', (join) =>
      join.onRef('t.realm_id', '=', 'a.realm_id').on('t.id', '=', isId(jti) ? jti : null),
    )
    .selectAll('a')
    .select([
      's.identifier as resource_server_identifier',
      't.name as token_name',
      't.revoked_at as token_revoked_at',
    ])
    .select(['r.tenant_id', 'r.kind as realm_kind', 'r.display_name as realm_name'])
    .select((eb) =>
      eb
        .exists(
          eb
            .selectFrom('revoked_tokens as v')
            .select('v.jti')
            .whereRef('v.realm_id', '=', 'a.realm_id')
            .where('v.jti', '=', jti),
        )
        .as('revoked'),
    )
    .where('a.realm_id', '=', realmId)
    .where('a.id', '=', clientId)
    .where('r.deleted_at', 'is', null)
    .executeTakeFirst();
  if (!row) return undefined;
  const { token_name, token_revoked_at, tenant_id, realm_kind, realm_name, revoked, ...application } = row;
  return {
    realm: { id: realmId, tenantId: tenant_id, kind: realm_kind, displayName: realm_name },
    application,
    revoked: revoked === true || token_revoked_at !== null,
    name: token_name,
  };
}

/** @returns false when it was revoked already */
export async function insertRevoked(
  tx: Tx,
  row: { realm_id: string; jti: string; expires_at: Date },
): Promise<boolean> {
  const result = await tx
    .insertInto('revoked_tokens')
    .values(row)
    .onConflict((oc) => oc.doNothing())
    .executeTakeFirst();
  return Number(result.numInsertedOrUpdatedRows ?? 0) > 0;
}

export const revokeApiToken = (tx: Tx, realmId: string, id: string, at: Date) =>
  tx
    .updateTable('api_tokens')
    .set({ revoked_at: at })
    .where('realm_id', '=', realmId)
    .where('id', '=', id)
    .where('revoked_at', 'is', null)
    .execute();
