import type { FastifyReply, FastifyRequest } from 'fastify';
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

/** Any failure as SCIM says it (RFC 7644, section 3.12). */
export function sendFailure(error: unknown, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  if (error instanceof ScimError)
    return reply.code(error.status).send(errorBody(error.status, error.message, error.scimType));
  if (error instanceof DomainError) {
    const status = STATUS[error.kind];
    if (status === 401) reply.header('www-authenticate', 'Bearer');
    return reply.code(status).send(errorBody(status, detailOf(error), typeOf(error)));
  }
  const status: unknown = Reflect.get(Object(error), 'statusCode');
  if (typeof status === 'number' && status >= 400 && status < 500)
    return reply
      .code(status)
      .send(
        errorBody(status, 'The request could not be read.', status === 400 ? 'invalidSyntax' : undefined),
      );
  request.log.error({ err: error }, 'scim request failed');
  return reply.code(500).send(errorBody(500, 'Something went wrong on our side.'));
}

function detailOf({ kind, message, path }: DomainError): string {
  return kind === 'invalid' && path && path.length > 0 ? `${path.join('.')}: ${message}` : message;
}

function typeOf(error: DomainError): ScimType | undefined {
  if (error.code === 'USERNAME_TAKEN') return 'uniqueness';
  return error.kind === 'invalid' ? 'invalidValue' : undefined;
}
