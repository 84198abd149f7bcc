import { Kysely, PostgresDialect, type PostgresPool, type PostgresPoolClient } from 'kysely';
import pg from 'pg';
import type { Database } from './schema.js';

const INT8 = 20;

/**
 * @param onIdleError told of a connection that broke while nobody used it, which must not end the process
 */
export function createPool(
  url: string,
  options: { max: number; onIdleError: (error: Error) => void },
): pg.Pool {
  const types: pg.CustomTypesConfig = {
    getTypeParser: (oid: number, format?: 'text' | 'binary') =>
      oid === INT8 ? safeInteger : pg.types.getTypeParser(oid, format as 'text'),
  };
  const pool = new pg.Pool({
    connectionString: url,
    max: options.max,
    application_name: 'keyrealm',
    connectionTimeoutMillis: 10_000,
    statement_timeout: 30_000,
    idle_in_transaction_session_timeout: 60_000,
    types,
  });
  pool.on('error', options.onIdleError);
  // Of a connection in use its statement tells; an error that nobody listens to would end the process.
  pool.on('connect', (client) => client.on('error', () => undefined));
  return pool;
}

/** @param sent told of each statement, for tests that count them */
export const createDatabase = (pool: pg.Pool, sent?: () => void): Kysely<Database> =>
  new Kysely<Database>({
    dialect: new PostgresDialect({ pool: preparing(pool) }),
    ...(sent ? { log: sent } : {}),
  });

/** Statements that are prepared by name, so that the server parses and plans each once a connection. */
const PREPARED_AT_MOST = 400;
const names = new Map<string, string>();

function nameOf(text: string): string | undefined {
  const known = names.get(text);
  if (known !== undefined || names.size >= PREPARED_AT_MOST) return known;
  const name = `kr${names.size}`;
  names.set(text, name);
  return name;
}

/** Where the best plan depends on what is asked for: such a statement begins with it and is planned every time. */
export const PLANNED_FOR_ITS_VALUES = '/* planned for its values */';

/** A list of a thousand ids is another statement for every length: only what comes again is worth a name. */
const isSteady = (text: string): boolean =>
  text.length < 4000 && !text.includes('$40') && !text.startsWith(PLANNED_FOR_ITS_VALUES);

/** The pool as the query builder sees it: the same connections, whose statements have names. */
function preparing(pool: pg.Pool): PostgresPool {
  return {
    options: pool.options,
    end: () => pool.end(),
    connect: async () => named(await pool.connect()),
  };
}

const wrapped = new WeakMap<pg.PoolClient, PostgresPoolClient>();

function named(client: pg.PoolClient): PostgresPoolClient {
  const query = (text: string, values: readonly unknown[]) => {
    const name = values.length > 0 && isSteady(text) ? nameOf(text) : undefined;
    return client.query({ text, values: [...values], ...(name === undefined ? {} : { name }) });
  };
  const made = wrapped.get(client) ?? {
    release: () => client.release(),
    query: query as unknown as PostgresPoolClient['query'],
  };
  wrapped.set(client, made);
  return made;
}

function safeInteger(text: string): number {
  const value = Number(text);
  if (!Number.isSafeInteger(value)) throw new Error(`${text} does not fit a number`);
  return value;
}
