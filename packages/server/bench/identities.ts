import pg from 'pg';
import { percentile, startServer } from './server.ts';

const SIZE = Number(process.env.KEYREALM_BENCH_IDENTITIES ?? 100_000);
const GROUPS = 200;
const ROUNDS = 300;

const QUERY = `query ($id: ID!, $after: String) { realm(id: $id) { identities(first: 50, after: $after) {
  nodes { id username displayName email status groups(first: 10) { nodes { id displayName } } }
  pageInfo { endCursor hasNextPage } } } }`;

/** A page of 50 identities with their groups over GraphQL, anywhere in a large realm. */
export async function benchIdentities(): Promise<string[]> {
  const server = await startServer();
  const tenant = server.cli('tenant', 'create', '--name', 'Bench', '--admin-email', 'a@b.example');
  const scopes = 'realms:create realms:read identities:read groups:read';
  const { token = '' } = server.cli(
    ...['api-token', 'create', '--tenant', tenant.tenantId ?? '', '--scopes', scopes, '--name', 'bench'],
  );
  const ask = async <T>(query: string, variables: object): Promise<T> => {
    const response = await fetch(`${server.url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
      body: JSON.stringify({ query, variables }),
    });
    const answer = (await response.json()) as { data: T; errors?: unknown };
    if (answer.errors) throw new Error(JSON.stringify(answer.errors));
    return answer.data;
  };
  const made = await ask<{ createRealm: { realm: { id: string } } }>(
    'mutation { createRealm(input: { displayName: "Large" }) { realm { id } } }',
    {},
  );
  const realmId = made.createRealm.realm.id;
  await seed(server.databaseUrl(), realmId);
  const times: number[] = [];
  let after: string | null = null;
  for (let round = -30; round < ROUNDS; round++) {
    const started = performance.now();
    const { realm }: Page = await ask<Page>(QUERY, { id: realmId, after });
    if (round >= 0) times.push(performance.now() - started);
    if (realm.identities.nodes.length !== 50) throw new Error('a page was not full');
    // A jump far into the list, then the pages after it: a page costs the same anywhere.
    const middle = Buffer.from(
      JSON.stringify([`user-${String((round * 331 + 31_000) % (SIZE - 200)).padStart(9, '0')}`]),
    );
    after = round % 3 === 0 ? middle.toString('base64url') : realm.identities.pageInfo.endCursor;
  }
  await server.stop();
  return [
    `identities(first: 50) with groups, ${SIZE} in the realm`,
    `  p50 ${percentile(times, 0.5).toFixed(1)} ms, p95 ${percentile(times, 0.95).toFixed(1)} ms   (aim at 1,000,000: p95 under 20 ms)`,
  ];
}

interface Page {
  realm: { identities: { nodes: unknown[]; pageInfo: { endCursor: string } } };
}

/** Rows as the services make them, in bulk; three groups each. */
async function seed(databaseUrl: string, realmId: string): Promise<void> {
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  await client.query(
    `insert into groups (realm_id, id, display_name, display_name_key)
     select $1, gen_random_uuid(), 'Group ' || n, 'group ' || n from generate_series(1, ${GROUPS}) n`,
    [realmId],
  );
  await client.query(
    `insert into identities (realm_id, id, username, username_key, display_name, email, emails)
     select $1, (lpad(to_hex(1790000000000 + n), 12, '0') || '7' || substr(md5(n::text), 1, 3) || '8' || substr(md5(n::text), 4, 15))::uuid,
       'user-' || lpad(n::text, 9, '0'), 'user-' || lpad(n::text, 9, '0'), 'User ' || n, 'user' || n || '@example.com',
       jsonb_build_array(jsonb_build_object('value', 'user' || n || '@example.com', 'primary', true))
     from generate_series(1, $2::int) n`,
    [realmId, SIZE],
  );
  await client.query(
    `with numbered as (select id, row_number() over (order by id) - 1 as at from groups where realm_id = $1)
     insert into group_members (realm_id, group_id, identity_id)
     select i.realm_id, g.id, i.id
     from (select realm_id, id, row_number() over (order by id) as n from identities where realm_id = $1) i
     cross join generate_series(0, 2) k join numbered g on g.at = (i.n + k * 67) % ${GROUPS}`,
    [realmId],
  );
  await client.query('analyze');
  await client.end();
}
