import { type RawBuilder, sql } from 'kysely';
import type { EnrollmentStatus } from '../../database/schema.js';
import { comparable } from '../../kernel/text.js';

type Sql = RawBuilder<boolean>;

export interface IdentityFilter {
  /** What a person typed: every word of it must be in the username, a name, the address or the external id. */
  readonly query?: string | undefined;
  readonly status?: 'ACTIVE' | 'SUSPENDED' | undefined;
  readonly enrollmentStatus?: readonly EnrollmentStatus[] | undefined;
  readonly groupId?: string | undefined;
  readonly notInGroupId?: string | undefined;
  readonly provisionedBy?: string | undefined;
  /** `After` is from that moment on, `Before` is until just before it. */
  readonly createdAfter?: Date | undefined;
  readonly createdBefore?: Date | undefined;
  readonly updatedAfter?: Date | undefined;
  readonly lastSignInAfter?: Date | undefined;
  readonly lastSignInBefore?: Date | undefined;
  readonly neverSignedIn?: boolean | undefined;
}

/** What the rows `i` of a list must meet, besides being of the realm. */
export function conditionsOf(realmId: string, filter: IdentityFilter, patterns: readonly string[]): Sql[] {
  const conditions = patterns.map(contains);
  const { status, enrollmentStatus, groupId, notInGroupId, provisionedBy } = filter;
  // As literals: the database knows how many have each of them.
  if (status) conditions.push(sql<boolean>`i.status = ${sql.lit(status)}`);
  if (enrollmentStatus)
    conditions.push(
      enrollmentStatus.length === 0
        ? sql<boolean>`false`
        : sql<boolean>`i.enrollment_status in (${sql.join(enrollmentStatus.map((one) => sql.lit(one)))})`,
    );
  if (groupId !== undefined) conditions.push(memberOf(realmId, groupId));
  if (notInGroupId !== undefined) conditions.push(sql<boolean>`not ${memberOf(realmId, notInGroupId)}`);
  if (provisionedBy !== undefined) conditions.push(sql<boolean>`i.provisioned_by = ${provisionedBy}::uuid`);
  return [...conditions, ...timesOf(filter), ...signInsOf(realmId, filter)];
}

function timesOf({ createdAfter, createdBefore, updatedAfter }: IdentityFilter): Sql[] {
  return [
    ...(createdAfter ? [sql<boolean>`i.created_at >= ${createdAfter}`] : []),
    ...(createdBefore ? [sql<boolean>`i.created_at < ${createdBefore}`] : []),
    ...(updatedAfter ? [sql<boolean>`i.updated_at >= ${updatedAfter}`] : []),
  ];
}

/** Someone signed in last when any of their passkeys, revoked ones too, was used last. */
function signInsOf(realmId: string, filter: IdentityFilter): Sql[] {
  const { lastSignInAfter, lastSignInBefore, neverSignedIn } = filter;
  const used = (when: RawBuilder<unknown>) => sql<boolean>`exists (select 1 from passkeys k
    where k.realm_id = ${realmId} and k.identity_id = i.id and k.last_used_at ${when})`;
  const ever = used(sql`is not null`);
  return [
    ...(lastSignInAfter ? [used(sql`>= ${lastSignInAfter}`)] : []),
    ...(lastSignInBefore
      ? [used(sql`< ${lastSignInBefore}`), sql<boolean>`not ${used(sql`>= ${lastSignInBefore}`)}`]
      : []),
    ...(neverSignedIn === undefined ? [] : [neverSignedIn ? sql<boolean>`not ${ever}` : ever]),
  ];
}

const memberOf = (realmId: string, groupId: string): Sql => sql<boolean>`exists (select 1 from group_members m
  where m.realm_id = ${realmId} and m.group_id = ${groupId}::uuid and m.identity_id = i.id)`;

/** The members of a small group are found at once; only those of a large one are worth looking for among all. */
const LARGE = 5_000;
export const largeGroup = (realmId: string, { groupId }: IdentityFilter): Sql =>
  groupId === undefined
    ? sql<boolean>`true`
    : sql<boolean>`(select count(*) from (select 1 from group_members m
        where m.realm_id = ${realmId} and m.group_id = ${groupId}::uuid limit ${LARGE}) counted) = ${LARGE}`;

/** Usernames that begin with the text that was typed. */
export const beginsWith = (typed: string): Sql =>
  sql<boolean>`i.username_key like ${`${comparable(typed.trim()).replace(/[\\%_]/g, '\\$&')}%`}`;

export const allOf = (conditions: readonly Sql[]): Sql => sql<boolean>`${sql.join(conditions, sql` and `)}`;

/** What the index looks up of a long word: each further letter is one more list of a great many rows to go through. */
const LOOKED_UP = 8;

/** The end of a long word finds its rows, the whole of it decides. */
function contains(pattern: string): Sql {
  const word = /^%([a-z0-9 ]+)%$/.exec(pattern)?.[1];
  const whole = sql<boolean>`i.search_text like ${pattern}`;
  if (word === undefined || word.length <= LOOKED_UP + 2) return whole;
  return sql<boolean>`(i.search_text like ${`%${word.slice(-LOOKED_UP)}%`} and (i.search_text || '') like ${pattern})`;
}
