import { request } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { usageFrom } from './measure.ts';
import { type BenchOptions, type LargeRealm, openLargeRealm } from './realm.ts';

const LINES = 20_000;
/** As many rows in a transaction as the server takes lines at a time. */
const BATCH = 200;

/** Lines of an import a second, beside the bare SQL that leaves the same rows. */
export async function benchImports(options: BenchOptions): Promise<string[]> {
  const realm = await openLargeRealm(options);
  try {
    const run = Date.now().toString(36);
    const bare = await bareSql(realm, `bare-${run}`);
    await grouped(realm, run);
    const rates: [string, Rate][] = [
      ['created', await imported(realm, 'CREATE', file(run, 'Clerk'))],
      [
        'created, each in two groups',
        await imported(realm, 'CREATE', file(`${run}-g`, 'Clerk', groupsOf(run))),
      ],
      [
        'created, one in ten at fault',
        await imported(realm, 'CREATE', file(`${run}-f`, 'Clerk', undefined, 10)),
      ],
      ['changed', await imported(realm, 'UPSERT', file(run, 'Head'))],
      ['left as they are', await imported(realm, 'UPSERT', file(run, 'Head'))],
      ['checked', await imported(realm, 'CREATE', file(`${run}-c`, 'Clerk'), 'check')],
    ];
    const again = await bareSql(realm, `again-${run}`);
    const sql = (bare + again) / 2;
    const shown = (words: readonly string[]): string => words.map((word) => word.padStart(11)).join('');
    return [
      ...realm.report,
      `${'lines a second'.padEnd(30)}${shown(['ours', 'of SQL', 'server', 'database'])}`,
      ...rates.map(([what, { rate, server, database }]) => {
        const figures = [rate.toFixed(0), (rate / sql).toFixed(2), server.toFixed(2), database.toFixed(2)];
        return `${what.padEnd(30)}${shown(figures)}`;
      }),
      `${'bare SQL, before and after'.padEnd(30)}${shown([bare.toFixed(0), again.toFixed(0)])}`,
      `(bare SQL: the identities and their events, ${BATCH} in a transaction, nothing asked; aim: 1,000 lines a second;`,
      'server and database: milliseconds of processor time for a line, its way out of the waiting lines included)',
    ];
  } finally {
    await realm.close();
  }
}

const groupsOf = (run: string): string[] => [`Imported ${run}`, `Imported too ${run}`];

async function grouped(realm: LargeRealm, run: string): Promise<void> {
  for (const displayName of groupsOf(run))
    await realm.scim('POST', '/Groups', { schemas: [GROUP], displayName });
}

const GROUP = 'urn:ietf:params:scim:schemas:core:2.0:Group';

function* file(run: string, title: string, groups: readonly string[] = [], faultIn = 0): Generator<string> {
  yield 'username,displayName,givenName,familyName,email,title,externalId,groups\n';
  for (let n = 1; n <= LINES; n++) {
    const name = `import-${run}-${n}@corp.example`;
    const email = faultIn > 0 && n % faultIn === 0 ? 'nonsense' : name;
    yield `${name},Given Family ${n},Given,Family ${n},${email},${title},${run}-${n},${groups.join(';')}\n`;
  }
}

const CREATE = `mutation ($input: CreateDirectoryImportInput!) { createDirectoryImport(input: $input) {
  directoryImport { id } errors { message } } }`;
const starts = (what: 'check' | 'run') => `mutation ($input: DirectoryImportActionInput!) {
  started: ${what}DirectoryImport(input: $input) { directoryImport { id } errors { message } } }`;

interface Rate {
  readonly rate: number;
  readonly server: number;
  readonly database: number;
}

/** @returns lines a second, from the start of the pass to its end as the server tells them */
async function imported(
  realm: LargeRealm,
  mode: 'CREATE' | 'UPSERT',
  lines: Iterable<string>,
  what: 'check' | 'run' = 'run',
): Promise<Rate> {
  const { realmId } = realm;
  const made = await realm.graphql<{ createDirectoryImport: { directoryImport: { id: string } } }>(CREATE, {
    input: { realmId, name: 'Bench', format: 'CSV', mode },
  });
  const { id } = made.data.createDirectoryImport.directoryImport;
  await upload(realm, `/realms/${realmId}/imports/${id}/file`, lines);
  const used = usageFrom(realm.server.process.pid ?? 0);
  await realm.graphql(starts(what), { input: { realmId, importId: id } });
  for (;;) {
    await sleep(100);
    const { rows } = await realm.database.query<{ seconds: number | null; processed: number }>(
      `select extract(epoch from finished_at - started_at)::float8 as seconds, processed
       from imports where realm_id = $1 and id = $2`,
      [realmId, id],
    );
    const [row] = rows;
    if (row?.seconds == null) continue;
    const { server, database } = used();
    return { rate: row.processed / row.seconds, server: server / LINES, database: database / LINES };
  }
}

function upload(realm: LargeRealm, path: string, lines: Iterable<string>): Promise<void> {
  return new Promise((done, failed) => {
    const headers = { authorization: `Bearer ${realm.token}`, 'content-type': 'text/csv' };
    const sent = request(`${realm.server.url}${path}`, { method: 'PUT', headers }, (response) => {
      response.resume();
      response.on('end', () =>
        response.statusCode === 200 ? done() : failed(new Error(`${response.statusCode}`)),
      );
    });
    sent.on('error', failed);
    const waiting = lines[Symbol.iterator]();
    const more = (): void => {
      for (let next = waiting.next(); !next.done; next = waiting.next())
        if (!sent.write(next.value)) {
          sent.once('drain', more);
          return;
        }
      sent.end();
    };
    more();
  });
}

/** @returns identities a second, with the event of each */
async function bareSql(realm: LargeRealm, run: string): Promise<number> {
  const client = new pg.Client({ connectionString: realm.server.databaseUrl() });
  await client.connect();
  try {
    const started = performance.now();
    for (let from = 1; from <= LINES; from += BATCH) {
      const values = [realm.realmId, from, from + BATCH - 1, run];
      await client.query('begin');
      await client.query({ name: 'identities', text: IDENTITIES, values });
      await client.query({ name: 'events', text: EVENTS, values });
      await client.query('commit');
    }
    return LINES / ((performance.now() - started) / 1_000);
  } finally {
    await client.end();
  }
}

const NAMED = `select n, $4 || '-' || n || '@corp.example' as name from generate_series($2::integer, $3::integer) n`;
const IDENTITIES = `insert into identities (realm_id, id, username, username_key, display_name, given_name, family_name,
    email, emails, external_id, profile)
  select $1, uuidv7(), name, name, 'Given Family ' || n, 'Given', 'Family ' || n, name,
    jsonb_build_array(jsonb_build_object('value', name, 'primary', true)), $4 || '-' || n, '{"title":"Clerk"}'
  from (${NAMED}) named`;
const EVENTS = `insert into events (realm_id, id, occurred_at, type, outcome, actor_kind, actor_name, subject_kind,
    subject_id, subject_name, correlation_id, data)
  select $1, uuidv7(), now(), 'identity.created', 'SUCCESS', 'SYSTEM', 'Bench', 'IDENTITY', uuidv7(),
    'Given Family ' || n, uuidv7(), jsonb_build_object('username', name)
  from (${NAMED}) named`;
