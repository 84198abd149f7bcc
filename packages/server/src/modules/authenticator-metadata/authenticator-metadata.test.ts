import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Actor } from '../../kernel/context.js';
import { createVault } from '../../kernel/vault.js';
import { createServices } from '../../services.js';
import { buildTestApp, facts, type TestApp } from '../../testing/app.js';
import { type Certified, certify, crlAddress, dnsName, pem } from '../../testing/certificates.js';
import { createMetadataAuthority, entryOf, signBlob } from '../../testing/metadata.js';
import { METADATA_TRUST } from '../passkeys/trust.js';
import { weaknessOf } from './authenticator-metadata.types.js';

const OPERATOR: Actor = { kind: 'SYSTEM', displayName: 'Operator' };
const AAGUID = '7d2afadd-bf6b-44a2-a66b-e831fceb8eff';
const fido = createMetadataAuthority();

describe('metadata of authenticators', () => {
  let test: TestApp;
  let number = 0;

  const metadata = () => test.services.authenticatorMetadata;
  const take = (blob: string) => metadata().import(facts(), OPERATOR, blob);
  const content = (entries: readonly unknown[] = [entryOf(AAGUID)]) => {
    number += 1;
    return { no: number, nextUpdate: '2026-12-24', entries };
  };

  beforeAll(async () => {
    test = await buildTestApp({ metadataTrust: fido.trust });
  });
  afterAll(() => test.close());

  it('takes a signed file in, tells the administrators of every tenant, and shows its age', async () => {
    const other = await test.services.tenants.create(facts(), {
      name: 'Theirs',
      adminEmail: 'b@example.com',
    });
    const made = await take(fido.blob(content()));
    expect(made).toMatchObject({ changed: true, metadata: { number, entries: 1 } });
    for (const realmId of [test.tenant.adminRealmId, other.adminRealmId]) {
      const { rows } = await test.database.pool.query(
        "select actor_name, data from events where realm_id = $1 and type = 'metadata.imported'",
        [realmId],
      );
      expect(rows).toEqual([
        { actor_name: 'Operator', data: { number, entries: 1, nextUpdate: '2026-12-24T00:00:00.000Z' } },
      ]);
    }
    const query = '{ tenant { authenticatorMetadata { number nextUpdate importedByName entries } } }';
    const seen = await test.graphql(
      await test.apiToken(['authenticator-configs:read', 'tenants:read']),
      query,
    );
    expect(seen.data).toEqual({
      tenant: {
        authenticatorMetadata: {
          number,
          nextUpdate: '2026-12-24T00:00:00.000Z',
          importedByName: 'Operator',
          entries: 1,
        },
      },
    });
    const refused = await test.graphql(await test.apiToken(['tenants:read']), query);
    expect(refused.errors?.[0]?.extensions.code).toBe('FORBIDDEN');
  });

  it('keeps what a later file says in the place of what an earlier one said', async () => {
    const second = '00000000-0000-4000-8000-000000000002';
    await take(fido.blob(content([entryOf(AAGUID, { description: 'Old' }), entryOf(second)])));
    await take(fido.blob(content([entryOf(AAGUID.toUpperCase(), { description: 'New' })])));
    expect(await metadata().model(test.database.db, AAGUID)).toMatchObject({ description: 'New' });
    expect(await metadata().model(test.database.db, second)).toBeUndefined();
  });

  it('reads reports without a statement, and nothing of authenticators that hold no passkeys', async () => {
    const { statusReports } = entryOf(AAGUID, { statuses: [{ status: 'REVOKED' }] });
    const older = { aaid: '1234#5678', statusReports: 'whatever', metadataStatement: 7 };
    await take(fido.blob(content([older, { aaguid: AAGUID, statusReports }, null, 7])));
    expect((await metadata().current())?.entries).toBe(1);
    expect(await metadata().model(test.database.db, AAGUID)).toMatchObject({
      description: AAGUID,
      statusReports: [{ status: 'REVOKED' }],
      statement: { attestationRootCertificates: [] },
    });
  });

  it('never goes back to an older file, and does nothing for the one it has', async () => {
    const old = fido.blob(content());
    const current = fido.blob(content());
    await take(current);
    await expect(take(old)).rejects.toMatchObject({ code: 'WRONG_STATE' });
    expect(await take(current)).toMatchObject({ changed: false });
    expect((await metadata().current())?.number).toBe(number);
  });

  it('lets one of two files that come at the same time win, the later one', async () => {
    const blobs = [fido.blob(content()), fido.blob(content())];
    await Promise.allSettled(blobs.map(take));
    expect((await metadata().current())?.number).toBe(number);
  });

  const stranger = certify({ name: { CN: 'Stranger' }, ca: true });
  const leafOf = (by: Certified, host = 'mds.example', more: object = {}) =>
    certify({ name: { CN: host }, by, extensions: [dnsName(host)], ...more });

  it.each([
    ['that nobody known signed', [leafOf(stranger), stranger]],
    [
      'whose signer is its own',
      [certify({ name: { CN: 'mds.example' }, extensions: [dnsName('mds.example')] })],
    ],
    ['signed by someone else whom the root knows', [leafOf(fido.root, 'shop.example')]],
    ['whose signer may not vouch for others', [leafOf(leafOf(fido.root)), leafOf(fido.root)]],
    ['whose certificate is over', [leafOf(fido.root, 'mds.example', { until: new Date(Date.now() - 1000) })]],
    [
      'whose certificate has not begun',
      [leafOf(fido.root, 'mds.example', { from: new Date(Date.now() + 60_000) })],
    ],
    ['whose chain misses a link', [leafOf(fido.intermediate)]],
  ])('refuses a file %s', async (_, chain) => {
    await expect(take(signBlob(content(), chain))).rejects.toMatchObject({
      code: 'INVALID_INPUT',
      path: ['blob'],
    });
  });

  it('refuses a file that was changed, is cut, unsigned or no such file at all', async () => {
    const blob = fido.blob(content());
    const [head = '', body = '', signature = ''] = blob.split('.');
    const changed = Buffer.from(JSON.stringify({ ...content(), no: 999_999 })).toString('base64url');
    const none = Buffer.from('{"alg":"none"}').toString('base64url');
    for (const wrong of [
      `${head}.${changed}.${signature}`,
      blob.slice(0, -20),
      `${head}.${body}.`,
      `${none}.${body}.`,
      '',
      'not a file',
      `${head}.${body}`,
    ])
      await expect(take(wrong)).rejects.toMatchObject({ code: 'INVALID_INPUT' });
    expect((await metadata().current())?.number).toBeLessThan(999_999);
  });

  it('refuses a signed file that says something else than metadata', async () => {
    const { nextUpdate, entries } = content();
    for (const wrong of [
      { no: -1, nextUpdate, entries },
      { no: 1e6, nextUpdate: 'soon', entries },
      { no: 1e6, nextUpdate, entries: [{ aaguid: 'x', statusReports: [] }] },
    ])
      await expect(take(fido.blob(wrong))).rejects.toMatchObject({ code: 'INVALID_INPUT' });
  });

  it('asks nobody about a certificate, not even at the address that stands in it', async () => {
    const signer = leafOf(fido.root, 'mds.example', {
      extensions: [dnsName('mds.example'), crlAddress('http://127.0.0.1:1/list')],
    });
    const before = globalThis.fetch;
    const asked: unknown[] = [];
    globalThis.fetch = (...args) => {
      asked.push(args[0]);
      return before(...args);
    };
    try {
      await take(signBlob(content(), [signer]));
    } finally {
      globalThis.fetch = before;
    }
    expect(asked).toEqual([]);
  });

  it('trusts the FIDO Alliance unless told otherwise, and nothing that a setting names', async () => {
    const services = createServices({
      db: test.database.db,
      vault: createVault('a secret of more than thirty-two characters'),
      config: { publicUrl: test.url },
    });
    await expect(
      services.authenticatorMetadata.import(facts(), OPERATOR, fido.blob(content())),
    ).rejects.toMatchObject({ code: 'INVALID_INPUT' });
    expect(METADATA_TRUST.signer).toBe('mds.fidoalliance.org');
    expect(METADATA_TRUST.roots.length).toBeGreaterThan(0);
    expect(METADATA_TRUST.roots).not.toContain(pem(fido.root.certificate));
  });

  it.each([
    [['FIDO_CERTIFIED'], undefined],
    [['FIDO_CERTIFIED', 'UPDATE_AVAILABLE'], undefined],
    [['FIDO_CERTIFIED', 'REVOKED'], 'REVOKED'],
    [['USER_VERIFICATION_BYPASS', 'UPDATE_AVAILABLE', 'FIDO_CERTIFIED_L1'], 'USER_VERIFICATION_BYPASS'],
    [['ATTESTATION_KEY_COMPROMISE'], 'ATTESTATION_KEY_COMPROMISE'],
    [['USER_KEY_REMOTE_COMPROMISE'], 'USER_KEY_REMOTE_COMPROMISE'],
    [['USER_KEY_PHYSICAL_COMPROMISE'], 'USER_KEY_PHYSICAL_COMPROMISE'],
  ])('reads %j as %s', (statuses, weakness) => {
    const { metadataStatement: statement } = entryOf(AAGUID);
    const statusReports = statuses.map((status) => ({ status, effectiveDate: '2026-01-02' }));
    const model = { aaguid: AAGUID, description: 'A', icon: null, statusReports, statement };
    expect(weaknessOf(model, new Date('2026-06-01'))).toBe(weakness);
    expect(weaknessOf(model, new Date('2026-01-01'))).toBeUndefined();
  });
});
