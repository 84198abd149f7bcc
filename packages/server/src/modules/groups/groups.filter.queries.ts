import { sql } from 'kysely';
import {
  type Column,
  conditionOf,
  NOTHING_RELATED,
  orderSql,
  partOf,
  type Shape,
  whereOf,
} from '../../database/filter.js';
import type { Db, Tx } from '../../kernel/command.js';
import type { Part, Span } from '../../kernel/filter.js';
import type { GroupField, GroupsFilter, GroupsOrder, MemberFilter } from './groups.filter.js';
import type { GroupRow } from './groups.queries.js';

const COLUMNS: Readonly<Record<GroupField, Column>> = {
  id: { column: sql`g.id`, kind: 'id' },
  displayName: { column: sql`g.display_name_key`, kind: 'key' },
  externalId: { column: sql`g.external_id`, kind: 'exact' },
  createdAt: { column: sql`g.created_at`, kind: 'time' },
  updatedAt: { column: sql`g.updated_at`, kind: 'time' },
  provisionedBy: { column: sql`g.provisioned_by`, kind: 'id' },
};

const orderColumn = (field: GroupsOrder['field']): Column =>
  typeof field === 'string'
    ? COLUMNS[field]
    : {
        column: sql`(case when coalesce(g.provisioned_by, ${field.externalIdFor}::uuid) = ${field.externalIdFor}::uuid
          then g.external_id end)`,
        kind: 'exact',
      };

const MEMBERS: Shape<'value' | 'display', never> = {
  column: (field) =>
    field === 'value'
      ? { column: sql`m.identity_id`, kind: 'id' }
      : { column: sql`lower(i.display_name)`, kind: 'folded' },
  some: NOTHING_RELATED,
};

const GROUPS: Shape<GroupField, MemberFilter> = {
  column: (field) => COLUMNS[field],
  some: (member) => sql<boolean>`exists (
    select 1 from group_members m join identities i on i.realm_id = m.realm_id and i.id = m.identity_id
    where m.realm_id = g.realm_id and m.group_id = g.id and ${conditionOf(member, MEMBERS)})`,
};

type Positioned = GroupRow & { readonly position: string | null };

export async function selectFilteredGroups(
  db: Db,
  realmId: string,
  filter: GroupsFilter | undefined,
  order: GroupsOrder | undefined,
  span: Span,
): Promise<Part<Positioned>> {
  const { key, by, from, window } = orderSql(
    order && orderColumn(order.field),
    order?.descending ?? false,
    sql`g.id`,
    span,
  );
  const result = await sql<Positioned>`
    select g.*, ${key} as position from groups g
    where g.realm_id = ${realmId} and ${whereOf(filter, GROUPS)} and ${from}
    order by ${by} ${window}`.execute(db);
  return partOf(span, result.rows);
}

export async function countFilteredGroups(
  db: Db,
  realmId: string,
  filter: GroupsFilter | undefined,
): Promise<number> {
  const result = await sql<{ total: number }>`
    select count(*)::int as total from groups g where g.realm_id = ${realmId} and ${whereOf(filter, GROUPS)}`.execute(
    db,
  );
  return result.rows[0]?.total ?? 0;
}

export interface RelatedRow {
  /** The group whose member it is, or the identity whose group. */
  readonly owner: string;
  readonly id: string;
  readonly display: string;
}

/** Every member of the groups, in one statement; one more than the most where there are too many. */
export async function selectAllMembers(
  db: Db | Tx,
  realmId: string,
  groupIds: readonly string[],
  most: number,
): Promise<RelatedRow[]> {
  const result = await sql<RelatedRow>`
    select m.group_id as owner, i.id, i.display_name as display from group_members m
    join identities i on i.realm_id = m.realm_id and i.id = m.identity_id
    where m.realm_id = ${realmId} and m.group_id = any(${sql.val([...groupIds])}::uuid[])
    order by m.group_id, m.identity_id limit ${most + 1}`.execute(db);
  return result.rows;
}

/** Every group of the identities, in one statement; one more than the most where there are too many. */
export async function selectAllGroups(
  db: Db | Tx,
  realmId: string,
  identityIds: readonly string[],
  most: number,
): Promise<RelatedRow[]> {
  const result = await sql<RelatedRow>`
    select m.identity_id as owner, g.id, g.display_name as display from group_members m
    join groups g on g.realm_id = m.realm_id and g.id = m.group_id
    where m.realm_id = ${realmId} and m.identity_id = any(${sql.val([...identityIds])}::uuid[])
    order by m.identity_id, g.id limit ${most + 1}`.execute(db);
  return result.rows;
}
