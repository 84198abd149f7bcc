import type { FastifyInstance } from 'fastify';
import {
  type GraphQLArgument,
  GraphQLEnumType,
  type GraphQLField,
  GraphQLInputObjectType,
  type GraphQLInputType,
  GraphQLList,
  GraphQLNonNull,
  GraphQLObjectType,
  type GraphQLSchema,
} from 'graphql';
import { importJWK, SignJWT } from 'jose';
import { getMetadataStorage } from 'type-graphql';
import { secondsFromNow } from '../kernel/clock.js';
import { openWork } from '../kernel/command.js';
import { newId } from '../kernel/ids.js';
import { ALL_SCOPES, isScope, MANAGEMENT_AUDIENCE, type Scope } from '../kernel/permissions.js';
import type { TestApp } from './app.js';

export interface FieldRow {
  /** For example Realm.groups. */
  readonly name: string;
  readonly type: string;
  readonly field: GraphQLField<unknown, unknown>;
  /** What it needs as its description has it: each of `all`, or any of `any`; undefined where it says nothing. */
  readonly needs: { readonly all: readonly Scope[] } | { readonly any: readonly Scope[] } | undefined;
}

/** Every field behind which there is code of ours: queries, mutations, and what a resolver class adds to a type. */
export function fieldsOf(schema: GraphQLSchema): FieldRow[] {
  const resolved = new Set<string>();
  for (const one of getMetadataStorage().fieldResolvers) {
    const name = one.kind === 'external' ? one.getObjectType?.()?.name : undefined;
    if (name !== undefined) resolved.add(`${name}.${one.methodName}`);
  }
  const names = new Map(getMetadataStorage().objectTypes.map((one) => [one.name, one.target.name]));
  return Object.values(schema.getTypeMap()).flatMap((type) => {
    if (!(type instanceof GraphQLObjectType) || type.name.startsWith('__')) return [];
    const root = type.name === 'Query' || type.name === 'Mutation';
    return Object.values(type.getFields())
      .filter(
        ({ name, description }) =>
          root ||
          resolved.has(`${names.get(type.name) ?? type.name}.${name}`) ||
          /\bNeeds\b/.test(description ?? ''),
      )
      .map((field) => ({
        name: `${type.name}.${field.name}`,
        type: type.name,
        field,
        needs: needsOf(field.description),
      }));
  });
}

/** "Needs a:b and c:d." is all, "Needs a:b or c:d." is any; what only holds for some inputs stands behind a comma. */
export function needsOf(description: string | null | undefined): FieldRow['needs'] {
  const sentence = /\bNeeds ([^.;]*)/.exec(description ?? '')?.[1];
  if (sentence === undefined) return undefined;
  const conditional = /\b(where|with|for|every)\b/i.test(sentence);
  const certain = conditional ? (sentence.split(',')[0] ?? '') : sentence;
  const words: readonly string[] = certain.match(/[a-z-]+:[a-z-]+/g) ?? [];
  const scopes = words.filter(isScope);
  if (scopes.length === 0) return undefined;
  return / or /.test(certain) ? { any: scopes } : { all: scopes };
}

/** Arguments that a field accepts: as little as it allows, ids that name nothing, and one realm. */
export const argumentsOf = (args: readonly GraphQLArgument[], realmId: string): Record<string, unknown> =>
  Object.fromEntries(
    args
      .filter((arg) => arg.type instanceof GraphQLNonNull)
      .map((arg) => [arg.name, sampleOf(arg.type, arg.name, realmId)]),
  );

function sampleOf(type: GraphQLInputType, name: string, realmId: string): unknown {
  if (type instanceof GraphQLNonNull) return sampleOf(type.ofType, name, realmId);
  if (type instanceof GraphQLList) return [sampleOf(type.ofType, name, realmId)];
  if (type instanceof GraphQLEnumType) return type.getValues()[0]?.value;
  if (type instanceof GraphQLInputObjectType)
    return Object.fromEntries(
      Object.values(type.getFields())
        .filter((field) => field.type instanceof GraphQLNonNull)
        .map((field) => [field.name, sampleOf(field.type, field.name, realmId)]),
    );
  if (name === 'realmId') return realmId;
  if (name === 'aaguid') return newId();
  const values: Record<string, unknown> = { ID: newId(), Int: 1, Float: 1, Boolean: false, String: 'x' };
  return values[type.name] ?? {};
}

export interface RouteRow {
  readonly method: string;
  readonly url: string;
}

/** Every route of the server but HEAD, which answers as GET does. */
export function routesOf(app: FastifyInstance): RouteRow[] {
  const rows: RouteRow[] = [];
  const above: string[] = [];
  for (const line of app.printRoutes({ commonPrefix: false }).split('\n')) {
    const found = /^((?:│ {3}| {4})*)(?:├── |└── )(.*?) \(([A-Z, ]+)\)$/.exec(line);
    if (!found) {
      if (line.trim() !== '') throw new Error(`this is not a route: ${line}`);
      continue;
    }
    const [, indent = '', part = '', methods = ''] = found;
    const depth = indent.length / 4;
    above.length = depth;
    above.push(part);
    const url = above.join('');
    for (const method of methods.split(', ')) if (method !== 'HEAD') rows.push({ method, url });
  }
  return rows;
}

/** Tokens that open nothing, each for another reason. */
export async function refusedTokens(test: TestApp, realmId: string): Promise<Record<string, string>> {
  const { services } = test;
  const admin = await test.caller();
  const mint = async () =>
    services.tokens.mint(admin, { name: newId(), scopes: [...ALL_SCOPES], expiresInSeconds: 60 });
  const revoked = await mint();
  await services.apiTokens.revoke(admin, { apiTokenId: revoked.tokenId });
  const elsewhere = await test.caller(undefined, realmId);
  const key = await test.database.db.transaction().execute(async (tx) => {
    const { work } = openWork(elsewhere, tx);
    return services.keys.current(work);
  });
  const application = await services.applications.create(elsewhere, {
    displayName: 'Machine',
    type: 'CONFIDENTIAL',
    grantTypes: ['client_credentials'],
  });
  const signed = (realm: { id: string }, signing: typeof key, clientId: string, seconds: number) =>
    importJWK(signing.privateJwk, signing.algorithm).then((secret) =>
      new SignJWT({ client_id: clientId, scope: ALL_SCOPES.join(' '), realm_id: realm.id })
        .setProtectedHeader({ alg: signing.algorithm, typ: 'at+jwt', kid: signing.id })
        .setIssuer(`${test.url}/realms/${realm.id}`)
        .setSubject(clientId)
        .setAudience(MANAGEMENT_AUDIENCE)
        .setJti(newId())
        .setIssuedAt(secondsFromNow(-3600))
        .setExpirationTime(secondsFromNow(seconds))
        .sign(secret),
    );
  const adminKey = await test.database.db
    .transaction()
    .execute(async (tx) => services.keys.current(openWork(admin, tx).work));
  const clientId = test.tenant.managementApi.clientId;
  return {
    none: 'rubbish',
    revoked: revoked.token,
    expired: await signed(admin.realm, adminKey, clientId, -60),
    'of another realm': await signed(elsewhere.realm, key, application.application.id, 600),
  };
}
