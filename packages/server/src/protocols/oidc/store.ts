import { type Selectable, sql } from 'kysely';
import type { OidcModelsTable } from '../../database/schema.js';
import { now } from '../../kernel/clock.js';
import type { Db } from '../../kernel/command.js';
import { hashSecret, isId } from '../../kernel/ids.js';

export type ModelRow = Selectable<OidcModelsTable>;

export interface NewModel {
  readonly realmId: string;
  readonly model: string;
  readonly id: string;
  readonly payload: Record<string, unknown>;
  readonly correlationId: string;
  readonly expiresAt: Date;
  readonly uid?: string | undefined;
  readonly clientId?: string | undefined;
  readonly identityId?: string | undefined;
  readonly grantId?: string | undefined;
  /** Our own session behind it; for what belongs to a grant, the grant's. */
  readonly sessionId?: string | undefined;
}

/** What the engine's session says of the account in front; the next one must not inherit it. */
const OF_ONE_ACCOUNT = ['accountId', 'loginTs', 'acr', 'amr', 'authorizations', 'keyrealmSession'];

export type ModelStore = ReturnType<typeof createModelStore>;

/**
 * Where the engine keeps what it must remember. A token's value is its id, so only a digest of it is stored; what a
 * person's session stands behind dies with the session row, in the transaction that ends it.
 */
export function createModelStore(db: Db) {
  const one = (realmId: string, model: string, id: string) =>
    db
      .selectFrom('oidc_models')
      .selectAll()
      .where('realm_id', '=', realmId)
      .where('model', '=', model)
      .where('id_hash', '=', hashSecret(id))
      .where('expires_at', '>', now())
      .where((eb) =>
        eb.or([
          eb('session_id', 'is', null),
          eb.exists(
            eb
              .selectFrom('live_sessions')
              .select('live_sessions.id')
              .whereRef('live_sessions.realm_id', '=', 'oidc_models.realm_id')
              .whereRef('live_sessions.id', '=', 'oidc_models.session_id'),
          ),
        ]),
      );

  const interaction = (realmId: string, uid: string) =>
    db
      .updateTable('oidc_models')
      .where('realm_id', '=', realmId)
      .where('model', '=', 'Interaction')
      .where('id_hash', '=', hashSecret(uid))
      .where('expires_at', '>', now());

  return {
    find: (realmId: string, model: string, id: string): Promise<ModelRow | undefined> =>
      one(realmId, model, id).executeTakeFirst(),

    findByUid: (realmId: string, model: string, uid: string): Promise<ModelRow | undefined> =>
      db
        .selectFrom('oidc_models')
        .selectAll()
        .where('realm_id', '=', realmId)
        .where('model', '=', model)
        .where('uid', '=', uid)
        .where('expires_at', '>', now())
        .executeTakeFirst(),

    /** @returns false when the grant that it belongs to is gone, so that it must not exist either */
    async upsert(row: NewModel): Promise<boolean> {
      const grant = row.grantId === undefined ? null : hashSecret(row.grantId);
      const result = await sql`
        insert into oidc_models (realm_id, model, id_hash, payload, uid, grant_id, client_id, identity_id,
          session_id, correlation_id, expires_at)
        select ${row.realmId}::uuid, ${row.model}, ${hashSecret(row.id)}::bytea, ${JSON.stringify(row.payload)}::jsonb,
          ${row.uid ?? null}::text, ${row.grantId ?? null}::text, ${uuid(row.clientId)}::uuid,
          ${uuid(row.identityId)}::uuid, coalesce(${uuid(row.sessionId)}::uuid, g.session_id),
          ${row.correlationId}::uuid, ${row.expiresAt}::timestamptz
        from (select 1) as one
        left join oidc_models g on g.realm_id = ${row.realmId}::uuid and g.model = 'Grant' and g.id_hash = ${grant}::bytea
        where ${grant}::bytea is null or g.id_hash is not null
        on conflict (realm_id, model, id_hash) do update set payload = excluded.payload, uid = excluded.uid,
          identity_id = excluded.identity_id, session_id = excluded.session_id, expires_at = excluded.expires_at`.execute(
        db,
      );
      return Number(result.numAffectedRows ?? 0) > 0;
    },

    /** @returns false when it is known already: of many at once exactly one is new */
    async insertOnce(row: NewModel): Promise<boolean> {
      const result = await db
        .insertInto('oidc_models')
        .values({
          realm_id: row.realmId,
          model: row.model,
          id_hash: hashSecret(row.id),
          payload: JSON.stringify(row.payload),
          uid: null,
          user_code: null,
          grant_id: null,
          client_id: null,
          identity_id: null,
          session_id: null,
          correlation_id: row.correlationId,
          consumed_at: null,
          expires_at: row.expiresAt,
        })
        .onConflict((oc) => oc.doNothing())
        .executeTakeFirst();
      return Number(result.numInsertedOrUpdatedRows ?? 0) > 0;
    },

    /** One statement, so that of many at once exactly one consumes it. @returns when it was consumed before */
    async consume(realmId: string, model: string, id: string): Promise<'consumed' | 'gone' | Date> {
      const at = now();
      const result = await db
        .updateTable('oidc_models')
        .set({ consumed_at: at })
        .where('realm_id', '=', realmId)
        .where('model', '=', model)
        .where('id_hash', '=', hashSecret(id))
        .where('consumed_at', 'is', null)
        .executeTakeFirst();
      if (Number(result.numUpdatedRows) > 0) return 'consumed';
      return (await one(realmId, model, id).executeTakeFirst())?.consumed_at ?? 'gone';
    },

    /** What a browser's session of the engine still holds. @param bare whether nobody is in front any more */
    async keepSessions(
      realmId: string,
      cookie: string,
      sessionIds: readonly string[],
      bare: boolean,
    ): Promise<void> {
      const kept = JSON.stringify({ keyrealmSessions: sessionIds });
      await db
        .updateTable('oidc_models')
        .where('realm_id', '=', realmId)
        .where('model', '=', 'Session')
        .where('id_hash', '=', hashSecret(cookie))
        .set(
          bare
            ? {
                payload: sql`(payload - ${sql.val(OF_ONE_ACCOUNT)}::text[]) || ${kept}::jsonb`,
                identity_id: null,
                session_id: null,
              }
            : { payload: sql`payload || ${kept}::jsonb` },
        )
        .execute();
    },

    /** An interaction would otherwise end with the account that was in front when it began. */
    async loosen(realmId: string, uid: string): Promise<void> {
      await interaction(realmId, uid)
        .set({
          payload: sql`payload - '{session,accountId,grantId}'::text[]`,
          identity_id: null,
          session_id: null,
          grant_id: null,
        })
        .execute();
    },

    /** @returns false when it has a result already: of two at once one finishes it */
    async finishInteraction(realmId: string, uid: string, result: object): Promise<boolean> {
      const updated = await interaction(realmId, uid)
        .set({ payload: sql`payload || jsonb_build_object('result', ${JSON.stringify(result)}::jsonb)` })
        .where(sql<boolean>`payload -> 'result' is null`)
        .executeTakeFirst();
      return Number(updated.numUpdatedRows) > 0;
    },

    /** Keeps what a sign-in proved for whoever brings its token. @returns false when another was first */
    async keepResult(
      realmId: string,
      uid: string,
      kept: { token: string; until: number; result: object },
    ): Promise<boolean> {
      const updated = await interaction(realmId, uid)
        .set({ payload: sql`payload || jsonb_build_object('kept', ${JSON.stringify(kept)}::jsonb)` })
        .where(sql<boolean>`payload -> 'result' is null and payload -> 'kept' is null`)
        .executeTakeFirst();
      return Number(updated.numUpdatedRows) > 0;
    },

    /**
     * Takes what was kept, once. It is put nowhere that another request reads: the browser that began the interaction
     * asks for it at any moment, this one too.
     */
    async takeResult(
      realmId: string,
      uid: string,
      token: string,
      at: number,
    ): Promise<Record<string, unknown> | undefined> {
      const taken = await sql<{ result: Record<string, unknown> }>`
        with held as (
          select realm_id, model, id_hash, payload -> 'kept' -> 'result' as result from oidc_models
          where realm_id = ${realmId}::uuid and model = 'Interaction' and id_hash = ${hashSecret(uid)}::bytea
            and expires_at > ${now()}::timestamptz and payload -> 'kept' ->> 'token' = ${token}
            and (payload -> 'kept' ->> 'until')::bigint >= ${at}::bigint
          for update)
        update oidc_models m set payload = m.payload || '{"kept": {"taken": true}}' from held
        where m.realm_id = held.realm_id and m.model = held.model and m.id_hash = held.id_hash
        returning held.result`.execute(db);
      return taken.rows[0]?.result;
    },

    /** The one repetition that a client whose answer got lost is allowed. @returns false for a second one */
    async forgive(realmId: string, model: string, id: string): Promise<boolean> {
      const updated = await db
        .updateTable('oidc_models')
        .set({ payload: sql`payload || '{"forgiven": true}'` })
        .where('realm_id', '=', realmId)
        .where('model', '=', model)
        .where('id_hash', '=', hashSecret(id))
        .where(sql<boolean>`not payload ? 'forgiven'`)
        .executeTakeFirst();
      return Number(updated.numUpdatedRows) > 0;
    },

    destroy: (realmId: string, model: string, id: string) =>
      db
        .deleteFrom('oidc_models')
        .where('realm_id', '=', realmId)
        .where('model', '=', model)
        .where('id_hash', '=', hashSecret(id))
        .execute(),

    revokeGrant: (realmId: string, grantId: string) =>
      db
        .deleteFrom('oidc_models')
        .where('realm_id', '=', realmId)
        .where((eb) =>
          eb.or([
            eb('grant_id', '=', grantId),
            eb.and([eb('model', '=', 'Grant'), eb('id_hash', '=', hashSecret(grantId))]),
          ]),
        )
        .execute(),
  };
}

const uuid = (value: string | undefined): string | null =>
  value !== undefined && isId(value) ? value : null;
