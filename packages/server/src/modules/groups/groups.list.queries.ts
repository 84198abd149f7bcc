import { type RawBuilder, type Selectable, sql } from 'kysely';
import { PLANNED_FOR_ITS_VALUES } from '../../database/pool.js';
import type { IdentitiesTable } from '../../database/schema.js';
import type { Db } from '../../kernel/command.js';
import type { Slice } from '../../kernel/page.js';
import { likePattern } from '../../kernel/text.js';
import type { GroupRow } from './groups.queries.js';

/** A name is the only one of its kind in a realm, and an id tells its age: neither needs another to tell equals apart. */
const COLUMNS = { NAME: 'display_name_key', CREATED_AT: 'id' } as const;
export type GroupOrder = `${keyof typeof COLUMNS}_${'ASC' | 'DESC'}`;

export interface GroupFilter {
  /** A part of the name. */
  readonly query?: string | undefined;
  readonly managed?: boolean | undefined;
}

export const columnOf = (order: GroupOrder) => COLUMNS[order.startsWith('NAME') ? 'NAME' : 'CREATED_AT'];

export function selectGroups(
  db: Db,
  realmId: string,
  slice: Slice,
  filter: GroupFilter,
  order: GroupOrder,
): Promise<GroupRow[]> {
  const column = columnOf(order);
  const descending = order.endsWith('DESC') !== slice.backward;
  let query = db.selectFrom('groups').selectAll().where('realm_id', '=', realmId);
  if (filter.query) query = query.where('display_name_key', 'like', likePattern(filter.query));
  if (filter.managed !== undefined) query = query.where('managed', filter.managed ? 'is not' : 'is', null);
  const [, from] = slice.from ?? [];
  if (from !== undefined) query = query.where(column, descending ? '<' : '>', from);
  return query
    .orderBy(column, descending ? 'desc' : 'asc')
    .limit(slice.limit + 1)
    .execute();
}

/** @param patterns for `search_text`, all of which must match */
export async function selectMembers(
  db: Db,
  realmId: string,
  groupId: string,
  slice: Slice,
  patterns: readonly string[],
): Promise<Selectable<IdentitiesTable>[]> {
  const [from] = slice.from ?? [];
  const way = sql.raw(slice.backward ? 'desc' : 'asc');
  const conditions: RawBuilder<unknown>[] = [
    sql`m.realm_id = ${realmId} and m.group_id = ${groupId}`,
    ...(from === undefined ? [] : [sql`m.identity_id ${sql.raw(slice.backward ? '<' : '>')} ${from}`]),
    ...patterns.map((pattern) => sql`i.search_text like ${pattern}`),
  ];
  // How many match is known only when it is known what is searched for.
  const planned = sql.raw(patterns.length > 0 ? PLANNED_FOR_ITS_VALUES : '');
  const result = await sql<Selectable<IdentitiesTable>>`${planned}
    select i.* from group_members m
    join identities i on i.realm_id = m.realm_id and i.id = m.identity_id
    where ${sql.join(conditions, sql` and `)}
    order by m.identity_id ${way} limit ${slice.limit + 1}`.execute(db);
  return result.rows;
}

/** The groups of many identities in one statement: a page of identities costs one query more, not one each. */
export async function selectGroupsOfMany(
  db: Db,
  realmId: string,
  identityIds: readonly string[],
  slice: Slice,
): Promise<(GroupRow & { identity_id: string })[]> {
  const [from] = slice.from ?? [];
  const way = sql.raw(slice.backward ? 'desc' : 'asc');
  const beyond =
    from === undefined ? sql`` : sql`and m.group_id ${sql.raw(slice.backward ? '<' : '>')} ${from}`;
  const result = await sql<GroupRow & { identity_id: string }>`
    select g.*, i.identity_id
    from unnest(${sql.val([...identityIds])}::uuid[]) as i(identity_id)
    cross join lateral (
      select g.* from group_members m
      join groups g on g.realm_id = m.realm_id and g.id = m.group_id
      where m.realm_id = ${realmId} and m.identity_id = i.identity_id ${beyond}
      order by m.group_id ${way} limit ${slice.limit + 1}
    ) g
    order by g.id ${way}`.execute(db);
  return result.rows;
}

/** How many members each group has, counted no further than `most`. */
export async function countMembersOfMany(
  db: Db,
  realmId: string,
  groupIds: readonly string[],
  most: number,
): Promise<Map<string, number>> {
  const result = await sql<{ group_id: string; members: number }>`
    select g.group_id, c.members from unnest(${sql.val([...groupIds])}::uuid[]) as g(group_id)
    cross join lateral (
      select count(*)::int as members from (
        select 1 from group_members m where m.realm_id = ${realmId} and m.group_id = g.group_id limit ${most}
      ) counted
    ) c`.execute(db);
  return new Map(result.rows.map((row) => [row.group_id, row.members]));
}
