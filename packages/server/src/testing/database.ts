import type { Kysely } from 'kysely';
import type pg from 'pg';
import { inject } from 'vitest';
import { createDatabase, createPool } from '../database/pool.js';
import type { Database } from '../database/schema.js';
import { newId } from '../kernel/ids.js';

export interface TestDatabase {
  readonly url: string;
  readonly pool: pg.Pool;
  readonly db: Kysely<Database>;
  /** How many statements were sent so far. */
  statements(): number;
  drop(): Promise<void>;
}

/** A database of its own for a test file: a clone of the migrated template. */
export async function createTestDatabase(connections = 12): Promise<TestDatabase> {
  const server = inject('databaseUrl');
  const name = `test_${newId().replaceAll('-', '')}`;
  await asAdmin(server, `create database ${name} template template`);
  const url = new URL(server);
  url.pathname = `/${name}`;
  const pool = createPool(url.href, { max: connections, onIdleError: () => undefined });
  let sent = 0;
  const db = createDatabase(pool, () => {
    sent += 1;
  });
  return {
    url: url.href,
    pool,
    db,
    statements: () => sent,
    drop: async () => {
      await pool.end();
      await asAdmin(server, `drop database ${name} with (force)`);
    },
  };
}

async function asAdmin(server: string, sql: string): Promise<void> {
  const admin = createPool(server, { max: 1, onIdleError: () => undefined });
  try {
    await admin.query(sql);
  } finally {
    await admin.end();
  }
}
