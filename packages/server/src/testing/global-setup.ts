import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestProject } from 'vitest/node';
import { startEmbedded } from '../database/embedded.js';
import { migrate } from '../database/migrate.js';
import { createPool } from '../database/pool.js';

declare module 'vitest' {
  export interface ProvidedContext {
    /** A server with the database `template`, migrated once, that each test file clones. */
    databaseUrl: string;
  }
}

const FAST = ['fsync=off', 'synchronous_commit=off', 'full_page_writes=off', 'max_connections=200'];

export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const dir = mkdtempSync(join(tmpdir(), 'keyrealm-test-'));
  const server = await startEmbedded({ dataDir: dir, settings: FAST, log: () => undefined });
  const admin = createPool(server.url, { max: 1, onIdleError: () => undefined });
  await admin.query('create database template');
  await admin.end();
  const template = createPool(databaseNamed(server.url, 'template'), {
    max: 1,
    onIdleError: () => undefined,
  });
  await migrate(template);
  await template.query(
    'select ensure_events_partition((now() at time zone $1)::date + n) from generate_series(-1, 2) n',
    ['UTC'],
  );
  await template.end();
  project.provide('databaseUrl', server.url);
  return async () => {
    await server.stop();
    rmSync(dir, { recursive: true, force: true });
  };
}

const databaseNamed = (url: string, name: string): string => {
  const named = new URL(url);
  named.pathname = `/${name}`;
  return named.href;
};
