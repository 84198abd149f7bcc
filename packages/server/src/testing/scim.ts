import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { RealmCtx } from '../kernel/context.js';
import { buildTestApp, type TestApp } from './app.js';

export const URN = {
  user: 'urn:ietf:params:scim:schemas:core:2.0:User',
  enterprise: 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User',
  group: 'urn:ietf:params:scim:schemas:core:2.0:Group',
  patch: 'urn:ietf:params:scim:api:messages:2.0:PatchOp',
  list: 'urn:ietf:params:scim:api:messages:2.0:ListResponse',
  search: 'urn:ietf:params:scim:api:messages:2.0:SearchRequest',
  bulk: 'urn:ietf:params:scim:api:messages:2.0:BulkRequest',
  error: 'urn:ietf:params:scim:api:messages:2.0:Error',
} as const;

export type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

export interface ScimRequest {
  readonly method: Method;
  /** Below the realm's SCIM address. */
  readonly path: string;
  /** A string is sent as it is. */
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  /** Whose realm and token; the client's own unless said. */
  readonly as?: 'other realm' | 'wrong scope' | 'nobody';
}

export interface ScimAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, unknown>>;
  readonly text: string;
  readonly body: Body;
}

/** What an answer may hold, each where it is one of that kind; a test reads what it expects to be there. */
export interface Body {
  readonly [attribute: string]: unknown;
  readonly id: string;
  readonly userName: string;
  readonly displayName: string;
  readonly active: boolean;
  readonly externalId?: string;
  readonly meta: { readonly version: string; readonly location: string; readonly lastModified: string };
  readonly members?: readonly { readonly value: string }[];
  readonly totalResults: number;
  readonly Resources: readonly Body[];
  readonly nextCursor?: string;
  readonly scimType?: string;
}

export interface ScimKit {
  readonly test: TestApp;
  /** The realm that the client provisions, with every scope. */
  readonly realm: RealmCtx;
  readonly token: string;
  send(request: ScimRequest): Promise<ScimAnswer>;
  get(path: string): Promise<ScimAnswer>;
  post(path: string, body: unknown): Promise<ScimAnswer>;
  put(path: string, body: unknown): Promise<ScimAnswer>;
  patch(path: string, ...operations: readonly unknown[]): Promise<ScimAnswer>;
  remove(path: string): Promise<ScimAnswer>;
  close(): Promise<void>;
}

/** The server with a realm and a client for it, a second realm, and a token that lacks the scope. */
export async function openScim(options: Parameters<typeof buildTestApp>[0] = {}): Promise<ScimKit> {
  const test = await buildTestApp(options);
  const enter = async (displayName: string) => {
    const row = await test.services.realms.create(await test.caller(), { displayName });
    return test.caller(undefined, row.id);
  };
  const [realm, other] = [await enter('People'), await enter('Others')];
  const [token, weak] = [await test.apiToken(['scim:all']), await test.apiToken(['identities:read'])];

  async function send({ method, path, body, headers, as }: ScimRequest): Promise<ScimAnswer> {
    const base = `/realms/${as === 'other realm' ? other.realm.id : realm.realm.id}/scim/v2`;
    const bearer = as === 'wrong scope' ? weak : token;
    const response = await test.app.inject({
      method,
      url: `${base}${path}`,
      headers: {
        accept: 'application/scim+json',
        ...(as === 'nobody' ? {} : { authorization: `Bearer ${bearer}` }),
        ...(body === undefined ? {} : { 'content-type': 'application/scim+json' }),
        ...headers,
      },
      ...(body === undefined ? {} : { payload: typeof body === 'string' ? body : JSON.stringify(body) }),
    });
    const text = response.body;
    return {
      status: response.statusCode,
      headers: response.headers,
      text,
      body: text.startsWith('{') ? JSON.parse(text) : {},
    };
  }

  return {
    test,
    realm,
    token,
    send,
    get: (path) => send({ method: 'GET', path }),
    post: (path, body) => send({ method: 'POST', path, body }),
    put: (path, body) => send({ method: 'PUT', path, body }),
    patch: (path, ...operations) => send({ method: 'PATCH', path, body: patchOf(...operations) }),
    remove: (path) => send({ method: 'DELETE', path }),
    close: () => test.close(),
  };
}

export const patchOf = (...operations: readonly unknown[]) => ({
  schemas: [URN.patch],
  Operations: operations,
});

export const filtered = (collection: string, filter: string, more = ''): string =>
  `${collection}?filter=${encodeURIComponent(filter.toWellFormed())}${more}`;

/** One request and what has to come of it. */
export interface Exchange {
  readonly ask: ScimRequest;
  readonly status: number;
  readonly scimType?: string;
  /** A part of the answer, as `toMatchObject` compares. */
  readonly body?: object;
  /** Dotted paths that the answer must not have, or have empty. */
  readonly absent?: readonly string[];
  /** Ids of exactly the members that a group has. */
  readonly members?: readonly string[];
  /** How each header begins. */
  readonly headers?: Readonly<Record<string, string>>;
}

/** A thing that is there before: its name in placeholders, and how it is made. */
export interface Given {
  readonly name: string;
  readonly ask: ScimRequest;
}

export interface Case {
  readonly id: string;
  readonly guarantees: string;
  readonly given?: readonly Given[];
  /** Sent at the same time; each must be answered with this status. */
  readonly together?: { readonly asks: readonly ScimRequest[]; readonly status: number };
  readonly exchanges: readonly Exchange[];
}

/**
 * Runs a case. In all that it sends and expects `<u>` is a word of its own, and `<a.id>` a part of what was made as `a`.
 */
export async function runCase(scim: ScimKit, { given = [], together, exchanges }: Case): Promise<void> {
  const made: Record<string, unknown> = { u: randomBytes(5).toString('hex') };
  for (const { name, ask } of given) {
    const answer = await scim.send(filled(ask, made));
    expect(answer, `${name} could be made`).toMatchObject({ status: 201 });
    made[name] = answer.body;
  }
  if (together) {
    const answers = await Promise.all(together.asks.map((ask) => scim.send(filled(ask, made))));
    expect(answers.map(({ status }) => status)).toEqual(together.asks.map(() => together.status));
  }
  for (const exchange of exchanges) {
    const wanted = filled(exchange, made);
    judge(wanted, await scim.send(wanted.ask));
  }
}

/** Each case as a test, all on one server. */
export function describeCases(title: string, cases: readonly Case[]): void {
  describe(title, () => {
    let scim: ScimKit;
    beforeAll(async () => {
      scim = await openScim();
    });
    afterAll(() => scim.close());
    it.each(cases)('$id: $guarantees', (each) => runCase(scim, each));
  });
}

function judge(wanted: Exchange, answer: ScimAnswer): void {
  expect({ status: answer.status, text: answer.status === wanted.status ? '' : answer.text }).toEqual({
    status: wanted.status,
    text: '',
  });
  if (wanted.status >= 400)
    expect(answer.body).toMatchObject({
      schemas: [URN.error],
      status: String(wanted.status),
      detail: expect.any(String),
    });
  expect(answer.body.scimType).toEqual(wanted.scimType);
  if (wanted.body) expect(answer.body).toMatchObject(wanted.body);
  for (const path of wanted.absent ?? []) expect(at(answer.body, path), path).toSatisfy(isEmpty);
  if (wanted.members)
    expect((answer.body.members ?? []).map(({ value }) => value).sort()).toEqual([...wanted.members].sort());
  for (const [name, start] of Object.entries(wanted.headers ?? {}))
    expect(String(answer.headers[name])).toSatisfy((value: string) => value.startsWith(start), `${name}`);
}

const isEmpty = (value: unknown): boolean =>
  value === undefined || (Array.isArray(value) && value.length === 0);

const at = (value: unknown, path: string): unknown =>
  path
    .split('.')
    .reduce<unknown>((inner, key) => (inner instanceof Object ? Reflect.get(inner, key) : undefined), value);

/** A copy with every placeholder filled in; matchers of vitest stay what they are. */
function filled<T>(value: T, made: Readonly<Record<string, unknown>>): T;
function filled(value: unknown, made: Readonly<Record<string, unknown>>): unknown {
  if (typeof value === 'string')
    return value.replace(/<(u|\w+\.\w[\w.]*)>/g, (_, path: string) => String(at(made, path)));
  if (Array.isArray(value)) return value.map((item) => filled(item, made));
  if (value === null || typeof value !== 'object' || 'asymmetricMatch' in value) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [filled(key, made), filled(item, made)]),
  );
}

/** Bodies that many cases send. */
export const userBody = (name: string, more: object = {}) => ({
  schemas: [URN.user],
  userName: `${name}.<u>@corp.example`,
  name: { givenName: 'Ada', familyName: 'Quill' },
  emails: [{ value: `${name}.<u>@corp.example`, type: 'work', primary: true }],
  active: true,
  ...more,
});

export const aUser = (name: string, more: object = {}): Given => ({
  name,
  ask: { method: 'POST', path: '/Users', body: userBody(name, more) },
});

/** @param members names of the users that are in it */
export const aGroup = (name: string, members: readonly string[] = [], more: object = {}): Given => ({
  name,
  ask: {
    method: 'POST',
    path: '/Groups',
    body: {
      schemas: [URN.group],
      displayName: `${name}-<u>`,
      members: members.map((member) => ({ value: `<${member}.id>` })),
      ...more,
    },
  },
});

export const get = (path: string, headers?: Readonly<Record<string, string>>): ScimRequest => ({
  method: 'GET',
  path,
  ...(headers === undefined ? {} : { headers }),
});
export const post = (path: string, body: unknown): ScimRequest => ({ method: 'POST', path, body });
export const put = (path: string, body: unknown): ScimRequest => ({ method: 'PUT', path, body });
export const patch = (path: string, ...operations: readonly unknown[]): ScimRequest => ({
  method: 'PATCH',
  path,
  body: patchOf(...operations),
});
/** The users that a filter finds; `<...>` may be used in it. */
export const find = (filter: string, more = '', collection = '/Users'): ScimRequest =>
  get(filteredLate(collection, filter, more));

/** Encodes all but the placeholders, which are filled in later with what needs no encoding. */
const filteredLate = (collection: string, filter: string, more: string): string =>
  filtered(collection, filter, more).replaceAll('%3C', '<').replaceAll('%3E', '>');
