import { ApolloServer, type ApolloServerPlugin } from '@apollo/server';
import { unwrapResolverError } from '@apollo/server/errors';
import { fastifyApolloHandler } from '@as-integrations/fastify';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { GraphQLError, type GraphQLFormattedError, type GraphQLSchema } from 'graphql';
import type { Ctx } from '../../kernel/context.js';
import { DomainError } from '../../kernel/errors.js';
import type { Services } from '../../services.js';
import { createGraphContext, type GraphContext } from './context.js';
import { limits } from './limits.js';

interface Options {
  readonly schema: GraphQLSchema;
  readonly services: Services;
  authenticate(request: FastifyRequest): Promise<Ctx>;
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

/** POST /graphql. */
export async function graphqlPlugin(app: FastifyInstance, options: Options): Promise<void> {
  const server = new ApolloServer<GraphContext>({
    schema: options.schema,
    introspection: true,
    csrfPrevention: true,
    includeStacktraceInErrorResponses: false,
    validationRules: [limits({ depth: 12, cost: 50_000 })],
    plugins: [requestIds()],
    formatError: (formatted, error) => present(app, formatted, error),
  });
  await server.start();
  app.addHook('onClose', async () => server.stop());
  app.route({
    method: 'POST',
    url: '/graphql',
    handler: fastifyApolloHandler(server, {
      context: async (request) => createGraphContext(await options.authenticate(request), options.services),
    }),
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

/** Only errors of ours and of the request keep their message; the rest is logged and masked. */
function present(
  app: FastifyInstance,
  formatted: GraphQLFormattedError,
  error: unknown,
): GraphQLFormattedError {
  const original = unwrapResolverError(error);
  if (original instanceof DomainError)
    return {
      ...formatted,
      message: original.message,
      extensions: { code: CODES[original.kind], ...(original.path ? { path: original.path } : {}) },
    };
  if (original instanceof GraphQLError && formatted.extensions?.code !== 'INTERNAL_SERVER_ERROR')
    return formatted;
  app.log.error({ err: original }, 'graphql request failed');
  return { message: 'Something went wrong on our side.', extensions: { code: 'INTERNAL' } };
}
