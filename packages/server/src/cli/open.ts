import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type pg from 'pg';
import type { Config } from '../config.js';
import { type EmbeddedDatabase, startEmbedded } from '../database/embedded.js';
import { migrate } from '../database/migrate.js';
import { createDatabase, createPool } from '../database/pool.js';
import type { Actor, RequestFacts } from '../kernel/context.js';
import { newId, newSecret } from '../kernel/ids.js';
import { createVault, type Vault } from '../kernel/vault.js';
import { createServices, type Services } from '../services.js';

export interface Opened {
  readonly services: Services;
  readonly vault: Vault;
  readonly pool: pg.Pool;
  close(): Promise<void>;
}

interface Options {
  readonly connections: number;
  readonly log: (line: string) => void;
  readonly onIdleError?: (error: Error) => void;
}

export const OPERATOR: Actor = { kind: 'SYSTEM', displayName: 'Operator' };

export const commandFacts = (): RequestFacts => ({
  requestId: newId(),
  correlationId: newId(),
  ip: null,
  userAgent: 'keyrealm command',
});

/** The database, brought up to date, with every service on it; beside a running server or without one. */
export async function open(config: Config, options: Options): Promise<Opened> {
  const embedded = config.database.kind === 'embedded' ? await startOwn(config, options) : undefined;
  const url = config.database.kind === 'server' ? config.database.url : (embedded?.url ?? '');
  const pool = createPool(url, {
    max: options.connections,
    onIdleError: options.onIdleError ?? (() => undefined),
  });
  const close = async (): Promise<void> => {
    await pool.end();
    await embedded?.stop();
  };
  try {
    await migrate(pool);
    const vault = createVault(secretOf(config), config.previousSecret);
    const services = createServices({ db: createDatabase(pool), vault, config });
    await services.events.maintain();
    return { services, vault, pool, close };
  } catch (error) {
    await close();
    throw reachable(error, config);
  }
}

function startOwn(config: Config, options: Options): Promise<EmbeddedDatabase> {
  mkdirSync(config.dataDir, { recursive: true });
  return startEmbedded({ dataDir: config.dataDir, log: options.log });
}

/** Made once and kept beside the database that it protects, readable by its owner alone. */
function secretOf(config: Config): string {
  if (config.secret !== undefined) return config.secret;
  const file = join(config.dataDir, 'secret');
  try {
    writeFileSync(file, newSecret(), { mode: 0o600, flag: 'wx' });
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
  }
  return readFileSync(file, 'utf8').trim();
}

function reachable(error: unknown, config: Config): unknown {
  const refused =
    error instanceof Error && 'code' in error && ['ECONNREFUSED', 'ENOTFOUND'].includes(String(error.code));
  if (!refused || config.database.kind !== 'server') return error;
  return new Error('The database of DATABASE_URL does not answer.', { cause: error });
}

/** Opens for one piece of work, with few connections, and closes whatever happens. */
export async function withServices<T>(config: Config, work: (opened: Opened) => Promise<T>): Promise<T> {
  const opened = await open(config, { connections: 4, log: () => undefined });
  try {
    return await work(opened);
  } finally {
    await opened.close();
  }
}
