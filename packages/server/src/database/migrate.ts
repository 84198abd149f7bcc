import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type pg from 'pg';

interface Migration {
  readonly name: string;
  readonly sql: string;
  readonly checksum: string;
}

export const MIGRATIONS = fileURLToPath(new URL('../../migrations', import.meta.url));

const LOCK = 7_210_394_421;

/**
 * Brings the database forward: each file of the folder in order, in a transaction of its own, under one lock so that
 * several nodes can start at once.
 * @throws Error when an applied migration was changed, or the database is newer than this version
 */
export async function migrate(pool: pg.Pool, dir = MIGRATIONS): Promise<{ applied: string[] }> {
  const client = await pool.connect();
  try {
    await client.query('select pg_advisory_lock($1)', [LOCK]);
    try {
      await client.query(
        'create table if not exists schema_migrations (name text primary key, checksum text not null, applied_at timestamptz not null default now())',
      );
      const applied: string[] = [];
      for (const migration of await pendingOf(client, await readMigrations(dir))) {
        await apply(client, migration);
        applied.push(migration.name);
      }
      return { applied };
    } finally {
      await client.query('select pg_advisory_unlock($1)', [LOCK]);
    }
  } finally {
    client.release();
  }
}

/** Names of the migrations that are still to run; for readiness. */
export async function pendingMigrations(pool: pg.Pool, dir = MIGRATIONS): Promise<string[]> {
  const client = await pool.connect();
  try {
    return (await pendingOf(client, await readMigrations(dir))).map(({ name }) => name);
  } finally {
    client.release();
  }
}

async function readMigrations(dir: string): Promise<Migration[]> {
  const names = (await readdir(dir)).filter((name) => /^\d{4}-[a-z0-9-]+\.sql$/.test(name)).sort();
  return Promise.all(
    names.map(async (name) => {
      const sql = await readFile(join(dir, name), 'utf8');
      return { name, sql, checksum: createHash('sha256').update(sql).digest('hex') };
    }),
  );
}

async function pendingOf(client: pg.PoolClient, migrations: Migration[]): Promise<Migration[]> {
  const result = await client.query<{ name: string; checksum: string }>(
    'select name, checksum from schema_migrations',
  );
  const applied = new Map(result.rows.map((row) => [row.name, row.checksum]));
  for (const migration of migrations) {
    const checksum = applied.get(migration.name);
    if (checksum !== undefined && checksum !== migration.checksum)
      throw new Error(`The migration ${migration.name} was changed after it had been applied.`);
  }
  const known = new Set(migrations.map(({ name }) => name));
  const newer = [...applied.keys()].filter((name) => !known.has(name));
  if (newer.length > 0)
    throw new Error(`The database is newer than this version of Keyrealm (it has ${newer.join(', ')}).`);
  return migrations.filter(({ name }) => !applied.has(name));
}

async function apply(client: pg.PoolClient, migration: Migration): Promise<void> {
  await client.query('begin');
  try {
    await client.query(migration.sql);
    await client.query('insert into schema_migrations (name, checksum) values ($1, $2)', [
      migration.name,
      migration.checksum,
    ]);
    await client.query('commit');
  } catch (error) {
    await client.query('rollback');
    throw new Error(
      `The migration ${migration.name} failed: ${error instanceof Error ? error.message : error}`,
      {
        cause: error,
      },
    );
  }
}
