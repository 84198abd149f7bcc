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

interface Fault {
  readonly status: number;
  readonly code: string;
  readonly message: string;
}

interface ErrorPage {
  page: 'error';
  realm: null;
  code: string;
  message: string;
  correlationId: string;
}

type Render = (page: ErrorPage) => { html: string; headers: Readonly<Record<string, string>> };

/**
 * Every failure has a stable code and a public sentence; what only we may know goes to the log.
 * Programs read it as JSON, people who opened an address as a page.
 */
export function errorHandlers(app: FastifyInstance, render: Render): void {
  app.setNotFoundHandler((request, reply) =>
    answer(
      { status: 404, code: 'NOT_FOUND', message: 'There is nothing at this address.' },
      request,
      reply,
      render,
    ),
  );
  app.setErrorHandler((error: FastifyError | DomainError, request, reply) =>
    answer(faultOf(error, request), request, reply, render),
  );
}

function answer(fault: Fault, request: FastifyRequest, reply: FastifyReply, render: Render) {
  const { status, code, message } = fault;
  const body = errorBody(request, code, message);
  reply.code(status);
  if (!isNavigation(request)) return reply.send(body);
  const { correlationId } = body.error;
  const page = render({ page: 'error', realm: null, code, message, correlationId });
  return reply.header('x-correlation-id', correlationId).headers(page.headers).send(page.html);
}

/** Whether a person opened the address in a browser; scripts ask for anything, or for JSON. */
const isNavigation = ({ method, headers }: FastifyRequest): boolean =>
  method === 'GET' && /\btext\/html\b/.test(headers.accept ?? '');

function faultOf(error: FastifyError | DomainError, request: FastifyRequest): Fault {
  if (error instanceof DomainError)
    return { status: STATUS[error.kind], code: error.code, message: error.message };
  const status = error.statusCode ?? 500;
  if (status === 429)
    return { status, code: 'RATE_LIMITED', message: 'Too many requests. Wait a minute, then try again.' };
  if (status < 500) return { status, code: 'INVALID_INPUT', message: 'The request could not be read.' };
  request.log.error({ err: error }, 'request failed');
  return { status: 500, code: 'INTERNAL', message: 'Something went wrong on our side.' };
}
