import { ApolloServer, type ApolloServerPlugin } from '@apollo/server';
import { unwrapResolverError } from '@apollo/server/errors';
import { fastifyApolloHandler } from '@as-integrations/fastify';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { GraphQLError, type GraphQLFormattedError, type GraphQLSchema } from 'graphql';
import type { Ctx, RequestFacts } from '../../kernel/context.js';
import { DomainError } from '../../kernel/errors.js';
import type { Services } from '../../services.js';
import { createGraphContext, type GraphContext } from './context.js';
import { limits } from './limits.js';

interface Options {
  readonly schema: GraphQLSchema;
  readonly services: Services;
  /** @throws DomainError UNAUTHENTICATED for a token that is not good */
  authenticate(request: FastifyRequest): Promise<Ctx>;
  factsOf(request: FastifyRequest): RequestFacts;
}

const CODES: Readonly<Record<DomainError['kind'], string>> = {
  invalid: 'INVALID_INPUT',
  conflict: 'CONFLICT',
  precondition: 'PRECONDITION_FAILED',
  not_found: 'NOT_FOUND',
  unauthenticated: 'UNAUTHENTICATED',
  forbidden: 'FORBIDDEN',
  rate_limited: 'RATE_LIMITED',
  internal: 'INTERNAL',
};

/** Who asks, found out before the engine sees the request, so that a bad token is a plain 401. */
const callers = new WeakMap<FastifyRequest, Ctx>();

function callerOf(request: FastifyRequest): Ctx {
  const ctx = callers.get(request);
  if (!ctx) throw new Error('a request came past authentication');
  return ctx;
}

/** POST /graphql. */
export async function graphqlPlugin(app: FastifyInstance, options: Options): Promise<void> {
  const server = new ApolloServer<GraphContext>({
    schema: options.schema,
    introspection: true,
    csrfPrevention: true,
    includeStacktraceInErrorResponses: false,
    // It would end the process before the requests in flight are answered.
    stopOnTerminationSignals: false,
    parseOptions: { maxTokens: 5_000 },
    validationRules: [limits({ depth: 12, cost: 50_000 })],
    plugins: [requestIds()],
    formatError: (formatted, error) => present(app, formatted, error),
  });
  await server.start();
  app.addHook('onClose', async () => server.stop());
  const handler = fastifyApolloHandler(server, {
    context: async (request) =>
      createGraphContext(callerOf(request), options.services, (error) =>
        request.log.error({ err: error }, 'one of many failed'),
      ),
  });
  app.setErrorHandler((error, request, reply) => {
    if (!(error instanceof DomainError)) throw error;
    const { requestId } = options.factsOf(request);
    return reply
      .code(401)
      .header('www-authenticate', 'Bearer error="invalid_token"')
      .send({
        errors: [{ message: error.message, extensions: { code: CODES[error.kind] } }],
        extensions: { requestId },
      });
  });
  app.route({
    method: 'POST',
    url: '/graphql',
    preHandler: async (request) => {
      callers.set(request, await options.authenticate(request));
    },
    handler,
  });
}

function requestIds(): ApolloServerPlugin<GraphContext> {
  return {
    requestDidStart: async () => ({
      willSendResponse: async ({ response, contextValue }) => {
        if (response.body.kind !== 'single') return;
        response.body.singleResult.extensions = {
          ...response.body.singleResult.extensions,
          requestId: contextValue.ctx.requestId,
        };
      },
    }),
  };
}

/** What the database can't hold or read as what it should be: U+0000, an id that is none. */
const UNUSABLE = new Set(['22021', '22P02', '22P05']);

const isUnusable = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && UNUSABLE.has(String(error.code));

/** Only errors of ours and of the request keep their message; the rest is logged and masked. */
function present(
  app: FastifyInstance,
  formatted: GraphQLFormattedError,
  error: unknown,
): GraphQLFormattedError {
  const original = unwrapResolverError(error);
  if (isUnusable(original))
    return { message: 'A value in the request can’t be used.', extensions: { code: 'INVALID_INPUT' } };
  if (original instanceof DomainError)
    return {
      ...formatted,
      message: original.message,
      extensions: { code: CODES[original.kind], ...(original.path ? { path: original.path } : {}) },
    };
  // Apollo gives every failed validation one code; a query that is valid and too large deserves its own.
  if (formatted.extensions?.tooLarge === true)
    return { message: formatted.message, extensions: { code: 'QUERY_TOO_LARGE' } };
  if (original instanceof GraphQLError && formatted.extensions?.code !== 'INTERNAL_SERVER_ERROR')
    return formatted;
  app.log.error({ err: original }, 'graphql request failed');
  return { message: 'Something went wrong on our side.', extensions: { code: 'INTERNAL' } };
}
