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
    created_by_id: string | null;
    expires_at: Date;
  },
): Promise<ApiTokenRow> =>
  tx
    .insertInto('api_tokens')
    .values({ ...row, revoked_at: null, last_used_at: null, warned_days: null })
    .returningAll()
    .executeTakeFirstOrThrow();

/** What stands behind a token: its realm, its application, and whether it was revoked. */
export interface Standing {
  readonly realm: RealmRef;
  readonly application: ApplicationRow;
  readonly revoked: boolean;
  /** The name of the API token that it is, when it is one. */
  readonly name: string | null;
  /** When that was last used. */
  readonly usedAt: Date | null;
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
      't.last_used_at as token_used_at',
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
  const {
    token_name,
    token_revoked_at,
    token_used_at,
    tenant_id,
    realm_kind,
    realm_name,
    revoked,
    ...application
  } = row;
  return {
    realm: { id: realmId, tenantId: tenant_id, kind: realm_kind, displayName: realm_name },
    application,
    revoked: revoked === true || token_revoked_at !== null,
    name: token_name,
    usedAt: token_used_at,
  };
}

/** Names are taken one at a time: the application that the tokens are of is held until then. */
export async function nameIsTaken(
  tx: Tx,
  application: { realm_id: string; id: string },
  name: string,
  at: Date,
): Promise<boolean> {
  const { realm_id: realmId, id: applicationId } = application;
  await tx
    .selectFrom('applications')
    .select('id')
    .where('realm_id', '=', realmId)
    .where('id', '=', applicationId)
    .forNoKeyUpdate()
    .execute();
  const taken = await tx
    .selectFrom('api_tokens')
    .select('id')
    .where('realm_id', '=', realmId)
    .where('application_id', '=', applicationId)
    .where((eb) => eb(eb.fn<string>('lower', ['name']), '=', eb.fn<string>('lower', [eb.val(name)])))
    .where('revoked_at', 'is', null)
    .where('expires_at', '>', at)
    .limit(1)
    .executeTakeFirst();
  return taken !== undefined;
}

/** Of many uses at once one writes, and none that another did before. */
export const touchApiToken = (db: Db, realmId: string, id: string, at: Date, before: Date) =>
  db
    .updateTable('api_tokens')
    .set({ last_used_at: at })
    .where('realm_id', '=', realmId)
    .where('id', '=', id)
    .where((eb) => eb.or([eb('last_used_at', 'is', null), eb('last_used_at', '<', before)]))
    .execute();

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
