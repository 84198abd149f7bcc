import pg from 'pg';

export interface SeedSize {
  /** How many identities. */
  readonly identities: number;
  readonly groups: number;
}

/** The largest group: a tenth of the realm, at most this many. */
export const LARGEST_GROUP = 100_000;
const BATCH = 50_000;
const TABLES = ['identities', 'passkeys', 'group_members'];

/*
 * What a large directory looks like, made out of numbers alone, so that every run makes the same one:
 * - names as they occur: the n-th most common given or family name is n times rarer than the first (Zipf's law);
 * - usernames and work addresses made of the name and a number, a third with a private address too;
 * - seven in ten made by a provisioning client, with an external id, one in twenty suspended;
 * - seven in ten with a job, a department and a language, half of all with a telephone;
 * - accounts made over three years, one in five changed since, six in ten with a passkey;
 * - sizes of groups fall as 1 / rank^0.9 from a tenth of the realm (at most 100,000) to three members.
 */
const FUNCTIONS = `
create function pg_temp.share(n bigint, salt int) returns float8 language sql immutable
  return (hashint8extended(n, salt) & 1073741823) / 1073741824.0;
create function pg_temp.zipf(n bigint, salt int, size int) returns int language sql immutable
  return least(size, floor(power(size + 1, pg_temp.share(n, salt))))::int;
create function pg_temp.made_ms(n bigint, size bigint) returns bigint language sql immutable
  return 1698796800000 + n * 94694400000 / size;
create function pg_temp.made_at(n bigint, size bigint) returns timestamptz language sql immutable
  return to_timestamp(pg_temp.made_ms(n, size) / 1000.0::float8);
create function pg_temp.identity_id(n bigint, size bigint) returns uuid language sql immutable
  return (lpad(to_hex(pg_temp.made_ms(n, size)), 12, '0')
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
const TITLES = 'Engineer Manager Analyst Consultant Nurse Driver Director Designer Clerk Welder Counsel';
const DEPARTMENTS = 'Sales Engineering Support Operations Finance Logistics Legal Research People';
const LOCALES = 'en-US en-GB de-DE sv-SE fr-FR es-ES pl-PL ja-JP';
const DOMAINS = 'corp.example eu.corp.example labs.example partners.example retail.example';

const listed = (words: string): string =>
  `array[${words
    .split(' ')
    .map((word) => `'${word.replaceAll("'", "''")}'`)
    .join(',')}]`;

const IDENTITIES = `
insert into identities (realm_id, id, username, username_key, display_name, given_name, family_name, email, emails,
  external_id, provisioned_by, status, enrollment_status, version, created_at, updated_at, profile)
select $1, pg_temp.identity_id(n, $2), username, username, given || ' ' || family, given, family, username,
  jsonb_build_array(jsonb_build_object('value', username, 'type', 'work', 'primary', true))
    || case when pg_temp.share(n, 5) < 0.33 then jsonb_build_array(jsonb_build_object(
      'value', pg_temp.plain(given || '.' || family) || n || '@mail.example', 'type', 'home')) else '[]' end,
  case when pg_temp.share(n, 6) < 0.7 then '00u' || substr(md5('x' || n), 1, 17) end,
  case when pg_temp.share(n, 6) < 0.7 then $5::uuid end,
  case when pg_temp.share(n, 7) < 0.05 then 'SUSPENDED' else 'ACTIVE' end,
  case when pg_temp.share(n, 10) < 0.6 then 'ENROLLED' else 'UNENROLLED' end,
  case when pg_temp.share(n, 8) < 0.2 then 2 else 1 end,
  pg_temp.made_at(n, $2),
  pg_temp.made_at(n, $2) + case when pg_temp.share(n, 8) < 0.2 then pg_temp.share(n, 9) * interval '30 days' else '0' end,
  case when pg_temp.share(n, 6) < 0.7 then jsonb_build_object('employeeNumber', lpad(n::text, 8, '0'),
    'title', (${listed(TITLES)})[pg_temp.zipf(n, 11, ${TITLES.split(' ').length})],
    'department', (${listed(DEPARTMENTS)})[pg_temp.zipf(n, 12, ${DEPARTMENTS.split(' ').length})],
    'locale', (${listed(LOCALES)})[pg_temp.zipf(n, 13, ${LOCALES.split(' ').length})]) else '{}' end
  || case when pg_temp.share(n, 14) < 0.5 then jsonb_build_object('phoneNumbers', jsonb_build_array(
    jsonb_build_object('value', '+46 8 ' || lpad(n::text, 8, '0'), 'type', 'work'))) else '{}' end
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
insert into groups (realm_id, id, display_name, display_name_key, description, external_id, provisioned_by)
select $1, pg_temp.group_id(n), name, lower(name), case when n % 3 = 0 then 'Made for the benchmark' end,
  case when n % 2 = 1 then '00g' || substr(md5('g' || n), 1, 17) end, case when n % 2 = 1 then $3::uuid end
from (select n, (array['Team','Project','Site','Access','Mailing list'])[1 + n % 5] || ' ' || n as name
  from generate_series(1, $2::bigint) n) named`;

const NUMBERED = `
create temp table numbered as
select n, pg_temp.identity_id(n, $1) as id from generate_series(1, $1::bigint) n`;

const PASSKEYS = `
insert into passkeys (realm_id, id, identity_id, credential_id, public_key, algorithm, sign_count, name, aaguid,
  device_bound, backed_up, user_verified, transports, attestation_format, relying_party_id, created_at)
select $1, id, id, sha256(n::text::bytea), sha256(('x' || n)::bytea) || sha256(('y' || n)::bytea), -7, n % 100,
  'Passkey', 'ea9b8d66-4d01-1d21-3ce4-b6b48cb575d4', false, true, true, '{internal,hybrid}', 'none', 'localhost',
  pg_temp.made_at(n, $2)
from numbered where pg_temp.share(n, 10) < 0.6`;

/** A prime step walks through the whole realm, so that no identity is in a group twice. */
const MEMBERS = `
insert into group_members (realm_id, group_id, identity_id)
select $1, g.id, numbered.id
from (select n, pg_temp.group_id(n) as id from generate_series(1, $3::bigint) n offset 0) g
cross join lateral generate_series(1, least($2::bigint, greatest(3, floor($4::float8 / power(g.n, 0.9))))::bigint) k
join numbered on numbered.n = 1 + (k * 15485863 + g.n * 104729) % $2::bigint`;

/**
 * Fills an empty realm with a directory, and nothing else: rows as the services leave them, without events.
 * @param clientId the provisioning client that most of it belongs to
 * @param report is told how far it is
 */
export async function seed(
  databaseUrl: string,
  realmId: string,
  clientId: string | null,
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
    const restore = await lighten(client);
    const started = performance.now();
    const step = async (what: string, sql: string, values: unknown[]): Promise<void> => {
      const { rowCount } = await client.query(sql, values);
      report(`${rowCount} ${what} after ${((performance.now() - started) / 1000).toFixed(0)} s`);
    };
    try {
      await step('numbers', NUMBERED, [size.identities]);
      await client.query('analyze numbered');
      for (let from = 1; from <= size.identities; from += BATCH) {
        const to = Math.min(from + BATCH - 1, size.identities);
        await client.query(IDENTITIES, [realmId, size.identities, from, to, clientId]);
      }
      await step('passkeys', PASSKEYS, [realmId, size.identities]);
      await step('groups', GROUPS, [realmId, size.groups, clientId]);
      const largest = Math.min(LARGEST_GROUP, size.identities / 10);
      await step('memberships', MEMBERS, [realmId, size.identities, size.groups, largest]);
    } finally {
      for (const statement of restore) await client.query(statement);
    }
    await client.query('vacuum analyze');
    report(`indexes and statistics after ${((performance.now() - started) / 1000).toFixed(0)} s`);
  } finally {
    await client.end();
  }
}

/**
 * Indexes, references and triggers cost several times more row by row than at once.
 * @returns the statements that put them back, and that check every reference again
 */
async function lighten(client: pg.Client): Promise<string[]> {
  const indexes = await client.query<{ drop: string; restore: string }>(
    `select format('drop index %I', indexname) as drop, indexdef as restore from pg_indexes
     where schemaname = current_schema() and tablename = any($1) and indexdef not like 'CREATE UNIQUE%'`,
    [TABLES],
  );
  const references = await client.query<{ drop: string; restore: string }>(
    `select format('alter table %s drop constraint %I', conrelid::regclass, conname) as drop,
       format('alter table %s add constraint %I %s', conrelid::regclass, conname, pg_get_constraintdef(oid)) as restore
     from pg_constraint where contype = 'f' and conrelid::regclass::text = any($1)`,
    [TABLES],
  );
  const all = [
    ...references.rows,
    ...indexes.rows,
    {
      drop: 'alter table passkeys disable trigger passkeys_enrollment',
      restore: 'alter table passkeys enable trigger passkeys_enrollment',
    },
  ];
  for (const { drop } of all) await client.query(drop);
  return all.map(({ restore }) => restore).reverse();
}

/** The id of the largest group that `seed` makes; the n-th largest by its number. */
export const seededGroup = async (client: pg.Client, n = 1): Promise<string> => {
  const { rows } = await client.query<{ id: string }>(
    "select ('018bc0000000' || '7' || substr(md5('g' || $1::text), 1, 3) || '8' || substr(md5('g' || $1::text), 4, 15))::uuid as id",
    [String(n)],
  );
  return rows[0]?.id ?? '';
};
