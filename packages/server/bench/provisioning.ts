import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { Agent, request } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import pg from 'pg';
import { type Row, table } from './measure.ts';
import { type BenchOptions, type LargeRealm, openLargeRealm } from './realm.ts';
import { seededGroup } from './seed.ts';
import { freePort } from './server.ts';

const SECONDS = 6;
const CLIENTS = [1, 8, 32];
/** As many connections as the server has. */
const CONNECTIONS = 20;

type Action = (round: number) => Promise<unknown>;

/** Creates and changes over SCIM, beside the bare SQL of the same and a SCIM server that keeps all in memory. */
export async function benchProvisioning(options: BenchOptions): Promise<string[]> {
  const realm = await openLargeRealm(options);
  try {
    await realm.database.query('update provisioning_clients set max_count = null, max_percent = null');
    return [...realm.report, ...(await rates(realm)), '', ...table(await oneMember(realm))];
  } finally {
    await realm.close();
  }
}

async function rates(realm: LargeRealm): Promise<string[]> {
  const { rows: owned } = await realm.database.query<{ id: string }>(
    'select id from identities where realm_id = $1 and provisioned_by is not null limit 20000',
    [realm.realmId],
  );
  const run = randomUUID().slice(0, 8);
  const idAt = (n: number): string => owned[(n * 7919) % owned.length]?.id ?? '';
  const bare = await bareSql(realm, run, idAt);
  const memory = await inMemory(run);
  const ours = {
    create: async (n: number) => expectDone(await realm.scim('POST', '/Users', userBody(`ours-${run}-${n}`))),
    patch: async (n: number) => expectDone(await realm.scim('PATCH', `/Users/${idAt(n)}`, patchBody(n))),
  };
  const lines = [
    `${'a second'.padEnd(28)}${['ours', 'bare SQL', 'in memory', 'of SQL', 'of memory'].map((word) => word.padStart(11)).join('')}`,
  ];
  for (const what of ['create', 'patch'] as const)
    for (const clients of CLIENTS) {
      const [us, sql, other] = [
        await rate(clients, ours[what]),
        await rate(clients, bare[what]),
        await rate(clients, memory[what]),
      ];
      const figures = [
        us.toFixed(0),
        sql.toFixed(0),
        other.toFixed(0),
        (us / sql).toFixed(2),
        (us / other).toFixed(2),
      ];
      lines.push(
        `${`SCIM ${what}, ${clients} clients`.padEnd(28)}${figures.map((figure) => figure.padStart(11)).join('')}`,
      );
    }
  lines.push('(aim: a third of the bare SQL’s rate)');
  await bare.close();
  memory.close();
  return lines;
}

let counter = 0;

/** How many times a second an action can be done by so many who each wait for their answer. */
async function rate(clients: number, action: Action): Promise<number> {
  const until = { stop: false };
  let done = 0;
  const one = async () => {
    while (!until.stop) {
      counter += 1;
      await action(counter);
      done += 1;
    }
  };
  const all = Array.from({ length: clients }, one);
  await sleep(1_000);
  const [from, started] = [done, performance.now()];
  await sleep(SECONDS * 1_000);
  const result = ((done - from) / (performance.now() - started)) * 1_000;
  until.stop = true;
  await Promise.all(all);
  return result;
}

const userBody = (name: string) => ({
  schemas: ['urn:ietf:params:scim:schemas:core:2.0:User'],
  userName: `${name}@corp.example`,
  externalId: name,
  name: { givenName: 'Ada', familyName: 'Quill' },
  emails: [{ value: `${name}@corp.example`, type: 'work', primary: true }],
  active: true,
});

const patchBody = (n: number) => ({
  schemas: ['urn:ietf:params:scim:api:messages:2.0:PatchOp'],
  Operations: [{ op: 'replace', path: 'title', value: `Title ${n}` }],
});

function expectDone(answer: { status: number; body: string }): void {
  if (answer.status >= 300) throw new Error(`${answer.status} ${answer.body}`);
}

/**
 * The statements that the server has to send for the same, in one transaction: who asks, the row, its event, the line of
 * the request log. Prepared, without a protocol around them.
 */
async function bareSql(realm: LargeRealm, run: string, idAt: (n: number) => string) {
  const pool = new pg.Pool({ connectionString: realm.server.databaseUrl(), max: CONNECTIONS });
  const client = await realm.database.query<{ id: string }>(
    'select id from provisioning_clients where realm_id = $1 limit 1',
    [realm.realmId],
  );
  const clientId = client.rows[0]?.id;
  const tokens = await realm.database.query<{ realm_id: string; id: string }>(
    'select realm_id, id from api_tokens limit 1',
  );
  const caller = tokens.rows[0];
  const inTransaction = async (steps: (db: pg.PoolClient) => Promise<void>) => {
    const db = await pool.connect();
    try {
      await db.query({
        name: 'caller',
        text: CALLER,
        values: [caller?.realm_id, caller?.id],
      });
      await db.query({ name: 'client', text: CLIENT, values: [realm.realmId, clientId] });
      await db.query('begin');
      await steps(db);
      await db.query('commit');
      await db.query({ name: 'log', text: LOG, values: [realm.realmId, sevenId(), clientId] });
    } finally {
      db.release();
    }
  };
  const event = (db: pg.PoolClient, type: string, id: string) =>
    db.query({ name: 'event', text: EVENT, values: [realm.realmId, sevenId(), type, clientId, id] });
  return {
    create: (n: number) =>
      inTransaction(async (db) => {
        const id = sevenId();
        const name = `bare-${run}-${n}@corp.example`;
        const emails = JSON.stringify([{ value: name, type: 'work', primary: true }]);
        await db.query({ name: 'insert', text: INSERT, values: [realm.realmId, id, name, emails, clientId] });
        await event(db, 'identity.created', id);
      }),
    patch: (n: number) =>
      inTransaction(async (db) => {
        await db.query({ name: 'lock', text: LOCK, values: [realm.realmId, idAt(n)] });
        await db.query({ name: 'update', text: UPDATE, values: [realm.realmId, idAt(n), `Title ${n}`] });
        await event(db, 'identity.updated', idAt(n));
      }),
    close: () => pool.end(),
  };
}

const CALLER = 'select * from api_tokens where realm_id = $1 and id = $2';
const CLIENT = 'select * from provisioning_clients where realm_id = $1 and id = $2';
const INSERT = `insert into identities (realm_id, id, username, username_key, display_name, given_name, family_name, email,
    emails, external_id, provisioned_by)
  values ($1, $2, $3, $3, 'Ada Quill', 'Ada', 'Quill', $3, $4, $3, $5) returning *`;
const LOCK = 'select * from identities where realm_id = $1 and id = $2 for update';
const UPDATE = `update identities set profile = profile || jsonb_build_object('title', $3::text), version = version + 1,
  updated_at = now() where realm_id = $1 and id = $2 returning *`;
const EVENT = `insert into events (realm_id, id, occurred_at, type, outcome, actor_kind, actor_id, actor_name, subject_kind,
    subject_id, subject_name, correlation_id, data)
  values ($1, $2, now(), $3, 'SUCCESS', 'APPLICATION', $4, 'Bench', 'IDENTITY', $5, 'Ada Quill', $2, '{"changed":["title"]}')`;
const LOG = `insert into provisioning_requests (realm_id, id, client_id, occurred_at, request_id, method, path, status,
    duration_ms, effect, dry_run) values ($1, $2, $3, now(), 'bench', 'POST', '/Users', 201, 1, 'made', false)`;

function sevenId(): string {
  const time = Date.now().toString(16).padStart(12, '0');
  return `${time.slice(0, 8)}-${time.slice(8)}-7${randomUUID().slice(15)}`;
}

async function inMemory(run: string) {
  const port = await freePort();
  const child = spawn(
    process.execPath,
    [fileURLToPath(new URL('scimmy.ts', import.meta.url)), String(port)],
    {
      stdio: ['ignore', 'ignore', 'inherit'],
    },
  );
  await sleep(2_500);
  const agent = new Agent({ keepAlive: true, maxSockets: 64 });
  const send = (method: string, path: string, body: unknown) => sendTo(agent, port, method, path, body);
  const ids: string[] = [];
  for (let n = 0; n < 200; n++) {
    const made = await send('POST', '/scim/Users', userBody(`first-${run}-${n}`));
    ids.push((JSON.parse(made.body) as { id: string }).id);
  }
  return {
    create: async (n: number) =>
      expectDone(await send('POST', '/scim/Users', userBody(`memory-${run}-${n}`))),
    patch: async (n: number) =>
      expectDone(await send('PATCH', `/scim/Users/${ids[n % ids.length]}`, patchBody(n))),
    close: () => {
      agent.destroy();
      child.kill();
    },
  };
}

function sendTo(
  agent: Agent,
  port: number,
  method: string,
  path: string,
  body: unknown,
): Promise<{ status: number; body: string }> {
  return new Promise((done, failed) => {
    const headers = { authorization: 'Bearer bench', 'content-type': 'application/scim+json' };
    const sent = request({ port, host: '127.0.0.1', method, path, agent, headers }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => void chunks.push(chunk));
      response.on('end', () =>
        done({ status: response.statusCode ?? 0, body: Buffer.concat(chunks).toString() }),
      );
    });
    sent.on('error', failed);
    sent.end(JSON.stringify(body));
  });
}

/** One member more and one less in the largest group, and in one of three. */
async function oneMember(realm: LargeRealm): Promise<Row[]> {
  const rows: Row[] = [];
  const { rows: people } = await realm.database.query<{ id: string }>(
    'select id from identities where realm_id = $1 limit 500',
    [realm.realmId],
  );
  const smallest = realm.size.groups - ((realm.size.groups + 1) % 2);
  for (const [name, number] of [
    ['the largest group', 1],
    ['a small one', smallest],
  ] as const) {
    const path = `/Groups/${await seededGroup(realm.database, number)}`;
    const change = (op: string) => async (round: number) => {
      const value = people[round % people.length]?.id;
      const operation =
        op === 'add'
          ? { op, path: 'members', value: [{ value }] }
          : { op, path: `members[value eq "${value}"]` };
      const answer = await realm.scim('PATCH', path, { ...patchBody(0), Operations: [operation] });
      expectDone(answer);
      return answer.took;
    };
    rows.push(
      await realm.measure(`one member into ${name}`, 100, change('add'), 50),
      await realm.measure(`one member out of ${name}`, 100, change('remove'), 50),
      await realm.measure(
        `${name} without members`,
        100,
        async () => (await realm.scim('GET', `${path}?excludedAttributes=members`)).took,
        25,
      ),
    );
  }
  return rows;
}
