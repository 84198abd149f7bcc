import pg from 'pg';

export interface SeedSize {
  /** How many identities. */
  readonly identities: number;
  readonly groups: number;
}

/** The largest group: a tenth of the realm, at most this many. */
export const LARGEST_GROUP = 100_000;
const BATCH = 50_000;

/*
 * What a large directory looks like, made out of numbers alone, so that every run makes the same one:
 * - names as they occur: the n-th most common given or family name is n times rarer than the first (Zipf's law);
 * - usernames and work addresses made of the name and a number, a third with a private address too;
 * - seven in ten with an external id, as a provisioning client gives it, one in twenty suspended;
 * - accounts made over three years, one in five changed since;
 * - sizes of groups fall as 1 / rank^0.9 from a tenth of the realm (at most 100,000) to three members.
 */
const FUNCTIONS = `
create function pg_temp.share(n bigint, salt int) returns float8 language sql immutable
  return (hashint8extended(n, salt) & 1073741823) / 1073741824.0;
create function pg_temp.zipf(n bigint, salt int, size int) returns int language sql immutable
  return least(size, floor(power(size + 1, pg_temp.share(n, salt))))::int;
create function pg_temp.made_at(n bigint, size bigint) returns timestamptz language sql immutable
  return timestamptz '2023-11-01 00:00:00+00' + (n::float8 / size) * interval '1096 days';
create function pg_temp.identity_id(n bigint, size bigint) returns uuid language sql immutable
  return (lpad(to_hex(floor(extract(epoch from pg_temp.made_at(n, size)) * 1000)::bigint), 12, '0')
    || '7' || substr(md5(n::text), 1, 3) || '8' || substr(md5(n::text), 4, 15))::uuid;
create function pg_temp.group_id(n bigint) returns uuid language sql immutable
  return ('018bc000' || '0000' || '7' || substr(md5('g' || n), 1, 3) || '8' || substr(md5('g' || n), 4, 15))::uuid;
create function pg_temp.plain(name text) returns text language sql immutable
  return translate(lower(name), 'åäáàãâçéèêëíîïłñöøóôõśšüúžż''', 'aaaaaaceeeeiiilnooooossuuzz');
`;

const GIVEN =
  'Maria James Anna Mohammed Sofia David Li John Fatima Michael Elena Robert Laura Daniel Priya Thomas Emma Carlos Sarah Ahmed Julia Peter Yuki Lucas Olivia Ivan Nina Samuel Chloé Omar Eva Paul Mei Noah Aisha Felix Clara Mateusz Ingrid Raj Lena Victor Zoë Hugo Amina Erik Camila Jonas Sara Leo Kenji Marta Andrés Freya Tariq Alice Björn Rosa Kwame Astrid Pablo Linnéa Sven Ines Dmitri Hana Oskar Beatriz Arjun Maja Gabriel Leila Søren Tomasz Gül Rubén Siobhán Žofia Håkan Nuno';
const FAMILY =
  'Smith García Müller Wang Silva Johansson Nguyen Rossi Kowalski Dubois Khan Jensen Novák Kim Brown Martínez Schmidt Ivanov Santos Larsen Tanaka Lopez Weber Singh Costa Nilsen Horvath Moreau Ali Berg Wilson Fernández Fischer Chen Pereira Lind Suzuki Romano Nowak Petit Hansen Svoboda Park Taylor Sánchez Wagner Popov Almeida Dahl Watanabe Gómez Becker Patel Ribeiro Holm Farkas Laurent Hassan Strand Jones';
const ENDINGS = ' son berg man ova ski mann lund stein ez ier holm gaard ton well';
const DOMAINS = 'corp.example eu.corp.example labs.example partners.example retail.example';

const listed = (words: string): string =>
  `array[${words
    .split(' ')
    .map((word) => `'${word.replaceAll("'", "''")}'`)
    .join(',')}]`;

const IDENTITIES = `
insert into identities (realm_id, id, username, username_key, display_name, given_name, family_name, email, emails,
  external_id, status, version, created_at, updated_at)
select $1, pg_temp.identity_id(n, $2), username, username, given || ' ' || family, given, family, username,
  jsonb_build_array(jsonb_build_object('value', username, 'type', 'work', 'primary', true))
    || case when pg_temp.share(n, 5) < 0.33 then jsonb_build_array(jsonb_build_object(
      'value', pg_temp.plain(given || '.' || family) || n || '@mail.example', 'type', 'home')) else '[]' end,
  case when pg_temp.share(n, 6) < 0.7 then '00u' || substr(md5('x' || n), 1, 17) end,
  case when pg_temp.share(n, 7) < 0.05 then 'SUSPENDED' else 'ACTIVE' end,
  case when pg_temp.share(n, 8) < 0.2 then 2 else 1 end,
  pg_temp.made_at(n, $2),
  pg_temp.made_at(n, $2) + case when pg_temp.share(n, 8) < 0.2 then pg_temp.share(n, 9) * interval '30 days' else '0' end
from (
  select n, given, family, pg_temp.plain(given || '.' || family) || n || '@' || domain as username
  from (
    select n, (${listed(GIVEN)})[pg_temp.zipf(n, 1, ${GIVEN.split(' ').length})] as given,
      (${listed(FAMILY)})[pg_temp.zipf(n, 2, ${FAMILY.split(' ').length})]
        || (${listed(ENDINGS)})[pg_temp.zipf(n, 3, ${ENDINGS.split(' ').length})] as family,
      (${listed(DOMAINS)})[pg_temp.zipf(n, 4, ${DOMAINS.split(' ').length})] as domain
    from generate_series($3::bigint, $4::bigint) n offset 0
  ) named
) people`;

const GROUPS = `
insert into groups (realm_id, id, display_name, display_name_key, description)
select $1, pg_temp.group_id(n), name, lower(name), case when n % 3 = 0 then 'Made for the benchmark' end
from (select n, (array['Team','Project','Site','Access','Mailing list'])[1 + n % 5] || ' ' || n as name
  from generate_series(1, $2::bigint) n) named`;

/** A prime step walks through the whole realm, so that no identity is in a group twice. */
const MEMBERS = `
insert into group_members (realm_id, group_id, identity_id)
select $1, pg_temp.group_id(g), pg_temp.identity_id(1 + (k * 15485863 + g * 104729) % $2::bigint, $2::bigint)
from generate_series($3::bigint, $4::bigint) g
cross join lateral generate_series(1, least($2::bigint, greatest(3, floor($5::float8 / power(g, 0.9))))::bigint) k`;

/**
 * Fills an empty realm with a directory, and nothing else: rows as the services leave them, without events.
 * @param report is told how far it is
 */
export async function seed(
  databaseUrl: string,
  realmId: string,
  size: SeedSize,
  report: (line: string) => void = () => undefined,
): Promise<void> {
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  try {
    await client.query(
      "set maintenance_work_mem = '256MB'; set work_mem = '64MB'; set synchronous_commit = off",
    );
    await client.query(FUNCTIONS);
    const indexes = await dropIndexes(client);
    const started = performance.now();
    const took = (): string => `${((performance.now() - started) / 1000).toFixed(0)} s`;
    try {
      for (let from = 1; from <= size.identities; from += BATCH) {
        const to = Math.min(from + BATCH - 1, size.identities);
        await client.query(IDENTITIES, [realmId, size.identities, from, to]);
      }
      report(`${size.identities} identities after ${took()}`);
      await client.query(GROUPS, [realmId, size.groups]);
      // Each membership looks up its group and its identity: without statistics that goes through the wrong index.
      await client.query('analyze identities, groups');
      const largest = Math.min(LARGEST_GROUP, size.identities / 10);
      let members = 0;
      for (let from = 1; from <= size.groups; from = nextGroup(from)) {
        const to = Math.min(nextGroup(from) - 1, size.groups);
        const added = await client.query(MEMBERS, [realmId, size.identities, from, to, largest]);
        members += added.rowCount ?? 0;
      }
      report(`${size.groups} groups with ${members} memberships after ${took()}`);
    } finally {
      for (const definition of indexes) await client.query(definition);
    }
    await client.query('vacuum analyze');
    report(`indexes and statistics after ${took()}`);
  } finally {
    await client.end();
  }
}

/** Where a batch of groups ends: the large ones alone, the small ones by the thousand. */
const nextGroup = (from: number): number => from + Math.max(1, Math.min(1_000, Math.floor(from / 2)));

/** A text index that is built at once takes a fifth of what it takes row by row. @returns how to make them again */
async function dropIndexes(client: pg.Client): Promise<string[]> {
  const { rows } = await client.query<{ indexname: string; indexdef: string }>(
    `select indexname, indexdef from pg_indexes
     where schemaname = current_schema() and tablename in ('identities', 'group_members')
       and indexdef not like 'CREATE UNIQUE%'`,
  );
  for (const { indexname } of rows) await client.query(`drop index ${indexname}`);
  return rows.map(({ indexdef }) => indexdef);
}

/** The id of the largest group that `seed` makes; the n-th largest by its number. */
export const seededGroup = async (client: pg.Client, n = 1): Promise<string> => {
  const { rows } = await client.query<{ id: string }>(
    "select ('018bc0000000' || '7' || substr(md5('g' || $1::text), 1, 3) || '8' || substr(md5('g' || $1::text), 4, 15))::uuid as id",
    [String(n)],
  );
  return rows[0]?.id ?? '';
};
