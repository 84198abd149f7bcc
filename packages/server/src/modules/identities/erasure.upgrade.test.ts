import { cpSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { MIGRATIONS, migrate } from '../../database/migrate.js';
import { createDatabase, createPool } from '../../database/pool.js';
import { newId } from '../../kernel/ids.js';
import { createVault } from '../../kernel/vault.js';
import { createServices, type Services } from '../../services.js';
import { facts, machineOf } from '../../testing/app.js';
import type { CreatedTenant } from '../tenants/tenants.service.js';

describe('the upgrade that brings erasure', () => {
  const name = `upgrade_${newId().replaceAll('-', '')}`;
  const older = mkdtempSync(join(tmpdir(), 'keyrealm-migrations-'));
  const admin = createPool(inject('databaseUrl'), { max: 1, onIdleError: () => undefined });
  const url = new URL(inject('databaseUrl'));
  url.pathname = `/${name}`;
  const pool = createPool(url.href, { max: 4, onIdleError: () => undefined });
  let services: Services;
  let tenant: CreatedTenant;

  const rows = async (sql: string) => (await pool.query<Record<string, unknown>>(sql)).rows;

  beforeAll(async () => {
    for (const file of readdirSync(MIGRATIONS).filter((each) => !each.startsWith('0015-')))
      cpSync(join(MIGRATIONS, file), join(older, file));
    await admin.query(`create database ${name}`);
    await migrate(pool, older);
    services = createServices({
      db: createDatabase(pool),
      vault: createVault('a secret of more than thirty-two characters'),
      config: { publicUrl: 'http://localhost:8080' },
    });
    tenant = await services.tenants.create(facts(), { name: 'Old', adminEmail: 'old@example.com' });
    // As the version before made it.
    await rows(`delete from resource_server_scopes where name = 'identities:erase'`);
    await rows(`update applications set allowed_scopes = array_remove(allowed_scopes, 'identities:erase')`);
    await rows(
      `update credential_binding_jobs set target_scopes = array_remove(target_scopes, 'identities:erase')`,
    );
  });
  afterAll(async () => {
    await pool.end();
    await admin.query(`drop database ${name} with (force)`);
    await admin.end();
    rmSync(older, { recursive: true, force: true });
  });

  it('gives tenants that exist the new scope, keeps their links open and salts their events', async () => {
    expect((await migrate(pool)).applied).toEqual(['0015-erasure.sql']);
    const has = async (sql: string) => (await rows(`select count(*)::int as n from ${sql}`))[0]?.n;
    expect(await has(`resource_server_scopes where name = 'identities:erase'`)).toBe(1);
    expect(await has(`role_scopes where scope = 'identities:erase'`)).toBe(1);
    expect(await has(`applications where 'identities:erase' = any (allowed_scopes)`)).toBe(2);
    expect(await has('events where actor_salt is null or subject_salt is null or data_salt is null')).toBe(0);
    expect(await has('events')).toBeGreaterThan(3);
    const realm = await services.realms.enter(machineOf(tenant, ['realms:read']), tenant.adminRealmId);
    const opened = await services.registration.open(realm, { token: tenant.bindingLink.split('#token=')[1] });
    expect(opened.result).toBe('open');
  });
});
