import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Scope } from '../../kernel/permissions.js';
import { buildTestApp, type TestApp } from '../../testing/app.js';

let test: TestApp;
let realmId: string;
let token: string;

beforeAll(async () => {
  test = await buildTestApp();
  realmId = (await test.services.realms.create(await test.caller(), { displayName: 'Shop' })).id;
  token = await test.apiToken();
});
afterAll(() => test.close());

const CREATE = `mutation ($input: CreateDirectoryImportInput!) { createDirectoryImport(input: $input) {
  directoryImport { id status lines } uploadUrl errors { code message path } } }`;
const RUN = `mutation ($input: DirectoryImportActionInput!) { runDirectoryImport(input: $input) {
  directoryImport { id status } errors { code message } } }`;
const READ = `query ($realmId: ID!, $id: ID!) { realm(id: $realmId) { directoryImport(id: $id) {
  id name format mode matchBy status lines dryRun processed created updated unchanged failed startedAt finishedAt
  rows(status: FAILED) { nodes { line status code message column username identityId } } } } }`;

interface Made {
  createDirectoryImport: {
    directoryImport: { id: string } | null;
    uploadUrl: string | null;
    errors: { code: string; path: string[] | null }[];
  };
}

async function create(wanted: object = {}, by = token, within = realmId) {
  const input = { realmId: within, name: 'People', format: 'CSV', mode: 'CREATE', ...wanted };
  return test.graphql<Made>(by, CREATE, { input });
}

async function made(wanted: object = {}): Promise<string> {
  const { data } = await create(wanted);
  return data.createDirectoryImport.directoryImport?.id ?? '';
}

const put = (importId: string, payload: string | Buffer, by = token, within = realmId) =>
  test.app.inject({
    method: 'PUT',
    url: `/realms/${within}/imports/${importId}/file`,
    headers: { 'content-type': 'text/csv', authorization: `Bearer ${by}` },
    payload,
  });

const withScopes = (...scopes: Scope[]) => test.apiToken(scopes);

describe('an import over HTTP', () => {
  it('is created, sent, run and read', async () => {
    const created = await create({
      mapping: [
        { column: 'Login', field: 'username' },
        { column: 'Mail', field: 'email' },
      ],
    });
    expect(created.data.createDirectoryImport).toMatchObject({
      errors: [],
      directoryImport: { status: 'UPLOADING' },
    });
    const id = created.data.createDirectoryImport.directoryImport?.id ?? '';
    expect(created.data.createDirectoryImport.uploadUrl).toBe(
      `${test.url}/realms/${realmId}/imports/${id}/file`,
    );
    const sent = await put(
      id,
      '\uFEFFLogin,Mail,Unmapped\r\nhttp-ann,ann@example.com,x\r\nhttp-bob,"no ""mail""",x\r\n',
    );
    expect([sent.statusCode, sent.json()]).toEqual([200, { import: { id, status: 'READY', lines: 2 } }]);
    const run = await test.graphql(token, RUN, { input: { realmId, importId: id } });
    expect(run.data).toMatchObject({
      runDirectoryImport: { directoryImport: { status: 'RUNNING' }, errors: [] },
    });
    while (await test.services.importRuns.step());
    const read = await test.graphql(token, READ, { realmId, id });
    expect(read.data).toMatchObject({
      realm: {
        directoryImport: {
          status: 'COMPLETED_WITH_ERRORS',
          lines: 2,
          processed: 2,
          created: 1,
          failed: 1,
          rows: {
            nodes: [
              { line: 3, status: 'FAILED', code: 'INVALID_INPUT', column: 'Mail', username: 'http-bob' },
            ],
          },
        },
      },
    });
  });

  it('is missing for another tenant and for another realm, in every way alike', async () => {
    const id = await made();
    const other = await test.services.realms.create(await test.caller(), { displayName: 'Other' });
    const stranger = await test.services.tenants.create(
      { requestId: realmId, correlationId: realmId, ip: null, userAgent: null },
      { name: 'Stranger', adminEmail: 'x@example.com' },
    );
    const elsewhere = await put(id, 'username\na\n', token, other.id);
    const unknown = await put(realmId, 'username\na\n');
    const foreign = await put(id, 'username\na\n', token, stranger.adminRealmId);
    expect([elsewhere.statusCode, unknown.statusCode, foreign.statusCode]).toEqual([404, 404, 404]);
    expect(elsewhere.json().error.message).toBe(unknown.json().error.message);
    const read = await test.graphql(token, READ, { realmId: other.id, id });
    expect(read.data).toMatchObject({ realm: { directoryImport: null } });
    const run = await test.graphql(token, RUN, { input: { realmId: other.id, importId: id } });
    expect(run.data).toMatchObject({ runDirectoryImport: { errors: [{ code: 'NOT_FOUND' }] } });
  });

  it('asks for the scopes of all that its lines can do', async () => {
    const reader = await withScopes('identities:read');
    const creator = await withScopes('identities:create');
    expect((await create({}, reader)).errors?.[0]?.extensions.code).toBe('FORBIDDEN');
    expect((await create({ mode: 'UPSERT' }, creator)).errors?.[0]?.extensions.code).toBe('FORBIDDEN');
    const groups = [
      { column: 'a', field: 'username' },
      { column: 'b', field: 'groups' },
    ];
    expect((await create({ mapping: groups }, creator)).errors?.[0]?.extensions.code).toBe('FORBIDDEN');
    expect((await create({}, creator)).data.createDirectoryImport.errors).toEqual([]);
    const upsert = await made({ mode: 'UPSERT' });
    expect((await put(upsert, 'username\na\n', creator)).statusCode).toBe(403);
    expect((await put(upsert, 'username\na\n')).statusCode).toBe(200);
    const run = await test.graphql(creator, RUN, { input: { realmId, importId: upsert } });
    expect(run.errors?.[0]?.extensions.code).toBe('FORBIDDEN');
    const read = await test.graphql(creator, READ, { realmId, id: upsert });
    expect(read.errors?.[0]?.extensions.code).toBe('FORBIDDEN');
  });

  it('takes no file without a token, compressed, or without an end in sight', async () => {
    const id = await made();
    const url = `/realms/${realmId}/imports/${id}/file`;
    const authorization = `Bearer ${token}`;
    const nobody = await test.app.inject({ method: 'PUT', url, payload: 'username\na\n' });
    expect(nobody.statusCode).toBe(401);
    const zipped = await test.app.inject({
      method: 'PUT',
      url,
      headers: { authorization, 'content-encoding': 'gzip', 'content-type': 'text/csv' },
      payload: 'x',
    });
    expect(zipped.statusCode).toBe(400);
    const empty = await test.app.inject({ method: 'PUT', url, headers: { authorization } });
    expect([empty.statusCode, empty.json().error.message]).toEqual([
      400,
      'Send the file as the body of the request.',
    ]);
  });

  it('says which line of a file is at fault, and keeps what came before it', async () => {
    const id = await made();
    const fault = Buffer.concat([Buffer.from('username\nok-1\nok-2\n'), Buffer.from([0xff, 0xfe, 0x0a])]);
    const answer = await put(id, fault);
    expect([answer.statusCode, answer.json().error.message]).toEqual([
      400,
      'Line 4: it is not UTF-8. Save the file as UTF-8, then send it again.',
    ]);
    const again = await put(id, 'username\nok-1\nok-2\nok-3\n');
    expect(again.json()).toEqual({ import: { id, status: 'READY', lines: 3 } });
  });

  it('maps only fields that there are, each once, and what the mode needs', async () => {
    const pathOf = async (mapping: object[], more: object = {}) =>
      (await create({ mapping, ...more })).data.createDirectoryImport.errors[0]?.path?.[0];
    expect(await pathOf([{ column: 'a', field: 'status' }])).toBe('mapping');
    expect(
      await pathOf([
        { column: 'a', field: 'username' },
        { column: 'b', field: 'username' },
      ]),
    ).toBe('mapping');
    expect(await pathOf([{ column: 'a', field: 'givenName' }])).toBe('mapping');
    const byId = { mode: 'UPSERT', matchBy: 'EXTERNAL_ID' };
    expect(await pathOf([{ column: 'a', field: 'username' }], byId)).toBe('mapping');
    expect(await pathOf([{ column: 'a', field: 'externalId' }], byId)).toBeUndefined();
  });
});
