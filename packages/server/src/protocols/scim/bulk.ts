import type { Answer, Endpoint } from './endpoint.js';
import { badRequest, errorBody, ScimError } from './errors.js';
import { type Failure, failureOf } from './failures.js';
import { versionIn } from './request.js';
import { entriesOf } from './values.js';

export const BULK = { maxOperations: 1000, maxPayloadSize: 1_048_576 };

interface Operation {
  readonly method: string;
  readonly bulkId: string | undefined;
  readonly path: string;
  readonly data: unknown;
  readonly version: string | undefined;
  /** The operations that it refers to by `bulkId`. */
  readonly needs: readonly string[];
}

export interface BulkAnswer {
  readonly body: Record<string, unknown>;
  readonly effect: string;
}

const PLAIN = { attributes: undefined, excludedAttributes: 'members,groups' };

/**
 * Each operation by itself, after those that it refers to by `bulkId` (RFC 7644, section 3.7).
 * @param internal told of what was no fault of the client's
 * @throws ScimError 413 above the limits
 */
export async function runBulk(
  endpoints: readonly Endpoint[],
  body: unknown,
  internal: (error: unknown) => Failure,
): Promise<BulkAnswer> {
  const { operations, failOnErrors } = parseBulk(body);
  const ids = new Map<string, string | undefined>(
    operations.flatMap(({ bulkId }) => (bulkId ? [[bulkId, undefined]] : [])),
  );
  const failed = new Set<string>();
  const answers = new Map<Operation, Record<string, unknown>>();
  let errors = 0;
  const fail = (operation: Operation, failure: Failure) => {
    errors += 1;
    if (operation.bulkId) failed.add(operation.bulkId);
    answers.set(operation, failedAnswer(operation, failure));
  };
  let waiting = [...operations];
  while (waiting.length > 0 && errors < failOnErrors) {
    const ready = waiting.filter((operation) => isReady(operation, ids, failed));
    // What only waits for each other is never ready.
    if (ready.length === 0) {
      for (const operation of waiting)
        fail(operation, {
          status: 409,
          detail: 'The references of this operation form a circle.',
          scimType: undefined,
        });
      break;
    }
    for (const operation of ready) {
      if (errors >= failOnErrors) break;
      try {
        const answer = await perform(endpoints, operation, ids);
        if (operation.bulkId) ids.set(operation.bulkId, answer.id);
        answers.set(operation, doneAnswer(operation, answer));
      } catch (error) {
        fail(operation, failureOf(error) ?? internal(error));
      }
    }
    waiting = waiting.filter((operation) => !answers.has(operation));
  }
  const told = operations.flatMap((operation) => answers.get(operation) ?? []);
  return {
    body: { schemas: ['urn:ietf:params:scim:api:messages:2.0:BulkResponse'], Operations: told },
    effect: `${told.length - errors} of ${operations.length} operations done, ${errors} failed`,
  };
}

function parseBulk(body: unknown): { operations: Operation[]; failOnErrors: number } {
  const fields = new Map(entriesOf(body).map(([key, value]) => [key.toLowerCase(), value]));
  const list = fields.get('operations');
  if (!Array.isArray(list)) throw badRequest('invalidSyntax', 'A bulk request has a list of Operations.');
  if (list.length > BULK.maxOperations)
    throw new ScimError(413, `A bulk request has at most ${BULK.maxOperations} operations.`);
  const most = fields.get('failonerrors') ?? Number.POSITIVE_INFINITY;
  if (typeof most !== 'number' || most < 1)
    throw badRequest('invalidValue', 'failOnErrors is a number above 0.');
  const operations = list.map(parseOperation);
  const named = operations.flatMap(({ bulkId }) => bulkId ?? []);
  if (new Set(named).size < named.length)
    throw badRequest('invalidValue', 'Two operations have the same bulkId.');
  return { operations, failOnErrors: most };
}

function parseOperation(item: unknown): Operation {
  const fields = new Map(entriesOf(item).map(([key, value]) => [key.toLowerCase(), value]));
  const text = (name: string): string | undefined => {
    const value = fields.get(name);
    if (value === undefined || value === null) return undefined;
    if (typeof value !== 'string') throw badRequest('invalidSyntax', `${name} is text.`);
    return value;
  };
  const path = text('path') ?? '';
  const data = fields.get('data');
  return {
    method: (text('method') ?? '').toUpperCase(),
    bulkId: text('bulkid'),
    path,
    data,
    version: text('version'),
    needs: [...new Set([...referencesIn(data), ...referencesIn(idInPath(path))])],
  };
}

const MOST_NESTED = 20;

/** Every `bulkId:...` that the data names, in the place of an id. */
function referencesIn(value: unknown, depth = 0): string[] {
  if (typeof value === 'string') return value.startsWith('bulkId:') ? [value.slice('bulkId:'.length)] : [];
  if (depth > MOST_NESTED) return [];
  const inner = Array.isArray(value) ? value : entriesOf(value).map(([, part]) => part);
  return inner.flatMap((part) => referencesIn(part, depth + 1));
}

const idInPath = (path: string): string | undefined => /^\/?[A-Za-z]+\/(.+)$/.exec(path)?.[1];

/** What refers to nothing that is still to come; a reference to what failed or never was is found out when it runs. */
const isReady = (
  { needs }: Operation,
  ids: ReadonlyMap<string, string | undefined>,
  failed: ReadonlySet<string>,
): boolean => needs.every((name) => failed.has(name) || !ids.has(name) || ids.get(name) !== undefined);

function resolved(value: unknown, ids: ReadonlyMap<string, string | undefined>, depth = 0): unknown {
  if (typeof value === 'string') {
    if (!value.startsWith('bulkId:')) return value;
    const id = ids.get(value.slice('bulkId:'.length));
    if (id === undefined) throw new ScimError(409, `${value} names nothing that was made.`, 'invalidValue');
    return id;
  }
  if (depth > MOST_NESTED || value === null || typeof value !== 'object') return value;
  if (Array.isArray(value)) return value.map((part) => resolved(part, ids, depth + 1));
  return Object.fromEntries(entriesOf(value).map(([key, part]) => [key, resolved(part, ids, depth + 1)]));
}

async function perform(
  endpoints: readonly Endpoint[],
  { method, bulkId, path, data, version }: Operation,
  ids: ReadonlyMap<string, string | undefined>,
): Promise<Answer> {
  const [, name = '', rest] = /^\/?([A-Za-z]+)(?:\/(.+))?$/.exec(path) ?? [];
  const endpoint = endpoints.find(({ type }) => type.endpoint.toLowerCase() === `/${name}`.toLowerCase());
  if (!endpoint) throw new ScimError(404, `There is no endpoint ${path} for bulk operations.`);
  const ifVersion = versionIn(version);
  if (method === 'POST') {
    if (rest !== undefined) throw new ScimError(405, 'POST goes to the endpoint itself.');
    if (!bulkId) throw badRequest('invalidValue', 'A POST needs a bulkId.');
    return endpoint.create(resolved(data, ids), PLAIN);
  }
  if (rest === undefined) throw new ScimError(405, `${method} goes to one resource.`);
  const id = String(resolved(rest, ids));
  if (method === 'PUT') return endpoint.replace(id, resolved(data, ids), PLAIN, ifVersion);
  if (method === 'PATCH') return endpoint.patch(id, resolved(data, ids), PLAIN, ifVersion);
  if (method === 'DELETE') return endpoint.remove(id, ifVersion);
  throw badRequest('invalidSyntax', 'A bulk operation is POST, PUT, PATCH or DELETE.');
}

const doneAnswer = ({ method, bulkId }: Operation, answer: Answer): Record<string, unknown> => ({
  location: answer.location,
  method,
  ...(bulkId === undefined ? {} : { bulkId }),
  ...(answer.etag === undefined ? {} : { version: answer.etag }),
  status: String(answer.status),
});

const failedAnswer = ({ method, bulkId }: Operation, failure: Failure): Record<string, unknown> => ({
  method,
  ...(bulkId === undefined ? {} : { bulkId }),
  status: String(failure.status),
  response: errorBody(failure.status, failure.detail, failure.scimType),
});
