import { type Insertable, type RawBuilder, type Selectable, sql } from 'kysely';
import type { CampaignPeopleTable } from '../../database/schema-campaigns.js';
import type { Db, Tx } from '../../kernel/command.js';
import type { Slice } from '../../kernel/page.js';
import type { CampaignRow } from './campaigns.queries.js';

type Sql = RawBuilder<boolean>;
type Of = Pick<CampaignRow, 'realm_id' | 'id' | 'group_id'>;

export type PersonRow = Selectable<CampaignPeopleTable>;

/** As `isMailable`, in the words of the database. */
const MAILABLE = sql<boolean>`(i.email is not null and length(i.email) <= 254
  and i.email ~ '^[^][:space:]@<>()[\\\\,;:"]+@[^][:space:]@<>()[\\\\,;:"]+$')`;

const memberOf = ({ realm_id, group_id }: Pick<Of, 'realm_id' | 'group_id'>): Sql =>
  group_id === null
    ? sql<boolean>`true`
    : sql<boolean>`exists (select 1 from group_members m
        where m.realm_id = ${realm_id} and m.group_id = ${group_id} and m.identity_id = i.id)`;

/** Who is to be asked and was not; also who had no address and has one now. */
const UNASKED = sql<boolean>`i.status = 'ACTIVE' and i.enrollment_status <> 'ENROLLED'
  and (p.identity_id is null or (p.state = 'NO_ADDRESS' and ${MAILABLE}))`;

/** The next of them after the last one seen, by id. */
export async function selectUnasked(db: Db, of: CampaignRow, limit: number): Promise<string[]> {
  const { rows } = await sql<{ id: string }>`
    select i.id from identities i
    left join campaign_people p on p.realm_id = i.realm_id and p.campaign_id = ${of.id} and p.identity_id = i.id
    where i.realm_id = ${of.realm_id} and ${UNASKED} and ${memberOf(of)}
      and (${of.asked_up_to}::uuid is null or i.id > ${of.asked_up_to}::uuid)
    order by i.id limit ${limit}`.execute(db);
  return rows.map(({ id }) => id);
}

/** Whom a round of reminders has yet to reach, after the last one seen, by id. */
export async function selectUnreminded(
  db: Db,
  of: CampaignRow,
  round: Date,
  limit: number,
): Promise<string[]> {
  const { rows } = await sql<{ identity_id: string }>`
    select p.identity_id from campaign_people p
    join identities i on i.realm_id = p.realm_id and i.id = p.identity_id
    where p.realm_id = ${of.realm_id} and p.campaign_id = ${of.id} and p.state = 'ASKED'
      and greatest(p.settled_at, p.reminded_at) < ${round}
      and i.status = 'ACTIVE' and i.enrollment_status <> 'ENROLLED' and ${memberOf(of)}
      and (${of.reminded_up_to}::uuid is null or p.identity_id > ${of.reminded_up_to}::uuid)
    order by p.identity_id limit ${limit}`.execute(db);
  return rows.map(({ identity_id }) => identity_id);
}

export const isMember = async (tx: Tx, of: Of, identityId: string): Promise<boolean> => {
  if (of.group_id === null) return true;
  const { rows } = await sql`
    select 1 from identities i where i.realm_id = ${of.realm_id} and i.id = ${identityId} and ${memberOf(of)}`.execute(
    tx,
  );
  return rows.length > 0;
};

export const lockPerson = (tx: Tx, of: Of, identityId: string): Promise<PersonRow | undefined> =>
  tx
    .selectFrom('campaign_people')
    .selectAll()
    .where('realm_id', '=', of.realm_id)
    .where('campaign_id', '=', of.id)
    .where('identity_id', '=', identityId)
    .forUpdate()
    .executeTakeFirst();

export const upsertPerson = (tx: Tx, row: Insertable<CampaignPeopleTable>): Promise<PersonRow> =>
  tx
    .insertInto('campaign_people')
    .values(row)
    .onConflict((conflict) =>
      conflict.columns(['realm_id', 'campaign_id', 'identity_id']).doUpdateSet({
        state: row.state,
        binding_job_id: row.binding_job_id,
        settled_at: row.settled_at,
      }),
    )
    .returningAll()
    .executeTakeFirstOrThrow();

export const setReminded = (
  tx: Tx,
  row: PersonRow,
  set: { binding_job_id: string | null; reminded_at: Date; reminders: number },
) =>
  tx
    .updateTable('campaign_people')
    .set(set)
    .where('realm_id', '=', row.realm_id)
    .where('campaign_id', '=', row.campaign_id)
    .where('identity_id', '=', row.identity_id)
    .execute();

export const PERSON_STATES = [
  'ENROLLED',
  'WAITING',
  'FAILED',
  'LAPSED',
  'NO_ADDRESS',
  'ADMINISTRATOR',
  'EXCLUDED',
] as const;
export type PersonState = (typeof PERSON_STATES)[number];

/** Where a person stands now: with a passkey, whoever they are; else by the last link that they were sent. */
const stateAt = (at: Date) => sql<PersonState>`case
  when i.enrollment_status = 'ENROLLED' then 'ENROLLED'
  when p.state <> 'ASKED' then p.state
  when j.status in ('FAILED', 'FAILED_TO_SEND') then 'FAILED'
  when i.status = 'ACTIVE' and j.status in ('LINK_SENT', 'LINK_OPENED', 'CHALLENGED') and j.expires_at > ${at}
    then 'WAITING'
  else 'LAPSED' end`;

const PEOPLE = sql`campaign_people p
  join identities i on i.realm_id = p.realm_id and i.id = p.identity_id
  left join credential_binding_jobs j on j.realm_id = p.realm_id and j.id = p.binding_job_id`;

export interface Coverage {
  readonly asked: number;
  readonly enrolled: number;
  readonly waiting: number;
  readonly failed: number;
  readonly lapsed: number;
  readonly no_address: number;
  readonly administrators: number;
  readonly excluded: number;
  readonly reminded: number;
  /** Of those who are to be asked, who has yet to be. */
  readonly unasked: number;
}

/** All of it at one moment. */
export async function selectCoverage(db: Db, of: CampaignRow, at: Date): Promise<Coverage> {
  const inState = (state: PersonState) => sql`count(*) filter (where s.now = ${sql.lit(state)})::int`;
  const { rows } = await sql<Coverage>`
    select count(*) filter (where s.state = 'ASKED')::int as asked,
      count(*) filter (where s.now = 'ENROLLED' and s.state = 'ASKED')::int as enrolled,
      ${inState('WAITING')} as waiting, ${inState('FAILED')} as failed, ${inState('LAPSED')} as lapsed,
      ${inState('NO_ADDRESS')} as no_address, ${inState('ADMINISTRATOR')} as administrators,
      ${inState('EXCLUDED')} as excluded, count(*) filter (where s.reminders > 0)::int as reminded,
      (select count(*)::int from identities i
        left join campaign_people p on p.realm_id = i.realm_id and p.campaign_id = ${of.id} and p.identity_id = i.id
        where i.realm_id = ${of.realm_id} and ${UNASKED} and ${memberOf(of)}) as unasked
    from (
      select p.state, p.reminders, ${stateAt(at)} as now from ${PEOPLE}
      where p.realm_id = ${of.realm_id} and p.campaign_id = ${of.id}
    ) s`.execute(db);
  const [coverage] = rows;
  if (!coverage) throw new Error('a count has a row');
  return coverage;
}

export interface ListedPerson extends PersonRow {
  readonly now: PersonState;
}

/** By id, those in one of the states. */
export async function selectPeople(
  db: Db,
  of: CampaignRow,
  slice: Slice,
  states: readonly PersonState[],
  at: Date,
): Promise<ListedPerson[]> {
  const [from] = slice.from ?? [];
  const beyond =
    from === undefined ? sql`true` : sql`p.identity_id ${sql.raw(slice.backward ? '<' : '>')} ${from}::uuid`;
  const { rows } = await sql<ListedPerson>`
    select * from (
      select p.*, ${stateAt(at)} as now from ${PEOPLE}
      where p.realm_id = ${of.realm_id} and p.campaign_id = ${of.id} and ${beyond}
    ) s where s.now = any(${sql.val([...states])}::text[])
    order by s.identity_id ${sql.raw(slice.backward ? 'desc' : 'asc')} limit ${slice.limit + 1}`.execute(db);
  return rows;
}

export interface Preview {
  readonly would_ask: number;
  readonly without_address: number;
  readonly enrolled: number;
  readonly suspended: number;
}

/** Of the whole realm or of a group. */
export async function selectPreview(db: Db, realmId: string, groupId: string | null): Promise<Preview> {
  const { rows } = await sql<Preview>`
    select
      count(*) filter (where i.status = 'ACTIVE' and i.enrollment_status <> 'ENROLLED' and ${MAILABLE})::int as would_ask,
      count(*) filter (where i.status = 'ACTIVE' and i.enrollment_status <> 'ENROLLED' and not ${MAILABLE})::int as without_address,
      count(*) filter (where i.status = 'ACTIVE' and i.enrollment_status = 'ENROLLED')::int as enrolled,
      count(*) filter (where i.status <> 'ACTIVE')::int as suspended
    from identities i where i.realm_id = ${realmId} and ${memberOf({ realm_id: realmId, group_id: groupId })}`.execute(
    db,
  );
  const [preview] = rows;
  if (!preview) throw new Error('a count has a row');
  return preview;
}
