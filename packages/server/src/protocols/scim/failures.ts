import type { FastifyReply } from 'fastify';
import { DomainError } from '../../kernel/errors.js';
import { errorBody, ScimError, type ScimType } from './errors.js';

const STATUS: Readonly<Record<DomainError['kind'], number>> = {
  invalid: 400,
  conflict: 409,
  precondition: 412,
  not_found: 404,
  unauthenticated: 401,
  forbidden: 403,
  rate_limited: 429,
  internal: 500,
};

/** Long enough for a person to look, in whole seconds: Okta reads no other form. */
const RETRY_AFTER = '300';

/** A failure as SCIM says it (RFC 7644, section 3.12). */
export interface Failure {
  readonly status: number;
  readonly detail: string;
  readonly scimType: ScimType | undefined;
}

const READING: Readonly<Record<number, string>> = {
  400: 'The request could not be read.',
  413: 'The request is too large.',
  415: 'The body must be application/scim+json or application/json.',
};

/** U+0000 is refused before a filter is looked at. */
const unreadableFilter = (url: string): boolean => /[?&]filter=[^&]*%00/i.test(url);

/**
 * @param url of the request, where one request is meant
 * @returns undefined for what is no fault of the client's
 */
export function failureOf(error: unknown, url = ''): Failure | undefined {
  if (error instanceof ScimError)
    return { status: error.status, detail: error.message, scimType: error.scimType };
  if (error instanceof DomainError)
    return error.kind === 'internal'
      ? undefined
      : {
          status: STATUS[error.kind],
          detail: detailOf(error),
          scimType: unreadableFilter(url) ? 'invalidFilter' : typeOf(error),
        };
  // The database gave up on a list that no index helps with (query_canceled).
  if (Reflect.get(Object(error), 'code') === '57014')
    return { status: 400, detail: 'This takes too long. Ask for less.', scimType: 'tooMany' };
  const status: unknown = Reflect.get(Object(error), 'statusCode');
  if (typeof status !== 'number' || status < 400 || status >= 500) return undefined;
  return {
    status,
    detail: READING[status] ?? 'The request could not be read.',
    scimType: status === 400 ? 'invalidSyntax' : undefined,
  };
}

export const INTERNAL: Failure = {
  status: 500,
  detail: 'Something went wrong on our side.',
  scimType: undefined,
};

export function sendFailure(failure: Failure, reply: FastifyReply): FastifyReply {
  const { status, detail, scimType } = failure;
  if (status === 401) reply.header('www-authenticate', 'Bearer');
  if (status === 429) reply.header('retry-after', RETRY_AFTER);
  return reply.code(status).send(errorBody(status, detail, scimType));
}

function detailOf({ kind, message, path }: DomainError): string {
  return kind === 'invalid' && path && path.length > 0 ? `${path.join('.')}: ${message}` : message;
}

function typeOf(error: DomainError): ScimType | undefined {
  if (error.kind === 'conflict' && error.code.endsWith('_TAKEN')) return 'uniqueness';
  return error.kind === 'invalid' ? 'invalidValue' : undefined;
}
