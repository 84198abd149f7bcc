import type { GraphQLResolveInfo } from 'graphql';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { now } from './kernel/clock.js';
import type { Ctx } from './kernel/context.js';
import { DomainError } from './kernel/errors.js';
import { newId } from './kernel/ids.js';
import { ALL_SCOPES, type Scope } from './kernel/permissions.js';
import { PREDEFINED_ROLES } from './modules/roles/predefined.js';
import { createGraphContext } from './protocols/graphql/context.js';
import { createSchema } from './schema.js';
import { buildTestApp, facts, machineOf, type TestApp } from './testing/app.js';
import { argumentsOf, type FieldRow, fieldsOf, refusedTokens } from './testing/authorization.js';

/** Every field behind which there is code, from the schema as it is: one that says nothing of itself fails below. */
const FIELDS = fieldsOf(createSchema());

/** What a description says in other words than scopes. */
const SAID_HERE: Readonly<Record<string, readonly Scope[]>> = {
  'Mutation.checkDirectoryImport': ['identities:create'],
  'Mutation.runDirectoryImport': ['identities:create'],
  'Mutation.resumeDirectoryImport': ['identities:create'],
  'ResourceServer.scopes': ['resource-servers:read'],
  'Role.scopes': ['roles:read'],
};

/** Parts of what the caller reached already, made of nothing else. */
const PARTS = new Set([
  'Application.authenticatorKind',
  'CredentialModelRevocation.holders',
  'Realm.createdAt',
  'Realm.discoveryUrl',
  'Realm.issuer',
  'Realm.scim',
  'Realm.scimUrl',
  'Realm.sendsMail',
  'Realm.updatedAt',
  'Realm.version',
  'Tenant.adminRealm',
  'Theme.preview',
  'Viewer.tenant',
]);

/** For whoever is signed in, about themselves: what they reach, and nothing where they reach nothing. */
const OWN = new Set(['Query.realm', 'Query.tenant', 'Query.viewer']);

/** They name no realm: there is no other tenant to ask for. */
const OF_THE_TENANT = new Set(['Mutation.createRealm', 'Tenant.authenticatorMetadata', 'Tenant.realms']);

const REFUSED = new Set(['FORBIDDEN', 'UNAUTHENTICATED']);

const needsOf = (row: FieldRow): FieldRow['needs'] => {
  const said = SAID_HERE[row.name];
  return said === undefined ? row.needs : { all: said };
};

describe('the authorization table of GraphQL', () => {
  let test: TestApp;
  let realmId: string;
  beforeAll(async () => {
    test = await buildTestApp();
    realmId = (await test.services.realms.create(await test.caller(), { displayName: 'Shop' })).id;
  });
  afterAll(() => test.close());

  /** What a field is of, in the realm and with ids that name nothing. */
  const parentOf = (type: string, ctx: Ctx): object =>
    new Proxy(
      {},
      {
        get: (_target, key) => {
          if (key === 'then' || typeof key === 'symbol') return undefined;
          if (key === 'realmId' || key === 'realm_id' || (type === 'Realm' && key === 'id')) return realmId;
          if (key === 'row' || key === 'client') return parentOf('row', ctx);
          if (key === 'holderKind') return ctx.grants.has('identities:read') ? 'IDENTITY' : 'GROUP';
          if (/_(minutes|seconds)$/.test(key)) return 1;
          return /_(at|until)$/.test(key) ? now() : newId();
        },
      },
    );

  /** @returns a code of ours, OK, NULL, or what broke */
  async function outcome(row: FieldRow, ctx: Ctx): Promise<string> {
    const graph = createGraphContext(ctx, test.services, () => undefined);
    const args = argumentsOf(row.field.args, realmId);
    try {
      const value = await row.field.resolve?.(parentOf(row.type, ctx), args, graph, {} as GraphQLResolveInfo);
      const [error] = (value as { errors?: { code: string }[] } | null)?.errors ?? [];
      return error?.code ?? (value === null ? 'NULL' : 'OK');
    } catch (error) {
      return error instanceof DomainError ? error.code : `BROKEN ${String(error)}`;
    }
  }

  async function wrongCells(
    rows: readonly FieldRow[],
    ctx: (row: FieldRow) => Ctx,
    right: (answer: string, row: FieldRow) => boolean,
  ): Promise<string[]> {
    const wrong: string[] = [];
    for (const row of rows) {
      const answer = await outcome(row, ctx(row));
      if (!right(answer, row)) wrong.push(`${row.name}: ${answer}`);
    }
    return wrong;
  }

  const guarded = FIELDS.filter((row) => needsOf(row) !== undefined);
  /** Whoever came so far that something was missing was let through. */
  const passed = (answer: string) =>
    /^BROKEN Error: campaign \S+ has no batch$/.test(answer) ||
    !(REFUSED.has(answer) || /^BROKEN/.test(answer));

  function holds(row: FieldRow, scopes: readonly Scope[]): boolean {
    const needs = needsOf(row);
    if (needs === undefined) return false;
    return 'all' in needs
      ? needs.all.every((scope) => scopes.includes(scope))
      : needs.any.some((scope) => scopes.includes(scope));
  }

  it('has a row for each field: one that says no scope is named here with a reason', () => {
    const silent = FIELDS.filter((row) => needsOf(row) === undefined).map(({ name }) => name);
    expect(silent.sort()).toEqual([...PARTS, ...OWN].sort());
    const names = new Set(FIELDS.map(({ name }) => name));
    for (const named of [...Object.keys(SAID_HERE), ...OF_THE_TENANT]) expect(names).toContain(named);
    expect(guarded.length).toBeGreaterThan(150);
  });

  it('answers nobody who brings no token', async () => {
    const anonymous: Ctx = { ...facts(), actor: { kind: 'ANONYMOUS' }, tenantId: null, grants: new Map() };
    const rows = [...guarded, ...FIELDS.filter(({ name }) => OWN.has(name))];
    const wrong = await wrongCells(
      rows,
      () => anonymous,
      (answer) => answer === 'UNAUTHENTICATED',
    );
    expect(wrong).toEqual([]);
  });

  it('answers no token that expired, is of another realm, was revoked, or is none', async () => {
    const tokens = await refusedTokens(test, realmId);
    const wrong: string[] = [];
    for (const { name } of FIELDS)
      for (const [kind, token] of Object.entries(tokens)) {
        const { status } = await test.graphql(token, `query Asks { __typename } # ${name}`);
        if (status !== 401) wrong.push(`${name}, ${kind}: ${status}`);
      }
    expect(wrong).toEqual([]);
  });

  it('has nothing of one tenant for another, whatever that holds', async () => {
    const other = await test.services.tenants.create(facts(), { name: 'Other', adminEmail: 'x@example.com' });
    const stranger = machineOf(other, ALL_SCOPES);
    const wrong = await wrongCells(
      guarded.filter(({ name }) => !OF_THE_TENANT.has(name)),
      () => stranger,
      (answer) => answer === 'NOT_FOUND',
    );
    expect(wrong).toEqual([]);
    const [asks] = FIELDS.filter(({ name }) => name === 'Query.realm');
    const graph = createGraphContext(stranger, test.services, () => undefined);
    expect(await asks?.field.resolve?.(null, { id: realmId }, graph, {} as GraphQLResolveInfo)).toBeNull();
  });

  it.each(PREDEFINED_ROLES.map((role) => [role.displayName, role] as const))(
    'lets a %s do what the role says and nothing else',
    async (_name, { scopes }) => {
      const token = await test.apiToken(scopes);
      const ctx = await test.services.tokens.authenticate(facts(), token);
      const wrong = await wrongCells(
        guarded,
        () => ctx,
        (answer, row) => (holds(row, scopes) ? passed(answer) : answer === 'FORBIDDEN'),
      );
      expect(wrong).toEqual([]);
    },
  );

  it('asks for exactly the scopes that a field says: they are enough, and each of them is needed', async () => {
    const wrong: string[] = [];
    for (const row of guarded) {
      const needs = needsOf(row);
      if (needs === undefined) continue;
      const all = 'all' in needs ? needs.all : needs.any;
      const enough = 'all' in needs ? [needs.all] : needs.any.map((scope) => [scope]);
      for (const scopes of enough) {
        const answer = await outcome(row, machineOf(test.tenant, scopes));
        if (!passed(answer)) wrong.push(`${row.name} with ${scopes.join(' ')}: ${answer}`);
      }
      const lacking = 'all' in needs ? all.map((scope) => [scope]) : [all];
      for (const without of lacking) {
        const rest = ALL_SCOPES.filter((scope) => !without.includes(scope));
        const answer = await outcome(row, machineOf(test.tenant, rest));
        if (answer !== 'FORBIDDEN') wrong.push(`${row.name} without ${without.join(' ')}: ${answer}`);
      }
    }
    expect(wrong).toEqual([]);
  });
});
