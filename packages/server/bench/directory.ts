import { type Row, table } from './measure.ts';
import { type BenchOptions, type LargeRealm, openLargeRealm } from './realm.ts';
import { seededGroup } from './seed.ts';

const LOOKUPS = 400;
const PAGES = 100;

interface Sample {
  readonly username: string;
  readonly external_id: string;
  readonly email: string;
}

/**
 * How long a large directory takes to answer, one request after the other: from the first byte sent to the last received
 * on a connection that stays open, so a little more than the server's own time.
 */
export async function benchDirectory(options: BenchOptions): Promise<string[]> {
  const realm = await openLargeRealm(options);
  try {
    const { rows: samples } = await realm.database.query<Sample>(
      `select username, external_id, email from identities tablesample system (1)
       where realm_id = $1 and external_id is not null limit 2000`,
      [realm.realmId],
    );
    const rows = [
      ...(await lookups(realm, samples)),
      ...(await searches(realm, samples)),
      ...(await graphPages(realm)),
      ...(await scimPages(realm)),
    ];
    return [...realm.report, ...table(rows)];
  } finally {
    await realm.close();
  }
}

async function lookups(realm: LargeRealm, samples: readonly Sample[]): Promise<Row[]> {
  const find = (what: string, filter: (sample: Sample) => string, aim?: number) =>
    realm.measure(
      `SCIM ${what}`,
      LOOKUPS,
      async (round) => {
        const sample = samples[(round * 7) % samples.length];
        if (!sample) throw new Error('there are no samples');
        const answer = await realm.scim('GET', `/Users?filter=${encodeURIComponent(filter(sample))}`);
        if (!answer.body.includes('"totalResults":1,'))
          throw new Error(`${what}: ${answer.body.slice(0, 200)}`);
        return answer.took;
      },
      aim,
    );
  return [
    await find('userName eq', ({ username }) => `userName eq "${username}"`, 5),
    await find('userName eq, other case', ({ username }) => `userName eq "${username.toUpperCase()}"`, 5),
    await find('externalId eq', ({ external_id }) => `externalId eq "${external_id}"`, 5),
    await find(
      'emails[type eq "work"].value eq',
      ({ email }) => `emails[type eq "work"].value eq "${email}"`,
      25,
    ),
    await find(
      'userName eq or externalId eq',
      (one) => `userName eq "${one.username}" or externalId eq "none"`,
      25,
    ),
  ];
}

const SEARCH = `query ($id: ID!, $query: String) { realm(id: $id) { identities(first: 20, query: $query) {
  nodes { id username displayName email } pageInfo { hasNextPage } } } }`;

async function searches(realm: LargeRealm, samples: readonly Sample[]): Promise<Row[]> {
  const search = (what: string, words: readonly string[]) =>
    realm.measure(
      `search ${what}`,
      PAGES,
      async (round) => {
        const query = words[round % words.length];
        return (await realm.graphql(SEARCH, { id: realm.realmId, query })).took;
      },
      50,
    );
  return [
    await search('a, m', ['a', 'm']),
    await search('z, å', ['z', 'å']),
    await search('ma, sm, jo, zz', ['ma', 'sm', 'jo', 'zz']),
    await search('mar, smi, joh, xyz', ['mar', 'smi', 'joh', 'xyz']),
    await search('a frequent name', ['maria', 'smith', 'james', 'garcía']),
    await search(
      'a rare one',
      samples.slice(0, 50).map(({ username }) => username.split('@')[0] ?? ''),
    ),
    await search('nobody', ['qqqqqq', 'no such person']),
  ];
}

const PAGE = `query ($id: ID!, $order: IdentityOrder, $first: Int, $after: String, $last: Int) { realm(id: $id) {
  identities(orderBy: $order, first: $first, after: $after, last: $last) {
    nodes { id username displayName email status groups(first: 10) { nodes { id displayName } } }
    pageInfo { endCursor hasNextPage } } } }`;
const SKIP = `query ($id: ID!, $order: IdentityOrder, $after: String) { realm(id: $id) {
  identities(orderBy: $order, first: 200, after: $after) { pageInfo { endCursor } } } }`;
const ORDERS = '{ __type(name: "IdentityOrder") { enumValues { name } } }';
const FILTERED = `query ($id: ID!, $filter: IdentityFilter) { realm(id: $id) {
  identities(filter: $filter, first: 50) { nodes { id username } } } }`;

interface Connection {
  realm: { identities: { nodes: unknown[]; pageInfo: { endCursor: string | null } } };
}

async function graphPages(realm: LargeRealm): Promise<Row[]> {
  const known = await realm.graphql<{ __type: { enumValues: { name: string }[] } }>(ORDERS, {});
  const rows: Row[] = [];
  const id = realm.realmId;
  for (const { name: order } of known.data.__type.enumValues) {
    const page = async (variables: object) => {
      const answer = await realm.graphql<Connection>(PAGE, { id, order, ...variables });
      if (answer.data.realm.identities.nodes.length !== 50)
        throw new Error(`a page by ${order} was not full`);
      return answer;
    };
    rows.push(
      await realm.measure(`page by ${order}, first`, PAGES, async () => (await page({ first: 50 })).took, 20),
    );
    let after: string | null = null;
    for (let at = 0; at < 50; at++)
      after = (await realm.graphql<Connection>(SKIP, { id, order, after })).data.realm.identities.pageInfo
        .endCursor;
    const deep = async () => {
      const { data, took } = await page({ first: 50, after });
      after = data.realm.identities.pageInfo.endCursor;
      return took;
    };
    rows.push(await realm.measure(`page by ${order}, 10,000 in`, PAGES, deep, 20));
    rows.push(
      await realm.measure(`page by ${order}, last`, PAGES, async () => (await page({ last: 50 })).took, 20),
    );
  }
  const groupId = await seededGroup(realm.database);
  for (const [what, filter] of [
    ['suspended', { status: 'SUSPENDED' }],
    ['in the largest group', { groupId }],
    [
      'suspended, in a group of hundreds',
      { status: 'SUSPENDED', groupId: await seededGroup(realm.database, 400) },
    ],
  ] as const)
    rows.push(
      await realm.measure(
        `page of ${what}`,
        PAGES,
        async () => (await realm.graphql<Connection>(FILTERED, { id, filter })).took,
        20,
      ),
    );
  return rows;
}

async function scimPages(realm: LargeRealm): Promise<Row[]> {
  const read = async (query: string) => {
    const { status, body, took } = await realm.scim('GET', `/Users?${query}`);
    if (status !== 200) throw new Error(body);
    return { took, body: JSON.parse(body) as { nextCursor?: string; Resources?: unknown[] } };
  };
  const rows: Row[] = [];
  const size = realm.size.identities;
  for (const [where, startIndex] of [
    ['first', 1],
    ['a tenth in', size / 10 + 1],
    ['nine tenths in', (size * 9) / 10 + 1],
  ] as const)
    rows.push(
      await realm.measure(
        `SCIM page of 100, ${where}`,
        PAGES,
        async (round) => (await read(`startIndex=${startIndex + round * 100}&count=100`)).took,
        where === 'first' ? 100 : undefined,
      ),
    );
  let cursor = '';
  const next = async () => {
    const { took, body } = await read(`cursor=${encodeURIComponent(cursor)}&count=100`);
    cursor = body.nextCursor ?? '';
    return took;
  };
  rows.push(await realm.measure('SCIM page of 100 by cursor', PAGES * 2, next, 100));
  rows.push(
    await realm.measure(
      'SCIM changed since, page of 100',
      PAGES,
      async () =>
        (await read(`count=100&filter=${encodeURIComponent('meta.lastModified gt "2026-10-25T00:00:00Z"')}`))
          .took,
    ),
  );
  const group = await seededGroup(realm.database);
  rows.push(
    await realm.measure(
      'SCIM largest group without members',
      PAGES,
      async () => (await realm.scim('GET', `/Groups/${group}?excludedAttributes=members`)).took,
      25,
    ),
  );
  return rows;
}
