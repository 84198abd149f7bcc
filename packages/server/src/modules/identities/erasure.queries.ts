import { type Insertable, type Selectable, sql } from 'kysely';
import type { ErasuresTable } from '../../database/schema.js';
import { PERSONAL_DATA_KEYS } from '../../kernel/catalogue.js';
import type { Db, Tx } from '../../kernel/command.js';
import type { Slice } from '../../kernel/page.js';

export type ErasureRow = Selectable<ErasuresTable>;

export const insertErasure = (tx: Tx, row: Insertable<ErasuresTable>): Promise<ErasureRow> =>
  tx.insertInto('erasures').values(row).returningAll().executeTakeFirstOrThrow();

export const selectErasure = (db: Db | Tx, realmId: string, id: string): Promise<ErasureRow | undefined> =>
  db
    .selectFrom('erasures')
    .selectAll()
    .where('realm_id', '=', realmId)
    .where('id', '=', id)
    .executeTakeFirst();

export const selectByIdentity = (
  db: Db | Tx,
  realmId: string,
  identityId: string,
): Promise<ErasureRow | undefined> =>
  db
    .selectFrom('erasures')
    .selectAll()
    .where('realm_id', '=', realmId)
    .where('identity_id', '=', identityId)
    .executeTakeFirst();

export function selectErasures(db: Db, realmId: string, slice: Slice): Promise<ErasureRow[]> {
  let query = db.selectFrom('erasures').selectAll().where('realm_id', '=', realmId);
  const [from] = slice.from ?? [];
  if (from !== undefined) query = query.where('id', slice.backward ? '>' : '<', from);
  return query
    .orderBy('id', slice.backward ? 'asc' : 'desc')
    .limit(slice.limit + 1)
    .execute();
}

/** One that has something to do, unless another node is at it. */
export const lockDue = (tx: Tx, settledBefore: Date): Promise<ErasureRow | undefined> =>
  tx
    .selectFrom('erasures')
    .selectAll()
    .where('state', '<>', 'DONE')
    .where((eb) => eb.or([eb('state', '=', 'RUNNING'), eb('started_at', '<', settledBefore)]))
    .orderBy('started_at')
    .limit(1)
    .forUpdate()
    .skipLocked()
    .executeTakeFirst();

export const lockErasure = (tx: Tx, row: ErasureRow): Promise<ErasureRow | undefined> =>
  tx
    .selectFrom('erasures')
    .selectAll()
    .where('realm_id', '=', row.realm_id)
    .where('id', '=', row.id)
    .forUpdate()
    .skipLocked()
    .executeTakeFirst();

export const updateErasure = (
  tx: Tx,
  row: ErasureRow,
  set: Partial<Pick<ErasureRow, 'state' | 'part' | 'after_event' | 'events_erased' | 'finished_at'>>,
): Promise<ErasureRow> =>
  tx
    .updateTable('erasures')
    .set(set)
    .where('realm_id', '=', row.realm_id)
    .where('id', '=', row.id)
    .returningAll()
    .executeTakeFirstOrThrow();

/** One way in which events lead back to a person. */
export interface Trace {
  readonly realmId: string;
  readonly column: 'actor_id' | 'subject_id' | 'correlation_id';
  readonly value: string;
}

export interface Traced {
  readonly id: string;
  readonly type: string;
  readonly subject_id: string | null;
  readonly correlation_id: string;
}

/** The next events of a trace in the order of time, each column by its index. */
export function selectTraced(tx: Tx, row: ErasureRow, trace: Trace, limit: number): Promise<Traced[]> {
  let query = tx
    .selectFrom('events')
    .select(['id', 'type', 'subject_id', 'correlation_id'])
    .where('realm_id', '=', trace.realmId)
    .where(trace.column, '=', trace.value);
  // Many links are made in one request, and so share its correlation id: only what names the person is theirs.
  if (trace.column === 'correlation_id')
    query = query
      .where('actor_kind', '=', 'ANONYMOUS')
      .where(sql<boolean>`data #>> '{facts,identity.id}' = ${row.identity_id}`);
  if (row.after_event !== null) query = query.where('id', '>', row.after_event);
  return query.orderBy('id').limit(limit).execute();
}

/** What nobody had signed in to yet, in flows that ended as a sign-in of the person: the same browser. */
export async function selectBeforeSignIn(
  tx: Tx,
  realmId: string,
  correlationIds: readonly string[],
): Promise<string[]> {
  if (correlationIds.length === 0) return [];
  const rows = await tx
    .selectFrom('events')
    .select('id')
    .where('realm_id', '=', realmId)
    .where('correlation_id', 'in', [...correlationIds])
    .where('actor_kind', '=', 'ANONYMOUS')
    .execute();
  return rows.map(({ id }) => id);
}

/**
 * Gives way to its digest what is personal in these events and of this person: the actor and where they were, their name
 * as a subject, and the personal keys of data that is about them. @returns how many events changed
 */
export async function eraseEvents(
  tx: Tx,
  row: ErasureRow,
  realmId: string,
  ids: readonly string[],
): Promise<number> {
  if (ids.length === 0) return 0;
  const own = sql`coalesce(e.subject_id = ${row.identity_id} or e.subject_id = any(${sql.val(row.related_ids)}::uuid[]), false)`;
  const others = sql`coalesce(e.subject_kind in ('IDENTITY', 'CREDENTIAL', 'CREDENTIAL_BINDING_JOB'), false) and not ${own}`;
  const stripped = sql`without_keys(e.data, ${sql.val([...PERSONAL_DATA_KEYS])}::text[])`;
  const result = await sql`
    with chosen as materialized (
      select e.realm_id, e.id, ${stripped} as stripped,
        e.actor_digest is null and (
          (e.actor_kind = 'IDENTITY' and e.actor_id = ${row.identity_id})
          or (e.actor_kind = 'ANONYMOUS' and num_nonnulls(e.ip, e.user_agent) > 0)) as actor,
        coalesce(e.subject_digest is null and e.type <> 'identity.erased'
          and e.subject_kind in ('IDENTITY', 'CREDENTIAL') and ${own}, false) as subject,
        e.data_digest is null and not (${others}) and e.data <> ${stripped} as data
      from events e where e.realm_id = ${realmId} and e.id = any(${sql.val([...ids])}::uuid[])
    )
    update events e set
      actor_digest = case when c.actor then actor_digest_of(e) else e.actor_digest end,
      actor_salt = case when not c.actor then e.actor_salt end,
      actor_name = case when c.actor then erased_actor_name(e) else e.actor_name end,
      ip = case when not c.actor then e.ip end,
      user_agent = case when not c.actor then e.user_agent end,
      subject_digest = case when c.subject then subject_digest_of(e) else e.subject_digest end,
      subject_salt = case when not c.subject then e.subject_salt end,
      subject_name = case when c.subject then erased_subject_name(e) else e.subject_name end,
      data_digest = case when c.data then data_digest_of(e) else e.data_digest end,
      data_salt = case when not c.data then e.data_salt end,
      data = case when c.data then c.stripped else e.data end
    from chosen c
    where e.realm_id = c.realm_id and e.id = c.id and (c.actor or c.subject or c.data)`.execute(tx);
  return Number(result.numAffectedRows ?? 0);
}

/** Where the person's name stands beside what they made: found through the events of the making. */
const SIGNED = {
  'credential_binding_job.created': ['credential_binding_jobs', 'created_by_name'],
  'api_token.created': ['api_tokens', 'created_by_name'],
  'identity.deleted': ['deleted_identities', 'deleted_by_name'],
  'import.created': ['imports', 'created_by_name'],
} as const;

export async function eraseSignatures(tx: Tx, realmId: string, traced: readonly Traced[]): Promise<void> {
  for (const [type, [table, column]] of Object.entries(SIGNED)) {
    const ids = traced.filter((event) => event.type === type).map((event) => event.subject_id);
    if (ids.length > 0)
      await sql`update ${sql.table(table)} set ${sql.ref(column)} = 'Erased person'
        where realm_id = ${realmId} and id = any(${sql.val(ids)}::uuid[])`.execute(tx);
  }
  const schemas = traced.filter(({ type }) => type === 'attribute_schema.updated').map(({ id }) => id);
  if (schemas.length > 0)
    await sql`update attribute_schemas a set updated_by_name = 'Erased person' where a.realm_id = ${realmId} and exists (
      select 1 from events e where e.realm_id = a.realm_id and e.id = any(${sql.val(schemas)}::uuid[])
        and (e.data ->> 'version')::integer = a.version)`.execute(tx);
}

/** Of someone whose rows are gone already, as far as events tell. @returns undefined when none speaks of them */
export async function selectRemembered(
  tx: Tx,
  realmId: string,
  identityId: string,
): Promise<{ relatedIds: string[] } | undefined> {
  const seen = await tx
    .selectFrom('events')
    .select('id')
    .where('realm_id', '=', realmId)
    .where('subject_kind', '=', 'IDENTITY')
    .where('subject_id', '=', identityId)
    .limit(1)
    .executeTakeFirst();
  if (!seen) return undefined;
  const bound = await tx
    .selectFrom('events')
    .select('data')
    .where('realm_id', '=', realmId)
    .where('actor_id', '=', identityId)
    .where('type', '=', 'registration.completed')
    .execute();
  return { relatedIds: bound.flatMap(({ data }) => [String(data.passkeyId), String(data.bindingJobId)]) };
}

/** An import that the person started goes on in their name, as far as it may. */
export const eraseStarters = (tx: Tx, realmId: string, identityId: string) =>
  sql`update imports set starter = jsonb_set(starter, '{actor}', (starter -> 'actor')
      || '{"displayName": "Erased person", "username": "erased"}')
    where realm_id = ${realmId} and starter #>> '{actor,id}' = ${identityId}`.execute(tx);

export async function selectRealmIds(tx: Tx, tenantId: string): Promise<string[]> {
  const rows = await tx
    .selectFrom('realms')
    .select('id')
    .where('tenant_id', '=', tenantId)
    .orderBy('id')
    .execute();
  return rows.map(({ id }) => id);
}
