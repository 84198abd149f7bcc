import fc from 'fast-check';
import { type BenchOptions, type LargeRealm, openLargeRealm } from './realm.ts';
import { filter, patchBody } from './scim-grammar.ts';

const TOTAL = 100_000;
const AT_ONCE = 8;
/** Rows of others are compared after so many. */
const BLOCK = 5_000;
const SLOW = 1_000;

interface Tally {
  slowest: number;
  slow: number;
  broken: number;
  strangers: number;
  readonly statuses: Map<number, number>;
  readonly faults: string[];
}

/** A hundred thousand hostile filters and PATCH bodies: nothing breaks, nothing hangs, nobody else is changed. */
export async function benchFuzz(): Promise<string[]> {
  const small: BenchOptions = { size: { identities: 2_000, groups: 50 }, dataDir: undefined };
  const realm = await openLargeRealm(small);
  try {
    await realm.database.query('update provisioning_clients set max_count = null, max_percent = null');
    const targets = await targetsOf(realm);
    const before = await others(realm, Object.values(targets));
    const tally: Tally = { slowest: 0, slow: 0, broken: 0, strangers: 0, statuses: new Map(), faults: [] };
    const started = performance.now();
    for (let from = 0; from < TOTAL; from += BLOCK) {
      await block(realm, targets, tally, from);
      if ((await others(realm, Object.values(targets))) !== before) tally.strangers += 1;
    }
    const seconds = (performance.now() - started) / 1_000;
    return [
      `${TOTAL} requests in ${seconds.toFixed(0)} s, ${AT_ONCE} at a time`,
      `statuses ${[...tally.statuses]
        .sort()
        .map(([status, count]) => `${status}: ${count}`)
        .join(', ')}`,
      `slowest ${tally.slowest.toFixed(0)} ms, ${tally.slow} took more than ${SLOW} ms (aim: none)`,
      `${tally.broken} answers of 500 and above, ${tally.strangers} blocks after which a row of others was changed (aim: none)`,
      ...tally.faults.slice(0, 20),
    ];
  } finally {
    await realm.close();
  }
}

async function targetsOf(realm: LargeRealm): Promise<{ user: string; group: string }> {
  const { rows } = await realm.database.query<{ user: string; group: string }>(
    `select (select id from identities where realm_id = $1 and provisioned_by is not null limit 1) as user,
       (select id from groups where realm_id = $1 and provisioned_by is not null limit 1) as group`,
    [realm.realmId],
  );
  if (!rows[0]) throw new Error('the realm is empty');
  return rows[0];
}

async function block(
  realm: LargeRealm,
  targets: { user: string; group: string },
  tally: Tally,
  seed: number,
): Promise<void> {
  const half = BLOCK / 2;
  const requests: { method: string; path: string; body?: string }[] = [
    ...fc
      .sample(filter, { numRuns: half, seed })
      .map((text, n) => searchFor(text, n % 2 ? '/Users' : '/Groups')),
    ...fc.sample(patchBody, { numRuns: half, seed }).map((body, n) => ({
      method: 'PATCH',
      path: n % 2 ? `/Users/${targets.user}` : `/Groups/${targets.group}`,
      body,
    })),
  ];
  const one = async () => {
    for (let next = requests.pop(); next; next = requests.pop()) {
      const { status, body, took } = await realm.scimRaw(next.method, next.path, next.body);
      tally.statuses.set(status, (tally.statuses.get(status) ?? 0) + 1);
      tally.slowest = Math.max(tally.slowest, took);
      if (took > SLOW) tally.slow += 1;
      if (status >= 500) tally.broken += 1;
      if (took > SLOW || status >= 500)
        tally.faults.push(
          `${status} after ${took.toFixed(0)} ms: ${next.method} ${next.path} ${next.body ?? ''} ${body}`,
        );
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, one));
}

/** By GET, and by POST what no address has room for (RFC 7644, section 3.4.3). */
function searchFor(text: string, collection: string): { method: string; path: string; body?: string } {
  const path = `${collection}?count=2&filter=${encodeURIComponent(text.toWellFormed())}`;
  if (path.length < 8_000) return { method: 'GET', path };
  const schemas = ['urn:ietf:params:scim:api:messages:2.0:SearchRequest'];
  return {
    method: 'POST',
    path: `${collection}/.search`,
    body: JSON.stringify({ schemas, filter: text, count: 2 }),
  };
}

/** Every row of the directory but the targets, as one number. */
async function others(realm: LargeRealm, targets: readonly string[]): Promise<string> {
  const { rows } = await realm.database.query<{ print: string }>(
    `select md5(string_agg(line, '|' order by line)) as print from (
       select i::text as line from identities i where not id = any($1)
       union all select g::text from groups g where not id = any($1)
       union all select m::text from group_members m where not group_id = any($1)
       union all select d.id::text from deleted_identities d
     ) lines`,
    [targets],
  );
  return rows[0]?.print ?? '';
}
