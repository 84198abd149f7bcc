import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { DomainError, type ErrorKind } from '../../kernel/errors.js';
import { factsOf } from './facts.js';

const STATUS: Readonly<Record<ErrorKind, number>> = {
  invalid: 400,
  conflict: 409,
  precondition: 412,
  not_found: 404,
  unauthenticated: 401,
  forbidden: 403,
  rate_limited: 429,
  internal: 500,
};

/** The one shape of an error outside GraphQL, SCIM and OAuth. */
export const errorBody = (
  request: FastifyRequest,
  code: string,
  message: string,
  correlationId?: string,
) => ({
  error: { code, message, correlationId: correlationId ?? factsOf(request).correlationId },
});

/** Every failure has a stable code and a public sentence; what only we may know goes to the log. */
export function errorHandlers(app: FastifyInstance): void {
  app.setNotFoundHandler((request, reply) =>
    reply.code(404).send(errorBody(request, 'NOT_FOUND', 'There is nothing at this address.')),
  );
  app.setErrorHandler((error: FastifyError | DomainError, request, reply) => answer(error, request, reply));
}

function answer(error: FastifyError | DomainError, request: FastifyRequest, reply: FastifyReply) {
  if (error instanceof DomainError)
    return reply.code(STATUS[error.kind]).send(errorBody(request, error.code, error.message));
  const status = error.statusCode ?? 500;
  if (status === 429)
    return reply
      .code(429)
      .send(errorBody(request, 'RATE_LIMITED', 'Too many requests. Wait a minute, then try again.'));
  if (status < 500)
    return reply.code(status).send(errorBody(request, 'INVALID_INPUT', 'The request could not be read.'));
  request.log.error({ err: error }, 'request failed');
  return reply.code(500).send(errorBody(request, 'INTERNAL', 'Something went wrong on our side.'));
}
