import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { startEmbedded } from './embedded.js';
import { createPool } from './pool.js';

const dataDir = mkdtempSync(join(tmpdir(), 'keyrealm-embedded-'));
const start = () => startEmbedded({ dataDir, log: () => undefined });

async function query(url: string, sql: string): Promise<unknown[]> {
  const pool = createPool(url, { max: 1, onIdleError: () => undefined });
  try {
    return (await pool.query(sql)).rows;
  } finally {
    await pool.end();
  }
}

describe('embedded database', () => {
  afterAll(() => rmSync(dataDir, { recursive: true, force: true }));

  it('keeps what was written over a stop and a new start', async () => {
    const first = await start();
    await query(first.url, 'create table kept (n int); insert into kept values (7)');
    await first.stop();
    const second = await start();
    expect(await query(second.url, 'select n from kept')).toEqual([{ n: 7 }]);
    await second.stop();
  });

  it('ends a database that outlived its owner and opens it again', async () => {
    const first = await start();
    rmSync(join(dataDir, 'keyrealm.pid'));
    const second = await start();
    expect(second.owned).toBe(true);
    expect(await query(second.url, 'select n from kept')).toEqual([{ n: 7 }]);
    await first.stop();
    await second.stop();
  });

  it('refuses a connection without the password of the data directory', async () => {
    const running = await start();
    const stranger = new URL(running.url);
    stranger.password = 'guess';
    await expect(query(stranger.href, 'select 1')).rejects.toThrow(/password/);
    await running.stop();
  });
});
