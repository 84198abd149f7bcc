import { type Selectable, sql } from 'kysely';
import type { ProvisioningClientsTable } from '../../database/schema.js';
import type { Db, Tx } from '../../kernel/command.js';
import type { RealmRef } from '../../kernel/context.js';
import type { Slice } from '../../kernel/page.js';

export type ClientRow = Selectable<ProvisioningClientsTable>;

export interface ClientKey {
  readonly applicationId: string;
  /** Empty for the application itself. */
  readonly tokenName: string;
}

export const selectByKey = (db: Db | Tx, realmId: string, key: ClientKey): Promise<ClientRow | undefined> =>
  db
    .selectFrom('provisioning_clients')
    .selectAll()
    .where('realm_id', '=', realmId)
    .where('application_id', '=', key.applicationId)
    .where('token_name', '=', key.tokenName)
    .executeTakeFirst();

/** The realm and what is known in it of who asks: one statement, since every request over SCIM begins with it. */
export async function selectRealmAndClient(
  db: Db,
  realmId: string,
  key: ClientKey,
): Promise<{ realm: RealmRef; client: ClientRow | undefined } | undefined> {
  const row = await db
    .selectFrom('realms as r')
    .leftJoin('provisioning_clients as c', (join) =>
      join
        .onRef('c.realm_id', '=', 'r.id')
        .on('c.application_id', '=', key.applicationId)
        .on('c.token_name', '=', key.tokenName),
    )
    .selectAll('c')
    .select(['r.id as at', 'r.tenant_id', 'r.kind as realm_kind', 'r.display_name as realm_name'])
    .where('r.id', '=', realmId)
    .where('r.deleted_at', 'is', null)
    .executeTakeFirst();
  if (!row) return undefined;
  const { at, tenant_id, realm_kind, realm_name, ...client } = row;
  return {
    realm: { id: at, tenantId: tenant_id, kind: realm_kind, displayName: realm_name },
    client: client.id === null ? undefined : (client as ClientRow),
  };
}

/** @returns undefined when another request was first */
export const insertClient = (
  tx: Tx,
  row: {
    realm_id: string;
    id: string;
    application_id: string;
    token_name: string;
    display_name: string;
    last_seen_at: Date;
  },
): Promise<ClientRow | undefined> =>
  tx
    .insertInto('provisioning_clients')
    .values(row)
    .onConflict((oc) => oc.constraint('provisioning_clients_realm_key').doNothing())
    .returningAll()
    .executeTakeFirst();

/** Writes that it was here, unless another request did so since `unless`. */
export const touchClient = (db: Db, row: ClientRow, name: string, at: Date, unless: Date) =>
  db
    .updateTable('provisioning_clients')
    .set({ last_seen_at: at, display_name: name })
    .where('realm_id', '=', row.realm_id)
    .where('id', '=', row.id)
    .where('last_seen_at', '<', unless)
    .execute();

const one = (db: Db | Tx, realmId: string, id: string) =>
  db.selectFrom('provisioning_clients').selectAll().where('realm_id', '=', realmId).where('id', '=', id);

export const selectClient = (db: Db, realmId: string, id: string): Promise<ClientRow | undefined> =>
  one(db, realmId, id).executeTakeFirst();

/** Does not hold up what refers to the client, such as a deprovisioning that is counted meanwhile. */
export const lockClient = (tx: Tx, realmId: string, id: string): Promise<ClientRow | undefined> =>
  one(tx, realmId, id).forNoKeyUpdate().executeTakeFirst();

export const selectManyClients = (db: Db, realmId: string, ids: readonly string[]): Promise<ClientRow[]> =>
  db
    .selectFrom('provisioning_clients')
    .selectAll()
    .where('realm_id', '=', realmId)
    .where('id', 'in', [...ids])
    .execute();

export function selectClients(db: Db, realmId: string, slice: Slice): Promise<ClientRow[]> {
  let query = db.selectFrom('provisioning_clients').selectAll().where('realm_id', '=', realmId);
  const [from] = slice.from ?? [];
  if (from !== undefined) query = query.where('id', slice.backward ? '<' : '>', from);
  return query
    .orderBy('id', slice.backward ? 'desc' : 'asc')
    .limit(slice.limit + 1)
    .execute();
}

export type ClientChange = Partial<
  Pick<
    ClientRow,
    | 'adopts_unowned'
    | 'dry_run'
    | 'max_count'
    | 'max_percent'
    | 'window_minutes'
    | 'paused_at'
    | 'paused_reason'
    | 'rejected_at'
    | 'released_until'
  >
>;

export const updateClient = (tx: Tx, row: ClientRow, set: ClientChange, at: Date): Promise<ClientRow> =>
  tx
    .updateTable('provisioning_clients')
    .set({ ...set, updated_at: at, version: row.version + 1 })
    .where('realm_id', '=', row.realm_id)
    .where('id', '=', row.id)
    .returningAll()
    .executeTakeFirstOrThrow();

/** What each client provisioned, in one statement for all of them. */
export async function countOwned(
  db: Db,
  realmId: string,
  table: 'identities' | 'groups',
  clientIds: readonly string[],
): Promise<Map<string, number>> {
  const rows = await db
    .selectFrom(table)
    .select(['provisioned_by', (eb) => eb.fn.countAll<number>().as('owned')])
    .where('realm_id', '=', realmId)
    .where('provisioned_by', 'in', [...clientIds])
    .groupBy('provisioned_by')
    .execute();
  return new Map(rows.map((row) => [row.provisioned_by ?? '', Number(row.owned)]));
}

export type Counted = Pick<
  ClientRow,
  | 'max_count'
  | 'max_percent'
  | 'window_minutes'
  | 'paused_at'
  | 'paused_reason'
  | 'rejected_at'
  | 'released_until'
> & {
  /** In the window that ends now, this one included; what was released does not count. */
  readonly counted: number;
};

/** Keeps one deprovisioning and tells how many there were: one statement, which takes no lock that others wait for. */
export async function keepDeprovision(
  tx: Tx,
  row: { realm_id: string; client_id: string; id: string },
  at: Date,
): Promise<Counted | undefined> {
  const result = await sql<Counted>`
    with kept as (
      insert into provisioning_deprovisions (realm_id, client_id, id)
      values (${row.realm_id}, ${row.client_id}, ${row.id})
    )
    select c.max_count, c.max_percent, c.window_minutes, c.paused_at, c.paused_reason, c.rejected_at,
      c.released_until, 1 + (
        select count(*) from provisioning_deprovisions d
        where d.realm_id = c.realm_id and d.client_id = c.id
          and d.id >= uuid_v7_floor(greatest(
            ${at}::timestamptz - make_interval(mins => c.window_minutes), c.released_until))
      ) as counted
    from provisioning_clients c
    where c.realm_id = ${row.realm_id} and c.id = ${row.client_id}`.execute(tx);
  return result.rows[0];
}

/** @returns how many active identities belong to the client; counts no further than `most` */
export async function countActiveUpTo(
  tx: Tx,
  realmId: string,
  clientId: string,
  most: number,
): Promise<number> {
  const result = await sql<{ active: number }>`
    select count(*) as active from (
      select 1 from identities
      where realm_id = ${realmId} and provisioned_by = ${clientId} and status = 'ACTIVE'
      limit ${most}
    ) found`.execute(tx);
  return Number(result.rows[0]?.active ?? 0);
}

/** How many a client deprovisioned since then. */
export async function countDeprovisions(
  db: Db,
  realmId: string,
  clientId: string,
  since: Date,
): Promise<number> {
  const row = await db
    .selectFrom('provisioning_deprovisions')
    .select((eb) => eb.fn.countAll<number>().as('counted'))
    .where('realm_id', '=', realmId)
    .where('client_id', '=', clientId)
    .where('id', '>=', sql<string>`uuid_v7_floor(${since}::timestamptz)`)
    .executeTakeFirstOrThrow();
  return Number(row.counted);
}
