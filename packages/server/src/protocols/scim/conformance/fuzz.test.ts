import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { filter, patchBody } from '../../../../bench/scim-grammar.ts';
import { filtered, openScim, type ScimAnswer, type ScimKit, URN } from '../../../testing/scim.js';

const FILTERS = 2_000;
const BATCHES = 40;
const BATCH = 50;

describe('whatever a client sends', () => {
  let scim: ScimKit;
  let user: string;
  let group: string;

  beforeAll(async () => {
    scim = await openScim();
    const ids: string[] = [];
    for (const name of ['target', 'a', 'b', 'c']) {
      const emails = [{ value: `${name}@corp.example`, type: 'work', primary: true }];
      const made = await scim.post('/Users', {
        schemas: [URN.user],
        userName: name,
        displayName: name,
        emails,
      });
      ids.push(made.body.id);
    }
    [user = ''] = ids;
    const members = ids.map((value) => ({ value }));
    for (const displayName of ['target', 'other']) {
      const made = await scim.post('/Groups', { schemas: [URN.group], displayName, members });
      group = displayName === 'target' ? made.body.id : group;
    }
    // The brake would stop the client as soon as it looks mad.
    await scim.test.database.pool.query(
      'update provisioning_clients set max_count = null, max_percent = null',
    );
  });
  afterAll(() => scim.close());

  async function quick(answer: Promise<ScimAnswer>): Promise<ScimAnswer> {
    const started = performance.now();
    const { status } = await answer;
    expect(performance.now() - started).toBeLessThan(1_000);
    expect(status).toBeLessThan(500);
    return answer;
  }

  /** Everything but the target, as one number. */
  async function others(target: string): Promise<unknown> {
    const { rows } = await scim.test.database.pool.query(
      `select md5(string_agg(line, '|' order by line)) as print from (
         select i::text as line from identities i where id <> $1
         union all select g::text from groups g where id <> $1
         union all select m::text from group_members m where group_id <> $1
         union all select r::text from realms r
         union all select d.id::text from deleted_identities d
       ) lines`,
      [target],
    );
    return rows[0]?.print;
  }

  it('answers every filter soon, and with invalidFilter where it can not be read', async () => {
    await fc.assert(
      fc.asyncProperty(filter, fc.constantFrom('/Users', '/Groups'), async (text, collection) => {
        const answer = await quick(scim.get(filtered(collection, text, '&count=2')));
        expect([200, 400]).toContain(answer.status);
        if (answer.status === 400) expect(answer.body.scimType).toMatch(/^(invalidFilter|tooMany)$/);
      }),
      { numRuns: FILTERS, seed: 1 },
    );
  }, 300_000);

  it.each(['/Users', '/Groups'])(
    'changes nothing but what a PATCH of %s is about',
    async (collection) => {
      const target = collection === '/Users' ? user : group;
      const before = await others(target);
      await fc.assert(
        fc.asyncProperty(fc.array(patchBody, { minLength: BATCH, maxLength: BATCH }), async (bodies) => {
          for (const body of bodies) {
            const answer = await quick(
              scim.send({ method: 'PATCH', path: `${collection}/${target}`, body: body === '' ? ' ' : body }),
            );
            expect([200, 204, 400, 409], answer.text).toContain(answer.status);
          }
          expect(await others(target)).toBe(before);
        }),
        { numRuns: BATCHES, seed: 2, endOnFailure: true },
      );
      expect((await scim.get(`${collection}/${target}`)).status).toBe(200);
    },
    300_000,
  );
});
